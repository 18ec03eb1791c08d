using System.CommandLine;
using System.Text.Json;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Cli;

/// <summary><c>citrus tokenizer ...</c>.</summary>
internal static class TokenizerVerbs
{
    public static Command Create() => Verb.Group("tokenizer", "Tokenizers: train one of your own, or check one that you have (own or published).", TokenizerTrain.Create(), TokenizerChecking.Create());

    public static Option<string> Field() => new("--field") { Description = "The field of .jsonl files that holds the text. Files of examples (messages) and of pairs are read whole without it.", DefaultValueFactory = _ => "text" };

    /// <summary>The texts of a file, streaming: passages of plain text, a field of JSON Lines, or the turns of examples and pairs.</summary>
    /// <exception cref="QuestionFormatException">A line cannot be read; the message names file, line and field.</exception>
    public static IEnumerable<string> Texts(string file, string field)
    {
        if (Directory.Exists(file)) throw new IOException($"{file} is a folder; name files in it.");
        if (!file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) return ExampleFiles.ReadPassages(file).Select(p => p.Text);
        var fields = Fields(file);
        if (fields.Contains(field)) return Lines(file).Select(l => Text(file, l.Number, l.Fields, field));
        if (fields.Contains("messages")) return ExampleFiles.ReadExamples(file).SelectMany(e => e.Turns.Select(t => t.Text));
        if (fields.Contains("chosen")) return ExampleFiles.ReadPairs(file).SelectMany(p => p.Prompt.Select(t => t.Text).Append(p.Chosen).Append(p.Rejected));
        throw new QuestionFormatException(file, 1, field, $"no such field; here are {string.Join(", ", fields.Take(20))}. Name the one that holds the text with --field.");
    }

    private static List<string> Fields(string file) =>
        Lines(file).Select(l => l.Fields.EnumerateObject().Select(p => p.Name).ToList()).FirstOrDefault() ?? throw new QuestionFormatException(file, 0, "", "the file holds no line.");

    private static string Text(string file, int number, JsonElement line, string field) =>
        line.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Null ? value.GetString() ?? "" : throw new QuestionFormatException(file, number, field, "a text is needed.");

    private static IEnumerable<(int Number, JsonElement Fields)> Lines(string file)
    {
        if (!File.Exists(file)) throw new QuestionFormatException(file, 0, "", "no such file.");
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            JsonElement fields;
            try
            {
                using var document = JsonDocument.Parse(line);
                fields = document.RootElement.Clone();
            }
            catch (JsonException e)
            {
                throw new QuestionFormatException(file, number, "", $"not JSON ({e.Message})", e);
            }

            yield return fields.ValueKind == JsonValueKind.Object ? (number, fields) : throw new QuestionFormatException(file, number, "", "not a JSON object.");
        }
    }
}
