using System.Globalization;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>
/// Exercises in walking through a chart's findings in their order, once for each of three hypotheses, and in counting the minus signs; the signs are
/// random and not learned, so there is no medical content. Without them a small plain decoder loses its place in the list. Then contexts are
/// held one by one against the chart's history: marks and verdict are learned.
/// </summary>
public static class WalkDrills
{
    private const int Hypotheses = 3;

    /// <summary>Loss weight of the count: it teaches counting, but is noise where the student has not got that far.</summary>
    private const double CountWeight = 0.5;

    /// <summary>An endless stream.</summary>
    public static IEnumerable<Example> Generate(Knowledge knowledge, long seed, int options = 4)
    {
        var frames = new DrillFrames(knowledge, options);
        for (var index = 0; ; index++)
        {
            var random = SeededRandom.For(seed, "walk", knowledge.World, index);
            var department = random.Pick(knowledge.Departments);
            var findings = random.Sample(random.Chance(0.5) ? department.Panel : frames.Findings, random.Between(4, 8));
            var (stem, chosen) = frames.Question(random, findings, department.Id);
            // The order in which the stem tells them: present ones first.
            var told = stem.Split(' ').Where(findings.Contains).ToList();
            var segments = new List<Segment> { new("<think> ", 0) };
            foreach (var hypothesis in random.Sample(department.Diseases, Hypotheses))
            {
                segments.Add(new Segment($"consider {hypothesis.Id} : ", 0));
                var minus = 0;
                foreach (var finding in told)
                {
                    var against = random.Chance(0.5);
                    minus += against ? 1 : 0;
                    segments.Add(new Segment(finding));
                    segments.Add(new Segment(against ? " - " : " + ", 0));
                }

                segments.Add(new Segment("= "));
                segments.Add(new Segment(minus.ToString(CultureInfo.InvariantCulture) + " ", CountWeight));
                segments.Add(new Segment(". "));
            }

            var answer = random.Pick(chosen);
            segments.Add(new Segment($"so {random.Pick(department.Diseases).Id} . ", 0));
            if (frames.Drugs.Count > 0) Membership(random, frames, stem, segments);
            segments.Add(new Segment($"</think> <answer> {answer.Text} ", 0));
            segments.Add(new Segment(answer.Label + " </answer>"));
            yield return DrillFrames.Example(string.Create(CultureInfo.InvariantCulture, $"walk-{seed}-{index:D6}"), stem, chosen, segments);
        }
    }

    /// <summary>A drug at random with contexts at random, half the time among them the one in the chart's history.</summary>
    private static void Membership(SeededRandom random, DrillFrames frames, string stem, List<Segment> segments)
    {
        var words = stem.Split(' ');
        var history = words[Array.IndexOf(words, "history") + 1];
        var contexts = random.Sample([.. frames.Contexts.Where(c => c != history)], random.Between(2, 4));
        if (history != "none" && random.Chance(0.5)) contexts[random.Next(contexts.Count)] = history;
        segments.Add(new Segment($"first {random.Pick(frames.Drugs)} avoid ", 0));
        foreach (var context in contexts)
        {
            segments.Add(new Segment(context + " ", 0));
            segments.Add(new Segment(context == history ? "+ " : "- "));
        }

        var forbidden = contexts.Contains(history);
        segments.Add(new Segment(forbidden ? "stop second " : "ok "));
        segments.Add(new Segment(forbidden ? $"{random.Pick(frames.Drugs)} . " : ". ", 0));
    }
}
