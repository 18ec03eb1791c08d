using System.Text.Json;

namespace Citrus.Research.Evaluation;

/// <summary>Where the records of somebody else's file have what we need. A field is a name, or a path through objects and lists: <c>token_usage.prompt_tokens</c>, <c>rounds.0.text</c>, <c>rounds.-1.text</c> (the last).</summary>
public sealed record PredictionFields
{
    /// <summary>What can be mapped, and which names are looked for where it is not: the first that the first record has.</summary>
    public static IReadOnlyList<(string Name, string Meaning, IReadOnlyList<string> Usual)> Known { get; } =
    [
        ("id", "the question's id; # is the record's number, from 0; @question finds it in --questions by its text", ["id", "question_id", "realidx", "qid", "idx", "index"]),
        ("output", "the raw output (a text), or the chosen label", ["output", "completion", "generated_text", "model_outputs", "raw_response", "response", "model_output", "prediction"]),
        ("scores", "a likelihood for each option: a list in the options' order, or an object by label", ["optionScores", "scores", "logprobs", "loglikelihoods"]),
        ("question", "the question's text, where no --questions are given", ["question", "stem", "Q"]),
        ("options", "its options: texts, an object by label, or objects of label and text", ["options", "OP", "choices"]),
        ("answer", "what is right: a label, several, an option's number from 0, or its text", ["answer_idx", "answer_index", "answers", "answer", "gold", "label"]),
        ("thinking", "the thought, where it is apart from the output", ["thinking", "reasoning_content", "reasoning"]),
        ("prompt", "what was sent", ["prompt"]),
        ("input_tokens", "tokens of the prompt", ["inputTokens", "input_tokens", "token_usage.prompt_tokens", "usage.prompt_tokens"]),
        ("output_tokens", "tokens of the output", ["outputTokens", "output_tokens", "token_usage.completion_tokens", "usage.completion_tokens"]),
        ("seconds", "how long it took", ["seconds", "time_elapsed"]),
    ];

    private readonly IReadOnlyDictionary<string, string> _paths;

    private PredictionFields(IReadOnlyDictionary<string, string> paths) => _paths = paths;

    /// <summary>The path of a field; null where the records have none.</summary>
    public string? this[string name] => _paths.GetValueOrDefault(name);

    /// <summary>Reads a map such as <c>id=realidx,output=completion</c>.</summary>
    /// <param name="text">Empty or null names nothing, and usual names are looked for.</param>
    /// <exception cref="FormatException">A name is unknown, given twice or has no field.</exception>
    public static PredictionFields Parse(string? text)
    {
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1) throw new FormatException($"'{part}' in --fields is no name=field, e.g. id=realidx,output=completion.");
            var name = part[..equals].Trim();
            if (Known.All(k => k.Name != name)) throw new FormatException($"--fields knows no '{name}'; it knows {string.Join(", ", Known.Select(k => k.Name))}.");
            if (!paths.TryAdd(name, part[(equals + 1)..].Trim())) throw new FormatException($"--fields gives '{name}' twice.");
        }

        return new(paths);
    }

    /// <summary>The map with usual names where nothing was said, as far as this record has them.</summary>
    public PredictionFields For(JsonElement record)
    {
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, _, usual) in Known)
            // "#" and "@question" are no fields but ways to find the id.
            if ((_paths.GetValueOrDefault(name) ?? usual.FirstOrDefault(u => Find(record, u) is not null)) is { } path) paths[name] = path;
        return new(paths);
    }

    /// <summary>The value of a field in a record; null where it is not there or null.</summary>
    public JsonElement? Of(JsonElement record, string name) => _paths.TryGetValue(name, out var path) ? Find(record, path) : null;

    /// <summary>As it is written for <c>--fields</c>.</summary>
    public override string ToString() => string.Join(',', _paths.Select(p => $"{p.Key}={p.Value}"));

    private static JsonElement? Find(JsonElement record, string path)
    {
        // A name with a dot in it comes first: that is what it says.
        if (record.ValueKind == JsonValueKind.Object && record.TryGetProperty(path, out var whole)) return whole.ValueKind == JsonValueKind.Null ? null : whole;
        var at = record;
        foreach (var step in path.Split('.'))
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(step, out var next)) at = next;
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(step, out var index) && (index < 0 ? index + at.GetArrayLength() : index) is >= 0 and var place && place < at.GetArrayLength()) at = at[place];
            else return null;
        }

        return at.ValueKind == JsonValueKind.Null ? null : at;
    }
}
