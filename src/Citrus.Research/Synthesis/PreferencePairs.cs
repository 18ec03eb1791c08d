using System.Globalization;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Preference records from a student's own samples: right against wrong on the same question.</summary>
public static class PreferencePairs
{
    /// <summary>Pairs each question's different right outputs with its different wrong ones, one to one, in an order drawn from the seed.</summary>
    /// <param name="samples">Several per question; questions whose samples are all right or all wrong give no pair.</param>
    /// <param name="closest">
    /// Sets each wrong output against the right one that begins with the most words in common, so that the two part where it went wrong rather than where
    /// sampling happened to differ; else the order decides.
    /// </param>
    /// <param name="perQuestion">Most pairs of a question, so that easy-to-sample questions do not outweigh the others.</param>
    /// <returns>Scores are 100 and 0; ordered by first appearance of the question.</returns>
    public static IReadOnlyList<Pair> From(IEnumerable<SampledAnswer> samples, long seed = 0, int perQuestion = 4, bool closest = false)
    {
        var pairs = new List<Pair>();
        foreach (var group in samples.GroupBy(s => s.Question.Id))
        {
            var question = group.First().Question;
            var random = SeededRandom.For(seed, "pairs", group.Key);
            var right = group.Where(s => s.Correct).Select(s => s.Output).Distinct(StringComparer.Ordinal).ToList();
            var wrong = group.Where(s => !s.Correct).Select(s => s.Output).Distinct(StringComparer.Ordinal).ToList();
            random.Shuffle(right);
            random.Shuffle(wrong);
            // The scarcer side is used again and again, up to the bound: its partner differs every time.
            var count = right.Count == 0 || wrong.Count == 0 ? 0 : Math.Min(perQuestion, Math.Max(right.Count, wrong.Count));
            for (var i = 0; i < count; i++)
            {
                var loser = wrong[i % wrong.Count];
                pairs.Add(new Pair
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"{group.Key}/{i}"),
                    Prompt = [new Turn("user", ExampleWriter.Ask(question, ChartSynthesis.RegisterOf(question)))],
                    Chosen = closest ? right.MaxBy(r => Shared(r, loser))! : right[i % right.Count],
                    Rejected = loser,
                    ChosenScore = 100,
                    RejectedScore = 0,
                });
            }
        }

        return pairs;
    }

    private static int Shared(string a, string b) => a.Split(' ').Zip(b.Split(' ')).TakeWhile(w => w.First == w.Second).Count();
}
