using Citrus.Research.Examples;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>
/// Retells a trace as the thought of one mind. A step that the reflection expert rejected stays, with loss weight 0, followed by the check
/// that caught it and the mended step, both with weight 1: the student reads the slip but learns to catch it.
/// </summary>
public static class Narrator
{
    /// <summary>The narrative of a usable trace.</summary>
    /// <exception cref="ArgumentException">The trace has no answer.</exception>
    public static Narrative Tell(Question question, Trace trace)
    {
        var answer = AnswerOf(question, trace);
        var chart = trace.Register == Register.Chart;
        if (trace.Pathway == PathwayNames.Direct) return new Narrative(trace.Register, [], answer);

        var think = new List<Segment>();
        void Say(string words, double weight = 1)
        {
            words = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (words.Length > 0) think.Add(new Segment(think.Count == 0 ? words : " " + words, weight));
        }

        var afterCheck = false;
        foreach (var step in trace.Steps.Where(s => s.Role == Experts.ExpertRoles.Reasoning))
        {
            // A search is retold by the path it found; where it did not go stays in the trace.
            if (step.Node is not null)
            {
                if (step.Accepted) Say(step.Text);
                continue;
            }

            if (!step.Accepted)
            {
                Say(step.Text, 0);
                Say(chart ? ChartCheck(step, "wrong") : ProseRejection(step.Feedback ?? ""));
                afterCheck = true;
                continue;
            }

            Say(step.Text);
            // A commitment that stood at once is checked aloud too, or a check would always announce an error.
            if (!afterCheck && step.Kind == StepKind.Conclusion && !string.IsNullOrEmpty(step.Feedback))
                Say(chart ? ChartCheck(step, "ok") + " ." : $"Checking that: {Lower(Stopped(step.Feedback))}");
            afterCheck = false;
        }

        return new Narrative(trace.Register, think, answer);
    }

    /// <summary>A usable trace's answer as it stands between the answer tags: <c>x A</c> in a chart, <c>A. x</c> in prose, a free answer as it was given.</summary>
    /// <exception cref="ArgumentException">The trace has no answer.</exception>
    public static string AnswerOf(Question question, Trace trace) =>
        trace.Unusable is not null || (trace.AnswerLabel is null && string.IsNullOrWhiteSpace(trace.AnswerText))
            ? throw new ArgumentException($"The trace of {trace.Question} has no answer to tell: {trace.Unusable ?? "none was given"}.", nameof(trace))
        : trace.AnswerLabel is not { } label ? trace.AnswerText!.Trim()
        : trace.Register == Register.Chart ? $"{question.OptionText(label)} {label}"
        : $"{label}. {question.OptionText(label)}";

    private static string ChartCheck(Step step, string verdict)
    {
        var feedback = (step.Feedback ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        // Remarks from an expert that does not keep to the chart's words are told by their verdict alone.
        var plain = feedback.Length is > 0 and <= 8 && feedback[^1] == verdict && feedback.All(w => w.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'));
        if (plain && feedback[0] == "history") return "check " + string.Join(' ', feedback);
        var words = step.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var subject = words.Length > 1 ? words[0] == "looks" && words.Length > 2 ? words[2] : words[1] : "";
        return string.Join(' ', (string[])["check", subject, .. plain ? feedback : [verdict]]);
    }

    private static string ProseRejection(string feedback) =>
        feedback.Length == 0 || feedback.Contains(AnswerLeak.Withheld, StringComparison.Ordinal) ? "Wait, that is wrong." : $"Wait, that is wrong: {Lower(Stopped(feedback))}";

    private static string Stopped(string text) => text.TrimEnd() is var t && t.EndsWith('.') ? t : t + ".";

    private static string Lower(string text) => text.Length > 1 && char.IsUpper(text[0]) && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
