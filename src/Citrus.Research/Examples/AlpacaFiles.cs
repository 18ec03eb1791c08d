using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Examples in the alpaca layout: <c>instruction</c>, <c>input</c>, <c>output</c>, and where needed <c>system</c> and <c>history</c> (earlier turns in pairs).</summary>
/// <remarks>The layout knows no loss weights: a reader learns the whole output.</remarks>
public static class AlpacaFiles
{
    /// <summary>Writes one JSON array; the file appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">An example's turns are not a user and an assistant in turn.</exception>
    public static void Write(string path, IEnumerable<Example> examples) => JsonArrayFiles.Write(path, examples, (json, e) =>
    {
        var turns = e.Turns.Where(t => t.Role != "system").ToList();
        if (turns.Count == 0 || turns.Count % 2 == 1 || turns.Where((t, i) => t.Role != (i % 2 == 0 ? "user" : "assistant")).Any())
            throw new ArgumentException($"Example {e.Id} cannot be written in the alpaca layout: its turns are {string.Join(", ", e.Turns.Select(t => t.Role))}; user and assistant must take turns.");
        json.WriteString("instruction", turns[^2].Text);
        json.WriteString("input", "");
        json.WriteString("output", turns[^1].Text);
        if (e.Turns.FirstOrDefault(t => t.Role == "system") is { } system) json.WriteString("system", system.Text);
        if (turns.Count == 2) return;
        json.WriteStartArray("history");
        for (var i = 0; i < turns.Count - 2; i += 2)
        {
            json.WriteStartArray();
            json.WriteStringValue(turns[i].Text);
            json.WriteStringValue(turns[i + 1].Text);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    /// <summary>The examples of a file (an array, or one record a line) in file order.</summary>
    /// <exception cref="QuestionFormatException">A record cannot be read; the message names file, record and field.</exception>
    public static IEnumerable<Example> Read(string path) => JsonArrayFiles.Read(path).Select(ExampleOf);

    internal static Example ExampleOf(QuestionLine record) => new()
    {
        Id = record.TryId() ?? string.Create(CultureInfo.InvariantCulture, $"record {record.Number}"),
        Turns = [.. Prompt(record), new Turn("assistant", record.Text("output"))],
    };

    /// <summary>What comes before the answer: <c>system</c>, <c>history</c>, then instruction and input.</summary>
    internal static List<Turn> Prompt(QuestionLine record)
    {
        var turns = new List<Turn>();
        if (record.TryText("system") is { Length: > 0 } system) turns.Add(new Turn("system", system));
        if (record.Try("history", out _))
        {
            foreach (var pair in record.Of("history", System.Text.Json.JsonValueKind.Array).EnumerateArray())
            {
                if (pair.ValueKind != System.Text.Json.JsonValueKind.Array || pair.GetArrayLength() != 2 || pair.EnumerateArray().Any(t => t.ValueKind != System.Text.Json.JsonValueKind.String))
                    throw record.Error("history", "a list of pairs of texts is needed: [[\"what the user said\", \"what the assistant said\"]].");
                turns.Add(new Turn("user", pair[0].GetString()!));
                turns.Add(new Turn("assistant", pair[1].GetString()!));
            }
        }

        var input = record.TryText("input");
        turns.Add(new Turn("user", record.Text("instruction") + (string.IsNullOrEmpty(input) ? "" : "\n" + input)));
        return turns;
    }
}
