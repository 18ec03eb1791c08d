using System.Globalization;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>
/// Exercises in binding a named option to its label, several answers a question and no medical content; only the labels are learned.
/// </summary>
/// <remarks>
/// A plain decoder has to learn to look one word back from a match. On realistic, long drills alone it stays at chance; on short ones
/// (nothing but the options) it learns within some hundred steps and carries that over.
/// </remarks>
public static class BindingDrills
{
    private const int Answers = 6;

    private static readonly string[] Filler = [".", "+", "-", "so", "=", "consider", "check"];

    /// <summary>An endless stream.</summary>
    /// <param name="brief">Share of short drills: the options alone, answers without words between them; 0..1.</param>
    public static IEnumerable<Example> Generate(Knowledge knowledge, long seed, double brief, int options = 4)
    {
        var frames = new DrillFrames(knowledge, options);
        for (var index = 0; ; index++)
        {
            var random = SeededRandom.For(seed, "binding", knowledge.World, index);
            var isShort = random.Chance(brief);
            var (stem, chosen) = frames.Question(random, isShort ? [] : random.Sample(frames.Findings, random.Between(0, 8)));
            if (isShort) stem = "?";
            var segments = new List<Segment>();
            var fill = chosen.Select(o => o.Text).Concat(random.Sample(frames.Findings, 6)).Concat(Filler).ToList();
            for (var i = 0; i < Answers; i++)
            {
                var words = isShort || random.Chance(0.4) ? [] : Enumerable.Range(0, random.Between(1, 12)).Select(_ => random.Pick(fill)).ToList();
                var option = random.Pick(chosen);
                segments.Add(new Segment(string.Concat(words.Select(w => w + " ")) + $"<answer> {option.Text} ", 0));
                segments.Add(new Segment(option.Label));
                segments.Add(new Segment(" </answer>" + (i + 1 < Answers ? " " : ""), 0));
            }

            yield return DrillFrames.Example(string.Create(CultureInfo.InvariantCulture, $"binding-{seed}-{index:D6}"), stem, chosen, segments);
        }
    }
}
