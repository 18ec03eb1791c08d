using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Citrus.Research.Notebooks;

/// <summary>The files that <c>#load</c> names: relative to the notebook, or to the file that loads them.</summary>
internal sealed class CellSources(string folder) : SourceReferenceResolver
{
    private const long MaxBytes = 16 << 20;
    private readonly SourceFileResolver files = new([], folder);

    /// <summary>Why a file could not be taken, since the last look; the compiler has no words for it.</summary>
    public string? Problem { get; set; }

    public override string? NormalizePath(string path, string? baseFilePath) => files.NormalizePath(path, baseFilePath);

    public override string? ResolveReference(string path, string? baseFilePath) => files.ResolveReference(path.Replace('\\', '/'), baseFilePath);

    public override Stream OpenRead(string resolvedPath) => files.OpenRead(resolvedPath);

    public override SourceText ReadText(string resolvedPath)
    {
        var text = "";
        try
        {
            text = Read(resolvedPath);
            var blank = text.Split('\n').Select((line, i) => line.TrimStart().StartsWith("#!", StringComparison.Ordinal) ? Blank(line, i) : line);
            text = string.Join('\n', blank);
            if (!SourceDepth.IsTooMuch(text)) return SourceText.From(text, Encoding.UTF8);
            Problem ??= $"{Path.GetFileName(resolvedPath)}: brackets nest deeper than {SourceDepth.Most} levels.";
            text = "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem ??= e.Message;
        }

        return SourceText.From(text, Encoding.UTF8);

        string Blank(string line, int index)
        {
            // The first line may tell a shell what runs the file.
            if (index > 0 && line.Trim() is not ("#!csharp" or "#!c#" or "#!C#"))
                Problem ??= $"{Path.GetFileName(resolvedPath)}, line {index + 1}: {line.Trim()} works in cells only, not in a file that is loaded.";
            return "";
        }
    }

    /// <summary>A file's text, within bounds.</summary>
    /// <exception cref="IOException">It is not there or too large.</exception>
    public static string Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new FileNotFoundException($"{path} does not exist.");
        if (file.Length > MaxBytes) throw new IOException($"{path} has {file.Length >> 20} MB; at most {MaxBytes >> 20} MB of source are read.");
        return File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
