using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>Reads experts' replies tolerantly; what was mended is said, what cannot be read is not guessed.</summary>
public static partial class ReplyReader
{
    /// <summary>Characters of an answer to an open-ended question: a name or a sentence, not an essay.</summary>
    private const int LongestAnswer = 600;

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
        if (Try(root, "steps", out var list) && list.ValueKind == JsonValueKind.Array)
            foreach (var item in list.EnumerateArray()) AddStep(steps, item, ref problem);
        else if (Try(root, "step", out var one)) AddStep(steps, one, ref problem);
        else if (Text(root, "text") is not null) AddStep(steps, root, ref problem);
        else if (Text(root, "thought") is { } thought) steps.Add((StepKind.Observation, thought.Trim()));

        string? answer = null;
        if (Text(root, "answer") is { } said && said.Trim().Length > 0)
        {
            answer = Chosen(said, question, ref problem);
            if (answer is null) return Unusable<ReasoningReply>(NoOption(said, question));
        }

        if (needsAnswer && answer is null) return Unusable<ReasoningReply>(question.Options.Count == 0 ? "no \"answer\"" : $"no \"answer\"; give one of {Labels(question)}");
        if (needsStep && steps.Count == 0) return Unusable<ReasoningReply>("no step text");
        return new(problem is null ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(steps, answer, null), problem);
    }

    /// <summary>A reasoning expert's alternatives: <c>{"candidates":[{"kind":"hypothesis","text":"...","answer":null}]}</c>, or <c>{"abstain":"why"}</c>. A single step counts as one candidate.</summary>
    /// <param name="most">Candidates beyond this number are left out.</param>
    public static ParsedReply<BranchReply> Branch(string text, Question question, int most)
    {
        using var json = FindObject(text, out var strict);
        if (json is null || !Try(json.RootElement, "candidates", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            var one = Reasoning(text, question, needsAnswer: false, needsStep: true);
            return one.Value is not { } step ? Unusable<BranchReply>("no \"candidates\"")
                : step.Abstains is { } why ? new(one.Quality, new([], why), one.Problem)
                : new(ReplyQuality.Repaired, new([new(step.Steps[^1].Kind, string.Join(' ', step.Steps.Select(s => s.Text)), step.Answer)], null), "no \"candidates\"");
        }

        string? problem = strict ? null : "words around the JSON object";
        var candidates = new List<Candidate>();
        foreach (var item in list.EnumerateArray())
        {
            var steps = new List<(StepKind Kind, string Text)>();
            AddStep(steps, item, ref problem);
            if (steps.Count == 0)
            {
                problem ??= "a candidate without a text";
                continue;
            }

            string? answer = null;
            if (Text(item, "answer") is { } said && said.Trim().Length > 0)
            {
                answer = Chosen(said, question, ref problem);
                if (answer is null)
                {
                    problem ??= NoOption(said, question);
                    continue;
                }
            }

            if (candidates.Count < most && candidates.All(c => c.Text != steps[0].Text)) candidates.Add(new(steps[0].Kind, steps[0].Text, answer));
        }

        return candidates.Count == 0 ? Unusable<BranchReply>(problem ?? "no candidate") : new(problem is null ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(candidates, null), problem);
    }

    /// <summary>Scores of candidates: <c>{"ratings":[{"candidate":1,"score":80,"feedback":"why"}]}</c>; without numbers they count in order.</summary>
    /// <param name="count">How many candidates there are; at least one of them must have a score.</param>
    public static ParsedReply<ScoresReply> Scores(string text, int count)
    {
        using var json = FindObject(text, out var strict);
        if (json is null || !Try(json.RootElement, "ratings", out var list) || list.ValueKind != JsonValueKind.Array) return Unusable<ScoresReply>("no JSON object with \"ratings\"");
        var scores = new CandidateScore?[count];
        string? problem = strict ? null : "words around the JSON object";
        var place = 0;
        foreach (var item in list.EnumerateArray())
        {
            place++;
            if (Text(item, "score") is not { } said || !double.TryParse(said.Trim().TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) || score is not (>= 0 and <= 100))
            {
                problem ??= "a score that is no number from 0 to 100";
                continue;
            }

            var number = Text(item, "candidate") is { } n && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : place;
            if (number < 1 || number > count) problem ??= "a score for a candidate that does not exist";
            else scores[number - 1] ??= new(score, Text(item, "feedback")?.Trim() ?? "");
        }

        if (scores.All(s => s is null)) return Unusable<ScoresReply>(problem ?? "no score");
        if (scores.Any(s => s is null)) problem ??= "a candidate without a score";
        return new(problem is null ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(scores), problem);
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
            if (!Try(root, name, out var value)) continue;
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
        var rest = said[(match.Index + match.Length)..].Trim(' ', '.', ':', ')', '-', '*', '、', '，', '．', '。', '：', '）');
        return rest.Length == 0 || Same(rest, dressed.Text) ? dressed.Label : null;
    }

    /// <summary>The label that an answer names; the text itself where the question has no options.</summary>
    private static string? Chosen(string said, Question question, ref string? problem)
    {
        if (question.Options.Count == 0) return said.Trim() is { Length: <= LongestAnswer } text ? text : null;
        var label = Option(said, question, out var exact);
        if (label is not null && !exact) problem ??= "the answer is written out instead of its label";
        return label;
    }

    private static string NoOption(string said, Question question) => question.Options.Count == 0
        ? string.Create(CultureInfo.InvariantCulture, $"the answer has {said.Length} characters; {LongestAnswer} are enough to name it")
        : $"the answer '{Short(said)}' names none of the options {Labels(question)}";

    private static ParsedReply<ReasoningReply> FromProse(string text, Question question, bool needsAnswer, bool needsStep)
    {
        var tagged = AnswerTag().Match(text);
        var said = tagged.Success ? tagged : AnswerInProse().Match(text);
        string? ignored = null;
        var answer = said.Success && said.Groups[1].Value.Trim().Length > 0 ? Chosen(said.Groups[1].Value, question, ref ignored) : null;
        if (answer is null && needsAnswer && question.Options.Count > 0) answer = Option(text, question, out _);
        if (needsAnswer && answer is null) return Unusable<ReasoningReply>(question.Options.Count == 0 ? "no JSON object and no answer" : $"no JSON object and no \"answer\" among {Labels(question)}");
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
            if (Parse(trimmed, default) is { } whole) return whole;
        }

        strict = false;
        // Each opening brace is a candidate; few are tried, so that a page of braces costs little.
        var tries = 0;
        for (var start = trimmed.IndexOf('{'); start >= 0 && tries < 16; start = trimmed.IndexOf('{', start + 1), tries++)
        {
            if (Balanced(trimmed, start) is { } balanced && Parse(balanced, Lenient) is { } found)
            {
                // A lone bracket is no reply, however it is closed.
                if (found.RootElement.EnumerateObject().Any()) return found;
                found.Dispose();
            }
        }

        return null;
    }

    private static JsonDocument? Parse(string json, JsonDocumentOptions options)
    {
        try
        {
            var document = JsonDocument.Parse(json, options);
            // Half a surrogate pair parses but cannot be read: better to know now.
            if (!json.Contains("\\u", StringComparison.Ordinal) || IsReadable(document.RootElement)) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Not this one.
        }

        return null;
    }

    private static bool IsReadable(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(IsReadable),
                JsonValueKind.Object => element.EnumerateObject().All(p => p.Name is not null && IsReadable(p.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Try(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        if (element.ValueKind != JsonValueKind.Object) return false;
        if (element.TryGetProperty(name, out value)) return true;
        // "Rating" for "rating".
        foreach (var property in element.EnumerateObject())
        {
            if (!property.Name.Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            value = property.Value;
            return true;
        }

        return false;
    }

    /// <summary>The object that begins here, its missing closing brackets added where it ends outside a text; null where it ends inside one: that was cut off.</summary>
    private static string? Balanced(string text, int start)
    {
        var open = new Stack<char>();
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
            else if (c is '{' or '[') open.Push(c == '{' ? '}' : ']');
            else if (c is '}' or ']')
            {
                if (open.Count == 0 || open.Pop() != c) return null;
                if (open.Count == 0) return text[start..(i + 1)];
            }
        }

        return quoted || open.Count > 64 ? null : text[start..].TrimEnd('`', ' ', '\n', '\r', '\t', ',') + string.Concat(open);
    }

    private static string? Text(JsonElement element, string name)
    {
        if (!Try(element, name, out var value)) return null;
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

    [GeneratedRegex(@"^(?:option\s+|choice\s+|answer\s*:?\s*|选项?\s*|答案(?:是|为|[:：])?\s*)?[\(\*\[（]*([A-Za-z])(?=$|[\s\.\):\]\*、，．。：）])[\)\]\*）]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DressedLabel();

    [GeneratedRegex(@"<answer>\s*(.*?)\s*(?:</answer>|$)", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnswerTag();

    [GeneratedRegex(@"\b(?:final\s+)?answer\s*(?:is|:)\s*[""']?([^\n""']+?)[""']?\.?\s*(?:\n|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnswerInProse();

    [GeneratedRegex(@"\b(?:rating|sufficient)\W{1,6}(0|1|yes|no)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RatingInProse();
}
