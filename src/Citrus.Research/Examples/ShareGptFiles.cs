using System.Globalization;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Examples and pairs in the ShareGPT layout: <c>conversations</c> of <c>from</c> (human, gpt) and <c>value</c>, <c>system</c> beside it; pairs add <c>chosen</c> and <c>rejected</c>.</summary>
/// <remarks>The layout knows no loss weights: a reader learns every gpt turn.</remarks>
public static class ShareGptFiles
{
    /// <summary>Writes one JSON array; the file appears whole or not at all.</summary>
    public static void Write(string path, IEnumerable<Example> examples) => JsonArrayFiles.Write(path, examples, (json, e) =>
    {
        json.WriteString("id", e.Id);
        Turns(json, e.Turns);
    });

    /// <summary>Writes preference pairs as one JSON array; the file appears whole or not at all.</summary>
    public static void WritePairs(string path, IEnumerable<Pair> pairs) => JsonArrayFiles.Write(path, pairs, (json, p) =>
    {
        json.WriteString("id", p.Id);
        Turns(json, p.Prompt);
        foreach (var (name, text) in new[] { ("chosen", p.Chosen), ("rejected", p.Rejected) })
        {
            json.WriteStartObject(name);
            json.WriteString("from", "gpt");
            json.WriteString("value", text);
            json.WriteEndObject();
        }
    });

    /// <summary>The examples of a file (an array, or one record a line) in file order.</summary>
    /// <exception cref="QuestionFormatException">A record cannot be read; the message names file, record and field.</exception>
    public static IEnumerable<Example> Read(string path) => JsonArrayFiles.Read(path).Select(ExampleOf);

    internal static Example ExampleOf(QuestionLine record)
    {
        var turns = Turns(record);
        return turns[^1].Role == "assistant" ? new Example { Id = Id(record), Turns = turns } : throw record.Error("conversations", "the last turn is the human's; it must be gpt's, for that is what is learned.");
    }

    /// <summary>The preference pairs of a file (an array, or one record a line) in file order.</summary>
    /// <exception cref="QuestionFormatException">A record cannot be read; the message names file, record and field.</exception>
    public static IEnumerable<Pair> ReadPairs(string path) => JsonArrayFiles.Read(path).Select(PairOf);

    internal static Pair PairOf(QuestionLine record)
    {
        var prompt = Turns(record);
        return prompt[^1].Role != "assistant"
            ? new Pair { Id = Id(record), Prompt = prompt, Chosen = Turn(record, record.Of("chosen", JsonValueKind.Object), "chosen").Text, Rejected = Turn(record, record.Of("rejected", JsonValueKind.Object), "rejected").Text }
            : throw record.Error("conversations", "the last turn is gpt's; the answers stand in chosen and rejected.");
    }

    private static void Turns(Utf8JsonWriter json, IReadOnlyList<Turn> turns)
    {
        if (turns.FirstOrDefault(t => t.Role == "system") is { } system) json.WriteString("system", system.Text);
        json.WriteStartArray("conversations");
        foreach (var turn in turns.Where(t => t.Role != "system"))
        {
            json.WriteStartObject();
            json.WriteString("from", turn.Role == "user" ? "human" : "gpt");
            json.WriteString("value", turn.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static List<Turn> Turns(QuestionLine record)
    {
        var turns = new List<Turn>();
        if (record.TryText("system") is { Length: > 0 } system) turns.Add(new Turn("system", system));
        foreach (var turn in record.Of("conversations", JsonValueKind.Array).EnumerateArray())
            turns.Add(Turn(record, turn, string.Create(CultureInfo.InvariantCulture, $"conversations[{turns.Count}]")));
        return turns.Count > 0 ? turns : throw record.Error("conversations", "the list is empty; at least one turn is needed.");
    }

    private static Turn Turn(QuestionLine record, JsonElement turn, string at)
    {
        string Text(string name) => turn.ValueKind == JsonValueKind.Object && turn.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString())
            ? value.GetString()!
            : throw record.Error($"{at}.{name}", "a text that is not blank is needed.");
        return new Turn(Text("from") switch
        {
            "human" or "user" => "user",
            "gpt" or "assistant" => "assistant",
            "system" => "system",
            var other => throw record.Error($"{at}.from", $"{other} is none of human, gpt, system."),
        }, Text("value"));
    }

    private static string Id(QuestionLine record) => record.TryId() ?? string.Create(CultureInfo.InvariantCulture, $"record {record.Number}");
}
