using System.Buffers;
using System.Text;
using System.Text.Json;

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
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            var (start, filled, number) = (0, 0, 0);
            while (true)
            {
                var end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
                if (end >= 0)
                {
                    Take(buffer.AsSpan(start, end), ++number, whole: true);
                    start += end + 1;
                    continue;
                }

                if (filled - start > budget.Options.MaximumLineBytes) throw TooLong(number + 1);
                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                (start, filled) = (0, filled - start);
                if (filled == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, filled).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = stream.Read(buffer, filled, buffer.Length - filled);
                filled += read;
                if (read > 0) continue;
                Take(buffer.AsSpan(0, filled), ++number, whole: false);
                return records;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        InvalidDataException TooLong(int line) =>
            new($"{path}, line {line}: longer than {budget.Options.MaximumLineBytes >> 20} MiB; is this JSON Lines, one record a line?");

        void Take(ReadOnlySpan<byte> line, int number, bool whole)
        {
            if (number == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
            if (line.Length > budget.Options.MaximumLineBytes) throw TooLong(number);
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
