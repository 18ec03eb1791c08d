using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>Reads experts' replies tolerantly; what was mended is said, what cannot be read is not guessed.</summary>
public static partial class ReplyReader
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>A reasoning expert's reply: <c>{"steps":[{"kind":"hypothesis","text":"..."}],"answer":"A"}</c>, or <c>{"abstain":"why"}</c>.</summary>
    /// <param name="text">The whole message.</param>
    /// <param name="question">Whose options an answer must name.</param>
    /// <param name="needsAnswer">Whether a reply without an answer is unusable.</param>
    /// <param name="needsStep">Whether a reply without a thought is unusable.</param>
    public static ParsedReply<ReasoningReply> Reasoning(string text, Question question, bool needsAnswer, bool needsStep)
    {
        using var json = FindObject(text, out var strict);
        if (json is null) return FromProse(text, question, needsAnswer, needsStep);
        var root = json.RootElement;
        if (Text(root, "abstain") is { Length: > 0 } abstains) return new(strict ? ReplyQuality.Parsed : ReplyQuality.Repaired, new([], null, abstains), null);

        string? problem = strict ? null : "words around the JSON object";
        var steps = new List<(StepKind, string)>();
        if (root.TryGetProperty("steps", out var list) && list.ValueKind == JsonValueKind.Array)
            foreach (var item in list.EnumerateArray()) AddStep(steps, item, ref problem);
        else if (root.TryGetProperty("step", out var one)) AddStep(steps, one, ref problem);
        else if (Text(root, "text") is not null) AddStep(steps, root, ref problem);
        else if (Text(root, "thought") is { } thought) steps.Add((StepKind.Observation, thought.Trim()));

        string? answer = null;
        if (Text(root, "answer") is { } said && said.Length > 0)
        {
            answer = Option(said, question, out var exact);
            if (answer is null) return Unusable<ReasoningReply>($"the answer '{Short(said)}' names none of the options {Labels(question)}");
            if (!exact) problem ??= "the answer is written out instead of its label";
        }

        if (needsAnswer && answer is null) return Unusable<ReasoningReply>($"no \"answer\"; give one of {Labels(question)}");
        if (needsStep && steps.Count == 0) return Unusable<ReasoningReply>("no step text");
        return new(problem is null ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(steps, answer, null), problem);
    }

    /// <summary>A rating: <c>{"rating":0,"feedback":"why"}</c>, or a judge's <c>{"sufficient":true}</c>.</summary>
    public static ParsedReply<RatingReply> Rating(string text)
    {
        using var json = FindObject(text, out var strict);
        if (json is null)
        {
            var match = RatingInProse().Match(text);
            return match.Success
                ? new(ReplyQuality.Repaired, new(match.Groups[1].Value.ToLowerInvariant() is "1" or "yes", text.Trim()), "no JSON object")
                : Unusable<RatingReply>("no JSON object with a \"rating\" of 0 or 1");
        }

        var root = json.RootElement;
        foreach (var name in (ReadOnlySpan<string>)["rating", "sufficient"])
        {
            if (!root.TryGetProperty(name, out var value)) continue;
            bool? accepts = value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number => value.TryGetDouble(out var x) ? x switch { 1 => true, 0 => false, _ => null } : null,
                JsonValueKind.String => value.GetString()!.Trim().ToLowerInvariant() switch { "1" or "yes" or "true" => true, "0" or "no" or "false" => false, _ => null },
                _ => null,
            };
            if (accepts is null) return Unusable<RatingReply>($"a \"{name}\" that is neither 0 nor 1: {Short(value.GetRawText())}");
            var tidy = strict && value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
            return new(tidy ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(accepts.Value, Text(root, "feedback")?.Trim() ?? ""), tidy ? null : "not the exact format");
        }

        return Unusable<RatingReply>("no \"rating\" of 0 or 1");
    }

    /// <summary>The label that a text names: a label with or without its dressing ("B", "(B)", "B. Asthma", "option B"), or an option's whole text.</summary>
    /// <param name="exact">Whether it is the bare label.</param>
    public static string? Option(string said, Question question, out bool exact)
    {
        said = said.Trim();
        var bare = question.Options.FirstOrDefault(o => o.Label == said);
        exact = bare is not null;
        if (bare is not null) return bare.Label;
        if (question.Options.Where(o => Same(o.Text, said)).ToList() is [var byText]) return byText.Label;
        var match = DressedLabel().Match(said);
        if (!match.Success || question.Options.FirstOrDefault(o => o.Label == match.Groups[1].Value.ToUpperInvariant()) is not { } dressed) return null;
        var rest = said[(match.Index + match.Length)..].Trim(' ', '.', ':', ')', '-', '*');
        return rest.Length == 0 || Same(rest, dressed.Text) ? dressed.Label : null;
    }

    private static ParsedReply<ReasoningReply> FromProse(string text, Question question, bool needsAnswer, bool needsStep)
    {
        var tagged = AnswerTag().Match(text);
        var said = tagged.Success ? tagged : AnswerInProse().Match(text);
        var answer = said.Success ? Option(said.Groups[1].Value, question, out _) : null;
        if (answer is null && needsAnswer) answer = Option(text, question, out _);
        if (needsAnswer && answer is null) return Unusable<ReasoningReply>($"no JSON object and no \"answer\" among {Labels(question)}");
        var thought = (said.Success ? text[..said.Index] : text).Replace("<think>", "", StringComparison.Ordinal).Replace("</think>", "", StringComparison.Ordinal).Trim();
        // Broken JSON is no thought: taking it for one would put braces into training data.
        if (needsStep && (thought.Length == 0 || answer is null || thought.Contains('{', StringComparison.Ordinal)))
            return Unusable<ReasoningReply>("no JSON object with a step");
        return new(ReplyQuality.Repaired, new(thought.Length == 0 || thought.Contains('{', StringComparison.Ordinal) ? [] : [(StepKind.Conclusion, thought)], answer, null), "no JSON object");
    }

    private static void AddStep(List<(StepKind, string)> steps, JsonElement item, ref string? problem)
    {
        if (item.ValueKind == JsonValueKind.String)
        {
            problem ??= "a step without a kind";
            if (item.GetString()!.Trim() is { Length: > 0 } plain) steps.Add((StepKind.Observation, plain));
            return;
        }

        if (item.ValueKind != JsonValueKind.Object || Text(item, "text") is not { } text || text.Trim().Length == 0) return;
        if (!Enum.TryParse<StepKind>(Text(item, "kind") ?? "", ignoreCase: true, out var kind) || kind == StepKind.Reflection)
        {
            kind = StepKind.Observation;
            problem ??= "a step of unknown kind";
        }

        steps.Add((kind, text.Trim()));
    }

    /// <summary>The first JSON object in the text that can be read whole.</summary>
    internal static JsonDocument? FindObject(string text, out bool strict)
    {
        var trimmed = text.Trim();
        strict = true;
        if (trimmed.StartsWith('{') && trimmed.EndsWith('}'))
        {
            try { return JsonDocument.Parse(trimmed); }
            catch (JsonException) { }
        }

        strict = false;
        // Each opening brace is a candidate; few are tried, so that a page of braces costs little.
        var tries = 0;
        for (var start = trimmed.IndexOf('{'); start >= 0 && tries < 16; start = trimmed.IndexOf('{', start + 1), tries++)
        {
            if (BalancedEnd(trimmed, start) is not { } end) continue;
            try { return JsonDocument.Parse(trimmed[start..(end + 1)], Lenient); }
            catch (JsonException) { }
        }

        return null;
    }

    private static int? BalancedEnd(string text, int start)
    {
        var depth = 0;
        var quoted = false;
        for (var i = start; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '\\') i++;
                else if (c == '"') quoted = false;
            }
            else if (c == '"') quoted = true;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) return i;
        }

        return null;
    }

    private static string? Text(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }

    private static ParsedReply<T> Unusable<T>(string problem)
        where T : class => new(ReplyQuality.Unusable, null, problem);

    private static string Labels(Question question) => string.Join(", ", question.Options.Select(o => o.Label));

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";

    private static bool Same(string a, string b) =>
        string.Compare(a.Trim().TrimEnd('.'), b.Trim().TrimEnd('.'), CultureInfo.InvariantCulture, CompareOptions.IgnoreCase) == 0;

    [GeneratedRegex(@"^(?:option\s+|choice\s+|answer\s*:?\s*)?[\(\*\[]*([A-Ja-j])(?=$|[\s\.\):\]\*])[\)\]\*]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DressedLabel();

    [GeneratedRegex(@"<answer>\s*(.*?)\s*</answer>", RegexOptions.Singleline)]
    private static partial Regex AnswerTag();

    [GeneratedRegex(@"\b(?:final\s+)?answer\s*(?:is|:)\s*[""']?([^\n""']+?)[""']?\.?\s*(?:\n|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnswerInProse();

    [GeneratedRegex(@"\b(?:rating|sufficient)\W{1,6}(0|1|yes|no)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RatingInProse();
}
