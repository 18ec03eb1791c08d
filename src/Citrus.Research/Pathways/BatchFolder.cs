using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Citrus.Research.Experts;

namespace Citrus.Research.Pathways;

/// <summary>The files of a batch. Names come from us alone: nothing that a file or a server says is ever a path.</summary>
internal sealed class BatchFolder(string root)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Root => root;

    public string Questions => Path.Combine(root, "questions.jsonl");

    public string Replies => Path.Combine(root, "replies.jsonl");

    public string Failures => Path.Combine(root, "failures.jsonl");

    public string Problems => Path.Combine(root, "problems.jsonl");

    public string Traces => Path.Combine(root, "traces.jsonl");

    public string Input(BatchJob job) => Path.Combine(Rounds, job.Name + ".input.jsonl");

    public string Output(BatchJob job) => Path.Combine(Rounds, job.Name + ".output.jsonl");

    public string Errors(BatchJob job) => Path.Combine(Rounds, job.Name + ".errors.jsonl");

    private string Rounds => Path.Combine(root, "rounds");

    private string Plan => Path.Combine(root, "batch.json");

    /// <exception cref="InvalidDataException">It is there, but broken or of another version.</exception>
    public BatchPlan? ReadPlan() => File.Exists(Plan) ? Read<BatchPlan>(Plan) is { Format: 1 } plan ? plan
        : throw new InvalidDataException($"{Plan} is of another format than 1, which this version writes. Give another folder with --out.") : null;

    public void Write(BatchPlan plan) => WriteAtomically(Plan, JsonSerializer.SerializeToUtf8Bytes(plan, Indented));

    /// <summary>The last round that was begun, or null.</summary>
    public BatchRound? ReadLastRound()
    {
        var last = 0;
        while (File.Exists(Ids(last + 1))) last++;
        return last == 0 ? null : Read<BatchRound>(Ids(last));
    }

    public void Write(BatchRound round)
    {
        Directory.CreateDirectory(Rounds);
        WriteAtomically(Ids(round.Number), JsonSerializer.SerializeToUtf8Bytes(round, Indented));
    }

    public void WriteInput(BatchJob job, IEnumerable<byte[]> lines)
    {
        Directory.CreateDirectory(Rounds);
        WriteAtomically(Input(job), [.. lines]);
    }

    public void WriteProblems(IEnumerable<byte[]> lines) => WriteAtomically(Problems, [.. lines]);

    /// <summary>How many lines a file of ours has, and how many of them fulfil a condition; readable while another process writes it.</summary>
    public static (int Lines, int Fulfil) Count(string path, Func<JsonElement, bool>? condition = null)
    {
        var (lines, fulfil) = (0, 0);
        if (!File.Exists(path)) return (0, 0);
        foreach (var (_, line) in BatchLines.Read(path))
        {
            try
            {
                using var json = JsonDocument.Parse(line ?? []);
                lines++;
                if (condition?.Invoke(json.RootElement) == true) fulfil++;
            }
            catch (JsonException)
            {
                // The last line, which is just being written.
            }
        }

        return (lines, fulfil);
    }

    private static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Indented) ?? throw new JsonException("it says null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is damaged ({e.Message}). Mend it, or begin in another folder with --out.", e);
        }
    }

    private static void WriteAtomically(string path, params ReadOnlySpan<byte[]> parts)
    {
        var temporary = path + ".tmp";
        using (var file = File.Create(temporary))
        {
            foreach (var part in parts) file.Write(part);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private string Ids(int round) => Path.Combine(Rounds, NameOf(round) + ".ids.json");

    public static string NameOf(int round) => "round-" + round.ToString("D3", CultureInfo.InvariantCulture);
}
