using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Files that other trainers read: one JSON array of records, or one record a line.</summary>
internal static class JsonArrayFiles
{
    private const long MaximumBytes = 2L << 30;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    /// <summary>Writes one array; the file appears whole or not at all.</summary>
    public static void Write<T>(string path, IEnumerable<T> records, Action<Utf8JsonWriter, T> fields)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var part = path + ".part";
        try
        {
            using (var stream = File.Create(part))
            {
                using var json = new Utf8JsonWriter(stream, Relaxed);
                json.WriteStartArray();
                foreach (var record in records)
                {
                    json.WriteStartObject();
                    fields(json, record);
                    json.WriteEndObject();
                    json.Flush();
                }

                json.WriteEndArray();
                json.Flush();
                stream.WriteByte((byte)'\n');
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>The records of an array or of JSON Lines, each with its number from 1.</summary>
    /// <exception cref="QuestionFormatException">The file is neither.</exception>
    public static IEnumerable<QuestionLine> Read(string path)
    {
        if (!File.Exists(path)) throw new QuestionFormatException(path, 0, "", "no such file.");
        using var stream = File.OpenRead(path);
        int first;
        do first = stream.ReadByte(); while (first is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF);
        if (first != '[') return QuestionLine.Read(path);
        return stream.Length <= MaximumBytes ? Array(path) : throw new QuestionFormatException(path, 0, "", "a JSON array of more than 2 GiB; write one record a line.");
    }

    private static IEnumerable<QuestionLine> Array(string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new QuestionFormatException(path, (int)Math.Min(int.MaxValue, (e.LineNumber ?? 0) + 1), "", $"not JSON ({e.Message}); a JSON array of records, or one record a line, is needed.", e);
        }

        using (document)
        {
            var number = 0;
            foreach (var record in document.RootElement.EnumerateArray())
                yield return QuestionLine.Parse(string.Create(CultureInfo.InvariantCulture, $"{path} (record)"), ++number, record.GetRawText());
        }
    }
}
