using System.Text;
using System.Text.Json;
using Citrus.Research.Experts;

namespace Citrus.Research.Evaluation;

/// <summary>The records of a JSON array or of JSON Lines, one at a time. A broken line is told and passed over; a broken array ends where it breaks, and that is told.</summary>
internal static class PredictionRecords
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is longer than any record can be.</exception>
    public static IReadOnlyList<(int Number, JsonElement Record)> Read(string path, List<EvaluationProblem> problems)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        var records = new List<(int, JsonElement)>();
        if (IsArray(path)) ReadArray(path, records, problems);
        else ReadLines(path, records, problems);
        return records;
    }

    private static bool IsArray(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4096];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var text = start[..read];
        return (text.StartsWith("\uFEFF"u8) ? text[3..] : text).TrimStart(" \r\n\t"u8) is [(byte)'[', ..];
    }

    private static void ReadArray(string path, List<(int, JsonElement)> records, List<EvaluationProblem> problems)
    {
        using var file = File.OpenRead(path);
        Span<byte> mark = stackalloc byte[3];
        if (file.ReadAtLeast(mark, 3, throwOnEndOfStream: false) < 3 || !mark.SequenceEqual("\uFEFF"u8)) file.Position = 0;
        try
        {
            foreach (var record in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(file).ToBlockingEnumerable()) Add(path, "record", records.Count + problems.Count + 1, record, records, problems);
        }
        catch (JsonException error)
        {
            problems.Add(new(EvaluationProblemKind.Unreadable, "", records.Count + 1, $"{path}: not JSON from record {records.Count + 1} on ({error.Message}); what follows could not be read."));
        }
    }

    private static void ReadLines(string path, List<(int, JsonElement)> records, List<EvaluationProblem> problems)
    {
        var (end, last) = (0L, 0);
        void Line(int number, ReadOnlySpan<byte> line)
        {
            if (number == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
            if (line.Trim(" \r\n\t"u8).IsEmpty) return;
            try
            {
                var reader = new Utf8JsonReader(line);
                Add(path, "line", number, JsonElement.ParseValue(ref reader), records, problems);
            }
            catch (JsonException error)
            {
                problems.Add(new(EvaluationProblemKind.Unreadable, "", number, $"{path}, line {number}: not JSON ({error.Message}): '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)])}'"));
            }
        }

        AppendOnlyFile.ReadLines(path, (number, start, line) =>
        {
            (end, last) = (start + line.Length + 1, number);
            Line(number, line);
        });

        // Other people's last line may have no line end.
        using var file = File.OpenRead(path);
        if (file.Length <= end) return;
        file.Position = end;
        var rest = new byte[file.Length - end];
        file.ReadExactly(rest);
        var blank = rest.AsSpan().TrimStart("\r\n\t "u8);
        Line(last + 1 + rest.AsSpan(0, rest.Length - blank.Length).Count((byte)'\n'), blank);
    }

    private static void Add(string path, string what, int number, JsonElement record, List<(int, JsonElement)> records, List<EvaluationProblem> problems)
    {
        if (record.ValueKind == JsonValueKind.Object) records.Add((number, record));
        else problems.Add(new(EvaluationProblemKind.Unreadable, "", number, $"{path}, {what} {number}: an object is needed, not {record.ValueKind}."));
    }
}
