using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Studies;

/// <summary>
/// The folder in which finished steps are kept by their id. A record appears by rename, so it is whole or absent;
/// killing a run at any moment costs the steps in flight and nothing else.
/// </summary>
public sealed class RunStore : IDisposable
{
    private const int Format = 1;

    private readonly string _root;
    private readonly string[] _records;
    private readonly FileStream _lock;

    /// <summary>Opens the store, creating it where absent, and holds it for this process alone.</summary>
    /// <param name="root">Folder for records and artifacts (checkpoints).</param>
    /// <param name="records">Further folders that hold records only, e.g. the committed ones of a study.</param>
    /// <exception cref="StudyException">Another process uses the folder, or another version of the program wrote it.</exception>
    public RunStore(string root, params string[] records)
    {
        _root = root;
        _records = [Path.Combine(root, "records"), .. records];
        Directory.CreateDirectory(_records[0]);
        var path = Path.Combine(root, "lock");
        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new StudyException($"{root} is in use by another run ({path} is locked). Wait for it, or give this run another folder with --out.", error);
        }

        try
        {
            CheckFormat();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    private void CheckFormat()
    {
        var path = Path.Combine(_root, "store.json");
        if (!File.Exists(path))
        {
            WriteAtomically(path, $$"""{"format":{{Format}}}""" + "\n");
            return;
        }

        int? found;
        try
        {
            found = (int?)JsonNode.Parse(File.ReadAllText(path))?["format"];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            found = null;
        }

        if (found != Format)
            throw new StudyException($"{path} says format {found?.ToString() ?? "unknown"}, this version writes format {Format}. Move {_root} away or give another folder with --out.");
    }

    /// <summary>The record of a finished step, or null.</summary>
    /// <exception cref="StudyException">The record is there but cannot be read.</exception>
    public StepRecord? Find(StepId step)
    {
        foreach (var folder in _records)
        {
            var path = Path.Combine(folder, step + ".json");
            if (!File.Exists(path)) continue;
            try
            {
                var record = JsonSerializer.Deserialize<StepRecord>(File.ReadAllText(path), StepHash.Json);
                if (record is { Result: not null } && record.Step == step.ToString()) return record;
            }
            catch (JsonException error)
            {
                throw new StudyException($"{path} is damaged ({error.Message}). Delete it; the step will be run again.", error);
            }

            throw new StudyException($"{path} is not the record of {step}. Delete it; the step will be run again.");
        }

        return null;
    }

    /// <summary>The result of a finished step, or null.</summary>
    public T? Result<T>(StepId step) where T : class => Find(step)?.Result.Deserialize<T>(StepHash.Json);

    /// <summary>Keeps a finished step.</summary>
    public StepRecord Keep(StepId step, string name, object inputs, object result, double seconds)
    {
        var record = new StepRecord(step.ToString(), name,
            JsonNode.Parse(StepHash.Canonical(inputs))!,
            JsonSerializer.SerializeToNode(result, result.GetType(), StepHash.Json)!,
            Math.Round(seconds, 3));
        WriteAtomically(Path.Combine(_records[0], step + ".json"), Write(record));
        return record;
    }

    /// <summary>Copies a step's record to another folder, e.g. the one that is committed.</summary>
    public void Publish(StepId step, string folder)
    {
        var record = Find(step) ?? throw new StudyException($"{step} has not finished.");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, step + ".json");
        var text = Write(record);
        if (!File.Exists(path) || File.ReadAllText(path) != text) WriteAtomically(path, text);
    }

    /// <summary>Folder of a step's files, or null where it has none (or only part of them).</summary>
    public string? Artifact(StepId step)
    {
        var folder = Path.Combine(_root, "artifacts", step.ToString());
        return Directory.Exists(folder) ? folder : null;
    }

    /// <summary>Lets <paramref name="build"/> fill a folder and puts it in place under the step's id.</summary>
    public string KeepArtifact(StepId step, Action<string> build)
    {
        var folder = Path.Combine(_root, "artifacts", step.ToString());
        if (Directory.Exists(folder)) return folder;
        var partial = folder + ".partial";
        if (Directory.Exists(partial)) Directory.Delete(partial, true);
        Directory.CreateDirectory(partial);
        build(partial);
        Directory.Move(partial, folder);
        return folder;
    }

    /// <summary>Readings of scored splits that no manifest holds yet.</summary>
    public IReadOnlyList<SplitRead> PendingReads(string purpose) => [.. Pending().Where(r => r.Purpose == purpose)];

    /// <summary>Notes a reading on disk.</summary>
    public void NoteRead(SplitRead read) => WriteReads([.. Pending(), read]);

    /// <summary>Forgets readings that a manifest holds now.</summary>
    public void ClearReads(string purpose) => WriteReads([.. Pending().Where(r => r.Purpose != purpose)]);

    private string ReadsPath => Path.Combine(_root, "reads.jsonl");

    private List<SplitRead> Pending() => File.Exists(ReadsPath) ? [.. File.ReadAllLines(ReadsPath).Select(l => JsonSerializer.Deserialize<SplitRead>(l, StepHash.Json)!)] : [];

    private void WriteReads(IReadOnlyList<SplitRead> reads) => WriteAtomically(ReadsPath, string.Concat(reads.Select(r => JsonSerializer.Serialize(r, StepHash.Json) + "\n")));

    /// <summary>Writes a text so that the file is whole or absent.</summary>
    public static void WriteAtomically(string path, string text)
    {
        var temporary = path + ".tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    private static string Write(StepRecord record) =>
        JsonSerializer.Serialize(record, new JsonSerializerOptions(StepHash.Json) { WriteIndented = true }) + "\n";

    public void Dispose() => _lock.Dispose();
}
