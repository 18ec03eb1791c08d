using System.Globalization;
using System.Net;
using System.Text;
using Citrus.Research.Pathways;

namespace Citrus.Research.Figures;

/// <summary>A trace as a notebook shows it: its steps in order, a search as a tree, each with its verdict. What experts wrote is text and stays text.</summary>
internal static class TraceView
{
    private const int MostSteps = 300, MostCharacters = 3000, MostDepth = 40;

    public static string Html(Trace trace)
    {
        var html = new StringBuilder("<div class=\"citrus-trace\" style=\"line-height:1.45\"><p>").Append(E(Headline(trace))).Append("</p>");
        foreach (var (step, depth) in Ordered(trace))
        {
            var (verdict, color) = Verdict(step);
            html.Append(CultureInfo.InvariantCulture, $"<div style=\"margin:0 0 6px {22 * depth}px;padding-left:8px;border-left:3px solid {color}\"><b>{E(Kind(step))}</b> <span style=\"color:{color}\">{E(verdict)}</span> {E(Cut(step.Text))}");
            if (step.Answer is { } answer) html.Append(" <b>[answer ").Append(E(answer)).Append("]</b>");
            if (step.Feedback is { Length: > 0 } feedback) html.Append("<div style=\"margin-left:16px\"><i>reflection:</i> ").Append(E(Cut(feedback))).Append("</div>");
            html.Append("</div>\n");
        }

        if (trace.Steps.Count > MostSteps) html.Append(CultureInfo.InvariantCulture, $"<p>{trace.Steps.Count - MostSteps} more steps are not shown.</p>");
        return html.Append("</div>").ToString();
    }

    public static string Text(Trace trace)
    {
        var text = new StringBuilder(Headline(trace)).Append('\n');
        foreach (var (step, depth) in Ordered(trace))
        {
            var indent = new string(' ', 2 + (3 * depth));
            text.Append(CultureInfo.InvariantCulture, $"{indent}{Kind(step)} ({Verdict(step).Words}): {Line(step.Text)}{(step.Answer is { } answer ? $"  [answer {answer}]" : "")}\n");
            if (step.Feedback is { Length: > 0 } feedback) text.Append(CultureInfo.InvariantCulture, $"{indent}   reflection: {Line(feedback)}\n");
        }

        if (trace.Steps.Count > MostSteps) text.Append(CultureInfo.InvariantCulture, $"  {trace.Steps.Count - MostSteps} more steps are not shown.\n");
        return text.ToString();
    }

    private static string Headline(Trace trace)
    {
        var answer = trace.AnswerLabel is { } label ? $"answer {label}{(trace.AnswerText is { } said ? $" ({Cut(said)})" : "")}" : trace.Unusable is { } why ? $"no answer: {Cut(why)}" : "no answer";
        return $"{FigureLook.Label(trace.Pathway)} on {trace.Question}: {answer}; {Count(trace.Calls, "call")}, {Count(trace.Rejections, "proposal")} rejected";
    }

    /// <summary>Steps with their depth: a tree's below the step they follow, all others in the order in which they were said.</summary>
    private static List<(Step Step, int Depth)> Ordered(Trace trace)
    {
        // Bare ratings say again what the steps' own verdicts, scores and feedback say.
        var told = trace.Steps.Any(s => s.Score is not null || s.Feedback is { Length: > 0 });
        var shown = trace.Steps.Take(MostSteps).Where(s => (s.Text.Length > 0 || s.Feedback is { Length: > 0 }) && !(told && IsBareRating(s))).ToList();
        var numbers = shown.Where(s => s.Node is not null).Select(s => s.Node!.Value).ToHashSet();
        var children = shown.Where(s => s.Node is not null && s.Parent is { } parent && numbers.Contains(parent) && parent < s.Node).ToLookup(s => s.Parent!.Value);
        var ordered = new List<(Step, int)>();
        foreach (var step in shown.Where(s => s.Node is null || !children[s.Parent ?? 0].Contains(s))) Add(step, 0);
        return ordered;

        void Add(Step step, int depth)
        {
            ordered.Add((step, depth));
            if (step.Node is { } node)
                foreach (var child in children[node])
                    Add(child, Math.Min(depth + 1, MostDepth));
        }
    }

    private static (string Words, string Color) Verdict(Step step)
    {
        var score = step.Score is { } points ? string.Create(CultureInfo.InvariantCulture, $", score {points:0}") : "";
        return step switch
        {
            { Kind: StepKind.Reflection } => ("verdict", "#6B6B6B"),
            { Accepted: false, Node: not null } => ("not followed" + score, "#6B6B6B"),
            { Accepted: false } => ("rejected" + score, "#D55E00"),
            { Feedback: null, Score: null } => ("unchecked", "#0072B2"),
            _ => ("accepted" + score, "#0072B2"),
        };
    }

    private static bool IsBareRating(Step step) => step.Kind == StepKind.Reflection && step.Text.All(c => char.IsAsciiDigit(c) || c == ' ');

    private static string Kind(Step step) => step.Kind == StepKind.Reflection && step.Role.Length > 0 ? step.Role : step.Kind.ToString().ToLowerInvariant();

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Cut(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters] + $" [{text.Length - MostCharacters} more characters]";

    private static string Line(string text) => string.Join(' ', Cut(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
