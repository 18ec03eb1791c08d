using System.Text.Json;
using System.Text.RegularExpressions;
using Citrus.Research.Examples;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>The narration stage: retells a verified trace as one thought and its answer, by rule (<see cref="Narrator"/>) or by asking a narrator.</summary>
/// <param name="narrator">Asked with the prompt <c>narrator</c>; null tells by rule. Charts, whose grammar is fixed, and answers without a thought are always told by rule.</param>
/// <remarks>
/// The rule keeps a rejected step with loss weight 0, so that the student reads the slip but learns to catch it. A narrator's text has no such stretches: all of it is learned.
/// A narrative that does not parse, does not end in the trace's answer, or breaks a filter is asked for again with the problem named; what breaks a filter to the last is left to the filters.
/// </remarks>
public sealed partial class NarrativeWriter(StageExpert? narrator)
{
    /// <summary>The narrator's text is no thought with an answer.</summary>
    public const string Unreadable = "narrative unreadable";

    /// <summary>The narrator's text ends in another answer than the trace.</summary>
    public const string OtherAnswer = "narrative answers otherwise";

    // Raised by hand whenever the rule's wording changes: a resume must not keep the old one.
    private const string Rule = "rule 1";

    /// <summary>What a resume compares.</summary>
    public string KeyOf(Question question, Trace trace) => StageExpert.Key(
        QuestionText.Prose(question), question.OpenStem, JsonSerializer.Serialize(trace, Trace.Json), ByRule(trace) ? Rule : narrator!.KeyFor(question));

    /// <summary>Tells one trace that has an answer.</summary>
    /// <exception cref="ExpertException">The narrator gave no reply.</exception>
    public async Task<ToldTrace> TellAsync(Question question, Trace trace, CancellationToken token = default)
    {
        var told = new ToldTrace { Question = question.Id, Inputs = KeyOf(question, trace), Register = trace.Register, Open = trace.AnswerLabel is null };
        if (ByRule(trace))
        {
            var narrative = Narrator.Tell(question, trace);
            return told with { Think = narrative.Think, Answer = narrative.Answer };
        }

        var asked = told.Open ? question.OpenStem ?? question.Stem : ExampleWriter.Ask(question, trace.Register);
        var answer = Narrator.AnswerOf(question, trace);
        // The last narrative that could be read and answers rightly, whatever a filter has against it.
        Narrative? last = null;
        var reason = Unreadable;
        var (read, use, attempts) = await narrator!.AskAsync(question, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["question"] = asked,
            ["steps"] = Steps(trace),
            ["answer"] = answer,
        }, reply =>
        {
            var (thought, said, problem) = Parts(reply);
            if (problem is not null) return Bad(Unreadable, problem);
            var same = trace.AnswerLabel is { } label ? ReplyReader.Option(said, question, out _) == label : PlainText.Same(said, answer);
            if (!same) return Bad(OtherAnswer, $"the answer must be \"{answer}\", unchanged");
            last = new Narrative(trace.Register, [new Segment(thought)], answer);
            return NarrativeFilters.Find(asked, last) is var (filter, detail) && filter is not (LengthFilter.TooShort or LengthFilter.TooLong)
                ? new(ReplyQuality.Unusable, null, $"{filter}: {detail}")
                : new(ReplyQuality.Parsed, last, null);
        }, 0, token).ConfigureAwait(false);
        told = told with { Attempts = attempts, Use = use, Problem = read.Problem };
        return (read.Value ?? last) is { } kept ? told with { Think = kept.Think, Answer = kept.Answer } : told with { Reason = reason };

        ParsedReply<Narrative> Bad(string why, string problem)
        {
            reason = why;
            return new(ReplyQuality.Unusable, null, problem);
        }
    }

    /// <summary>The reasoning expert's steps as the narrator's prompt has them: a line <c>kept: ...</c> or <c>slip: ...</c> each, what a slip was told in a line <c>remark: ...</c>.</summary>
    public static string Steps(Trace trace)
    {
        var lines = new List<string>();
        foreach (var step in trace.Steps.Where(s => s.Role == ExpertRoles.Reasoning))
        {
            // A search is retold by the path it found.
            if (step is { Node: not null, Accepted: false }) continue;
            lines.Add((step.Accepted ? "kept: " : "slip: ") + OneLine(step.Text));
            if (!step.Accepted) lines.Add("remark: " + (step.Feedback?.Contains(AnswerLeak.Withheld, StringComparison.Ordinal) == true ? "" : OneLine(step.Feedback ?? "")));
        }

        return string.Join('\n', lines.Select(l => l.TrimEnd()));
    }

    /// <summary>Takes a narrator's reply apart; tolerant of fences, words around it, the tags' case, and a missing last end tag.</summary>
    internal static (string Thought, string Answer, string? Problem) Parts(string reply)
    {
        var text = Tag().Replace(reply, m => $"<{m.Groups[1].Value}{m.Groups[2].Value.ToLowerInvariant()}>");
        const string form = "the form is <think>...</think><answer>...</answer>";
        int Count(string tag) => text.Split(tag).Length - 1;
        if (Count("<think>") != 1 || Count("</think>") > 1 || Count("<answer>") != 1 || Count("</answer>") > 1) return ("", "", form + ", each tag once");
        var (open, answer) = (text.IndexOf("<think>", StringComparison.Ordinal), text.IndexOf("<answer>", StringComparison.Ordinal));
        if (answer < open) return ("", "", form + ", the thought first");
        var close = text.IndexOf("</think>", StringComparison.Ordinal);
        if (close > answer) return ("", "", form + ", the answer after the thought");
        var thought = text[(open + 7)..(close < 0 ? answer : close)].Trim();
        var end = text.IndexOf("</answer>", StringComparison.Ordinal);
        var said = text[(answer + 8)..(end < 0 ? text.Length : end)].Replace("```", "", StringComparison.Ordinal).Trim();
        return thought.Length == 0 ? ("", "", "the thought is empty") : said.Length == 0 ? ("", "", "the answer is empty") : (thought, said, null);
    }

    private bool ByRule(Trace trace) => narrator is null || trace.Register == Register.Chart || trace.Pathway == PathwayNames.Direct;

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"<\s*(/?)\s*(think|answer)\s*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
