using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>The question as it stands in somebody's prediction.</summary>
internal static class PredictionQuestion
{
    /// <exception cref="FormatException">It is no question; the message says what is missing.</exception>
    public static Question Of(string id, PredictionFields fields, JsonElement record)
    {
        var stem = fields.Of(record, "question") is { ValueKind: JsonValueKind.String } text && !string.IsNullOrWhiteSpace(text.GetString()) ? text.GetString()! : throw new FormatException($"field {fields["question"]} holds no text.");
        var options = Options(fields, record) ?? throw new FormatException($"field {fields["options"]} holds no options: texts, an object by label, or objects of label and text.");
        if (QuestionLine.ProblemOf(options) is { } problem) throw new FormatException($"field {fields["options"]}: {problem}");
        var answers = Answers(fields, record, options);
        return answers is { Count: > 0 }
            ? new Question { Id = id, Stem = stem, Options = options, Answers = answers }
            : throw new FormatException($"field {fields["answer"]} names none of the options {string.Join(", ", options.Select(o => o.Label))}.");
    }

    /// <summary>Whether the record has options of its own and they are not the question's.</summary>
    public static bool Differs(Question question, PredictionFields fields, JsonElement record) =>
        fields["options"] is not null && Options(fields, record) is { } own
        && (own.Count != question.Options.Count || own.Any(o => question.Options.FirstOrDefault(q => q.Label == o.Label) is not { } same || Plain(same.Text) != Plain(o.Text)));

    /// <summary>The right labels; null where the record names none of the options.</summary>
    public static IReadOnlyList<string>? Answers(PredictionFields fields, JsonElement record, IReadOnlyList<Option> options)
    {
        if (fields.Of(record, "answer") is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt32(out var index) && index >= 0 && index < options.Count ? [options[index].Label] : null;
        if (value.ValueKind == JsonValueKind.Array)
        {
            var labels = value.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()!.Trim() : "").Distinct(StringComparer.Ordinal).ToList();
            return labels.Count > 0 && labels.TrueForAll(l => options.Any(o => o.Label == l)) ? labels : null;
        }

        if (value.ValueKind != JsonValueKind.String) return null;
        var text = value.GetString()!.Trim();
        if (options.FirstOrDefault(o => Plain(o.Text) == Plain(text)) is { } named) return [named.Label];
        var (found, problem) = QuestionLine.Labels(text, options);
        return problem is null ? found : null;
    }

    private static IReadOnlyList<Option>? Options(PredictionFields fields, JsonElement record)
    {
        if (fields.Of(record, "options") is not { } value) return null;
        var options = new List<Option>();
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var option in value.EnumerateObject())
                if (option.Value.ValueKind == JsonValueKind.String) options.Add(new(option.Name.Trim(), option.Value.GetString()!));
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            var place = 0;
            foreach (var option in value.EnumerateArray().Take(QuestionLine.MaximumOptions + 1))
            {
                var label = ((char)('A' + place++)).ToString();
                if (option.ValueKind == JsonValueKind.String) options.Add(new(label, option.GetString()!));
                else if (option.ValueKind == JsonValueKind.Object && Part(option, "label", "key", "op_idx", "idx") is { } own && Part(option, "text", "value", "op_value") is { } text) options.Add(new(own, text));
            }
        }

        return options.Count == 0 ? null : options;
    }

    private static string? Part(JsonElement option, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) if (option.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String) return value.GetString();
        return null;
    }

    private static string Plain(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant();
}
