using System.Globalization;
using System.Text.Json;
using Citrus.Research.Examples.Corpora;
using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Training data as rows of texts: every text of a JSON record, whatever its layout; paragraphs of plain text; a column of a Parquet file; question files.</summary>
public static class TrainingRows
{
    private static readonly string[] Kinds = [".jsonl", ".json", ".parquet", ".txt", ".md", ".xlsx"];

    /// <summary>The files behind a path: the file, or the training files of a folder and those below it, in the order of their names.</summary>
    /// <exception cref="QuestionFormatException">There is none.</exception>
    public static IReadOnlyList<string> Files(string path)
    {
        if (!Directory.Exists(path)) return File.Exists(path) ? [path] : throw new QuestionFormatException(path, 0, "", "no such file.");
        var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => Kinds.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new QuestionFormatException(path, 0, "", $"the folder holds no file that ends in {string.Join(", ", Kinds)}.");
    }

    /// <summary>The rows of a file in file order, streaming.</summary>
    /// <param name="path">A file: .jsonl or .json records of any layout, .parquet, .xlsx as published by JMED, else plain text with empty lines between passages.</param>
    /// <param name="column">Column of a Parquet file that holds the text.</param>
    /// <exception cref="QuestionFormatException">A row cannot be read, or none holds a text; the message names file, line and field.</exception>
    public static IEnumerable<TrainingRow> Read(string path, string column = "text")
    {
        var any = false;
        foreach (var row in ReadAny(path, column))
        {
            any |= row.Texts.Count > 0;
            yield return row;
        }

        if (!any) throw new QuestionFormatException(path, 0, "", "the file holds no text to compare with test questions.");
    }

    private static IEnumerable<TrainingRow> ReadAny(string path, string column) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".jsonl" or ".json" => JsonArrayFiles.Read(path).Select(r => new TrainingRow(path, r.Number, r.TryId() ?? "", TextsOf(r))),
        ".parquet" => CorpusReader.Read(new CorpusSource(path) { Field = column }).Select((p, i) => new TrainingRow(path, i + 1, "", Text(column, p.Text))),
        ".xlsx" => QuestionFiles.Read(path).Select((q, i) => new TrainingRow(path, i + 2, q.Id, [new("stem", q.Stem), .. q.Options.Select(o => new TrainingText($"options.{o.Label}", o.Text))])),
        // A passage of plain text is called after its line.
        _ => ExampleFiles.ReadPassages(path).Select(p => new TrainingRow(path, int.Parse(p.Id.AsSpan("line ".Length), CultureInfo.InvariantCulture), "", Text("", p.Text))),
    };

    private static IReadOnlyList<TrainingText> Text(string field, string text) => string.IsNullOrWhiteSpace(text) ? [] : [new TrainingText(field, text)];

    private static List<TrainingText> TextsOf(QuestionLine record)
    {
        var texts = new List<TrainingText>();
        foreach (var field in record.Fields)
            if (record.Try(field, out var value)) Add(field, value, texts);
        return texts;
    }

    private static void Add(string field, JsonElement value, List<TrainingText> texts)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when value.GetString() is { } text && !string.IsNullOrWhiteSpace(text):
                texts.Add(new TrainingText(field, text));
                break;
            case JsonValueKind.Array:
                var n = 0;
                foreach (var item in value.EnumerateArray()) Add(string.Create(CultureInfo.InvariantCulture, $"{field}[{n++}]"), item, texts);
                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject()) Add($"{field}.{property.Name}", property.Value, texts);
                break;
        }
    }
}
