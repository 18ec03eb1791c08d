using System.Text;
using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>
/// An append-only file of one JSON record a line. Killing the writer at any moment costs the record in flight and nothing else: a torn
/// last line (one without its line end) is cut off when the journal is opened again.
/// </summary>
/// <remarks>Appending is safe from several threads; a journal is open in one process at a time.</remarks>
/// <typeparam name="T">The record; written with the given options, so their contract is the file's schema.</typeparam>
public sealed class JsonLinesJournal<T> : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly JsonSerializerOptions _options;

    private JsonLinesJournal(FileStream file, IReadOnlyList<T> records, long dropped, JsonSerializerOptions options) =>
        (_file, Records, DroppedBytes, _options) = (file, records, dropped, options);

    /// <summary>The whole records that were there when the journal was opened, in file order.</summary>
    public IReadOnlyList<T> Records { get; }

    /// <summary>Bytes of the torn last line that was cut off on opening; 0 where there was none.</summary>
    public long DroppedBytes { get; }

    /// <summary>Opens the journal, or begins one (with its folder) where there is none.</summary>
    /// <param name="path">File to append to.</param>
    /// <param name="options">How records are written; web defaults where null. Never indented.</param>
    /// <exception cref="InvalidDataException">A whole line is not a record; the message names the file and the line.</exception>
    public static JsonLinesJournal<T> Open(string path, JsonSerializerOptions? options = null)
    {
        options ??= JsonSerializerOptions.Web;
        if (options.WriteIndented) throw new ArgumentException("A journal holds one record a line: WriteIndented must be off.", nameof(options));
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        // Unbuffered: a record is written whole by one call, and what a full disk refused is not tried again on closing.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            var records = Parse(path, bytes.AsSpan(0, end), options);
            file.SetLength(end);
            file.Position = end;
            return new JsonLinesJournal<T>(file, records, bytes.Length - end, options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends one record and hands it to the operating system before returning.</summary>
    public void Append(T record)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, _options), (byte)'\n'];
        lock (_lock)
        {
            var end = _file.Position;
            try
            {
                _file.Write(line);
                _file.Flush();
            }
            catch (IOException)
            {
                // Half a line (the disk is full) must not stand before the next record.
                _file.SetLength(end);
                _file.Position = end;
                throw;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static List<T> Parse(string path, ReadOnlySpan<byte> bytes, JsonSerializerOptions options)
    {
        var records = new List<T>();
        for (var number = 1; bytes.Length > 0; number++)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = bytes[..end];
            bytes = bytes[(end + 1)..];
            if (line.Trim(" \r\t"u8).IsEmpty) continue;
            try
            {
                records.Add(JsonSerializer.Deserialize<T>(line, options) ?? throw new JsonException("null is not a record"));
            }
            catch (JsonException e)
            {
                throw new InvalidDataException(
                    $"{path}, line {number}: not a {typeof(T).Name} ({e.Message}). Mend or delete the line, or move the file away: "
                    + $"'{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)])}'", e);
            }
        }

        return records;
    }
}
