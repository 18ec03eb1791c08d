using System.Globalization;
using System.Text;
using Citrus.Research.Questions;
using Parquet;

namespace Citrus.Research.Examples.Corpora;

/// <summary>Streams the documents of a source: a file, or a folder of files in the order of their names. One record, paragraph or Parquet row group is in memory at a time.</summary>
public static class CorpusReader
{
    private const long MostRows = 1 << 26;
    private const long MostWholeBytes = 64L << 20;

    private static readonly string[] Kinds = [".jsonl", ".json", ".parquet", ".txt", ".md"];

    /// <summary>The documents in order; ids are the file's, or tell file and place.</summary>
    /// <exception cref="QuestionFormatException">A file cannot be read; the message names file, line and field.</exception>
    public static IEnumerable<Passage> Read(CorpusSource source)
    {
        if (!Directory.Exists(source.Path)) return ReadFile(source, source.Path);
        var files = Directory.EnumerateFiles(source.Path, "*", SearchOption.AllDirectories).Where(f => Kinds.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files.SelectMany(f => ReadFile(source, f)) : throw new QuestionFormatException(source.Path, 0, "", $"the folder holds no file that ends in {string.Join(", ", Kinds)}.");
    }

    private static IEnumerable<Passage> ReadFile(CorpusSource source, string file)
    {
        var named = Path.GetFileName(file);
        return Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".jsonl" or ".json" => JsonArrayFiles.Read(file).Select(r => new Passage(r.TryId() is { } id ? id : string.Create(CultureInfo.InvariantCulture, $"{named}:{r.Number}"), Text(r, source.Field))),
            ".parquet" => Column(file, source.Field),
            _ when source.WholeFiles => Whole(file),
            _ => ExampleFiles.ReadPassages(file).Select(p => p with { Id = $"{named}:{p.Id.Replace("line ", "", StringComparison.Ordinal)}" }),
        };
    }

    private static string Text(QuestionLine record, string field) =>
        record.Try(field, out _) ? record.TryText(field) ?? "" : throw record.Error(field, $"no such field; here are {string.Join(", ", record.Fields.Take(20))}. Name the one that holds the text.");

    private static IEnumerable<Passage> Whole(string file)
    {
        if (!File.Exists(file)) throw new QuestionFormatException(file, 0, "", "no such file.");
        if (new FileInfo(file).Length > MostWholeBytes) throw new QuestionFormatException(file, 0, "", $"one document of more than {MostWholeBytes >> 20} MiB; read its paragraphs instead.");
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file));
        }
        catch (DecoderFallbackException e)
        {
            throw new QuestionFormatException(file, 0, "", "not UTF-8; save the file as UTF-8.", e);
        }

        yield return new Passage(Path.GetFileName(file), text);
    }

    private static IEnumerable<Passage> Column(string file, string field)
    {
        if (!File.Exists(file)) throw new QuestionFormatException(file, 0, "", "no such file.");
        var reader = Guarded(file, field, () => ParquetReader.CreateAsync(file).GetAwaiter().GetResult());
        try
        {
            var column = reader.Schema.GetDataFields().FirstOrDefault(f => f.Path.ToString() == field) ?? throw new QuestionFormatException(file, 0, field, $"no such column; here are {string.Join(", ", reader.Schema.GetDataFields().Take(20).Select(f => f.Path.ToString()))}.");
            if (column.MaxRepetitionLevel > 0) throw new QuestionFormatException(file, 0, field, "a column of texts is needed, one a row.");
            var row = 0L;
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                var texts = Guarded(file, field, () =>
                {
                    using var rows = reader.OpenRowGroupReader(group);
                    if (rows.RowCount is < 0 or > MostRows) throw new QuestionFormatException(file, 0, field, $"a row group of {rows.RowCount} rows; at most {MostRows} are read at once.");
                    var values = new string?[rows.RowCount];
                    rows.ReadAsync(column, values.AsMemory()).AsTask().GetAwaiter().GetResult();
                    return values;
                });
                foreach (var text in texts) yield return new Passage(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}:{++row}"), text ?? "");
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static T Guarded<T>(string file, string field, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (QuestionFormatException or OutOfMemoryException))
        {
            throw new QuestionFormatException(file, 0, field, $"not a Parquet file with a column of texts that can be read ({e.Message})", e);
        }
    }
}
