using System.Text.Json;

namespace Citrus.Research.Notebooks.Isolated;

/// <summary>Reads a journal that another process is writing.</summary>
internal sealed class JournalReader(string path) : IDisposable
{
    private readonly MemoryStream rest = new();
    private FileStream? file;

    /// <summary>The entries since the last look; a line that is not whole yet waits for the next.</summary>
    public IReadOnlyList<JournalEntry> Read()
    {
        if (file is null && !File.Exists(path)) return [];
        file ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.CopyTo(rest);
        var bytes = rest.GetBuffer().AsSpan(0, (int)rest.Length);
        var entries = new List<JournalEntry>();
        var start = 0;
        for (var end = bytes.IndexOf((byte)'\n'); end >= 0; end = bytes[start..].IndexOf((byte)'\n'))
        {
            if (JsonSerializer.Deserialize<JournalEntry>(bytes.Slice(start, end), NotebookJson.Compact) is { } entry) entries.Add(entry);
            start += end + 1;
        }

        var left = bytes[start..].ToArray();
        rest.SetLength(0);
        rest.Write(left);
        return entries;
    }

    public void Dispose()
    {
        file?.Dispose();
        rest.Dispose();
    }
}
