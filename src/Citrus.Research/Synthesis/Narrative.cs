using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>A trace retold: a thought in stretches of loss weight (0 for the words of rejected steps), and the answer.</summary>
/// <param name="Think">The thought without its tags, each stretch beginning with the space before it where one is needed; empty for an answer alone.</param>
/// <param name="Answer">What stands between the answer tags: <c>x A</c> in a chart, <c>A. x</c> in prose.</param>
public sealed record Narrative(Register Register, IReadOnlyList<Segment> Think, string Answer)
{
    /// <summary>The thought as one text.</summary>
    public string ThinkText => string.Concat(Think.Select(s => s.Text));

    /// <summary>How many words the thought has.</summary>
    public int ThinkWords => ThinkText.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>The assistant turn: thought and answer in their tags.</summary>
    public Turn Turn()
    {
        var chart = Register == Register.Chart;
        var answer = chart ? $"<answer> {Answer} </answer>" : $"<answer>{Answer}</answer>";
        if (Think.Count == 0) return new Turn("assistant", answer);
        var segments = new List<Segment> { new(chart ? "<think> " : "<think>") };
        segments.AddRange(Think);
        segments.Add(new(chart ? " </think> " + answer : "</think>" + answer));
        // Neighbours of one weight are one stretch.
        var merged = new List<Segment>();
        foreach (var s in segments)
        {
            if (merged.Count > 0 && merged[^1].Weight == s.Weight) merged[^1] = merged[^1] with { Text = merged[^1].Text + s.Text };
            else merged.Add(s);
        }

        return new Turn("assistant", merged);
    }
}
