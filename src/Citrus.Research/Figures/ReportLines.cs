using System.Text;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Figures;

/// <summary>The records of a JSON Lines file that may still be written to: read only, bounded, a torn last line told and left out.</summary>
internal static class ReportLines
{
    /// <param name="path">The file.</param>
    /// <param name="json">How a record is read.</param>
    /// <param name="budget">What may be read.</param>
    /// <param name="check">What is wrong with a record that could be read, or null.</param>
    /// <param name="problems">Gets a sentence where the last line is torn.</param>
    /// <exception cref="InvalidDataException">A line is too long, no record or a wrong one; the message names file and line.</exception>
    public static List<T> Read<T>(string path, JsonSerializerOptions json, ReportBudget budget, Func<T, string?> check, ICollection<string> problems)
        where T : class
    {
        using var stream = budget.Open(path);
        var records = new List<T>();
        foreach (var (bytes, number, whole) in ByteLines.Read(stream, budget.Options.MaximumLineBytes, at => new InvalidDataException($"{path}, line {at}: longer than {budget.Options.MaximumLineBytes >> 20} MiB; is this JSON Lines, one record a line?")))
            Take(bytes.Span, number, whole);
        return records;

        void Take(ReadOnlySpan<byte> line, int number, bool whole)
        {
            if (number == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
            if (line.Trim(" \r\t"u8).IsEmpty) return;
            try
            {
                var record = JsonSerializer.Deserialize<T>(line, json) ?? throw new JsonException("null is no record");
                if (check(record) is { } wrong) throw new InvalidDataException($"{path}, line {number}: {wrong}");
                records.Add(record);
            }
            catch (JsonException) when (!whole)
            {
                problems.Add($"{Path.GetFileName(path)}, line {number}: the last line is torn (the run was stopped or is still writing) and left out.");
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
            {
                throw new InvalidDataException($"{path}, line {number}: not a {typeof(T).Name} ({e.Message}). It begins '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)])}'.", e);
            }
        }
    }
}
