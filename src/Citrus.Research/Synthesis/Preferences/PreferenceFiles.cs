using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Citrus.Research.Examples;

namespace Citrus.Research.Synthesis;

/// <summary>Preference records in the forms that trainers read.</summary>
/// <remarks>
/// <para><c>trl</c>, the form of <see cref="ExampleFiles.WritePairs"/>: <c>prompt</c>, <c>chosen</c> and <c>rejected</c> are lists of messages, the prompt once. Read by <c>citrus train --stage preference</c>
/// and by Hugging Face TRL's DPO, CPO and SimPO trainers (its "conversational, explicit prompt" form); scores are further columns, which TRL ignores.</para>
/// <para><c>llamafactory</c>: ShareGPT with a ranking, <c>conversations</c>, <c>chosen</c> and <c>rejected</c> of <c>{"from","value"}</c>. Read by LLaMA-Factory with the dataset_info.json beside it.</para>
/// <para><c>implicit</c>: <c>chosen</c> and <c>rejected</c> are whole conversations, prompt included. The form of the original authors' training example; TRL reads it too and takes what both share for the prompt.</para>
/// </remarks>
public static class PreferenceFiles
{
    public const string Trl = "trl";
    public const string LlamaFactory = "llamafactory";
    public const string Implicit = "implicit";

    /// <summary>All forms.</summary>
    public static IReadOnlyList<string> Formats { get; } = [Trl, LlamaFactory, Implicit];

    /// <summary>How journals and cards are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NewLine = "\n",
    };

    /// <summary>A pair in one of the two foreign forms, with its id and scores.</summary>
    /// <exception cref="ArgumentException">No such form, or <c>trl</c>, which <see cref="ExampleFiles.WritePairs"/> writes.</exception>
    public static JsonObject Record(Pair pair, string format)
    {
        var record = format switch
        {
            LlamaFactory => new JsonObject
            {
                ["conversations"] = new JsonArray([.. pair.Prompt.Select(t => Said(t.Role switch { "user" => "human", "assistant" => "gpt", var other => other }, t.Text))]),
                ["chosen"] = Said("gpt", pair.Chosen),
                ["rejected"] = Said("gpt", pair.Rejected),
            },
            Implicit => new JsonObject { ["chosen"] = Conversation(pair, pair.Chosen), ["rejected"] = Conversation(pair, pair.Rejected) },
            _ => throw new ArgumentException($"'{format}' is no form that is written here; there are {LlamaFactory} and {Implicit}.", nameof(format)),
        };
        record["id"] = pair.Id;
        if (pair.ChosenScore is { } chosen) record["chosen_score"] = chosen;
        if (pair.RejectedScore is { } rejected) record["rejected_score"] = rejected;
        return record;
    }

    /// <summary>Writes pairs in a foreign form; each file appears whole or not at all.</summary>
    /// <returns>The files: <c>pairs.FORM.jsonl</c>, and LLaMA-Factory's dataset_info.json, which knows it as <c>citrus_pairs</c>.</returns>
    public static IReadOnlyList<string> Write(string folder, IEnumerable<Pair> pairs, string format)
    {
        var file = Path.Combine(folder, $"pairs.{format}.jsonl");
        WriteLines(file, pairs.Select(p => Record(p, format)));
        if (format != LlamaFactory) return [file];
        var info = Path.Combine(folder, "dataset_info.json");
        var entry = new JsonObject
        {
            ["citrus_pairs"] = new JsonObject
            {
                ["file_name"] = Path.GetFileName(file),
                ["ranking"] = true,
                ["formatting"] = "sharegpt",
                ["columns"] = new JsonObject { ["messages"] = "conversations", ["chosen"] = "chosen", ["rejected"] = "rejected" },
            },
        };
        WriteText(info, entry.ToJsonString(new JsonSerializerOptions(Json) { WriteIndented = true }) + "\n");
        return [file, info];
    }

    /// <summary>Writes one JSON record a line; the file appears whole or not at all.</summary>
    public static void WriteLines<T>(string path, IEnumerable<T> records) => ExampleFiles.WriteWhole(path, stream =>
    {
        foreach (var record in records)
        {
            JsonSerializer.Serialize(stream, record, Json);
            stream.WriteByte((byte)'\n');
        }
    });

    /// <summary>Writes a text; the file appears whole or not at all.</summary>
    public static void WriteText(string path, string text) => ExampleFiles.WriteWhole(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static JsonObject Said(string from, string value) => new() { ["from"] = from, ["value"] = value };

    private static JsonArray Conversation(Pair pair, string answer) =>
        [.. pair.Prompt.Append(new Turn("assistant", answer)).Select(t => new JsonObject { ["role"] = t.Role, ["content"] = t.Text })];
}
