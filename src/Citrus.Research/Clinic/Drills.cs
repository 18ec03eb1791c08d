using System.Globalization;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>Exercises in naming an option and its label, without medical content: chart frames filled at random.</summary>
public static class Drills
{
    private const string Source = "drill";

    /// <summary>
    /// An endless stream of examples. The assistant's reasoning is junk words of weight 0 that end with naming one option, the answer that follows
    /// (<c>&lt;answer> x A &lt;/answer></c>) has weight 1: what is learned is to repeat the name and to bind it to its label.
    /// </summary>
    /// <param name="options">Options per question, 2..10.</param>
    /// <param name="maximumJunk">Most junk words before the name.</param>
    public static IEnumerable<Example> Generate(Knowledge knowledge, long seed, int options = 4, int maximumJunk = 40)
    {
        if (options is < 2 or > 10) throw new ArgumentOutOfRangeException(nameof(options), options, "A question has 2 to 10 options.");
        return All(knowledge, seed, options, maximumJunk);
    }

    private static IEnumerable<Example> All(Knowledge knowledge, long seed, int options, int maximumJunk)
    {
        var pools = new Dictionary<string, List<string>>
        {
            [QuestionKind.Diagnosis] = Sorted(knowledge.Diseases.Keys),
            [QuestionKind.Test] = Sorted(knowledge.Tests.Keys),
            [QuestionKind.Treatment] = Sorted(knowledge.Drugs.Keys),
        };
        var kinds = QuestionKind.All.Where(k => pools[k].Count >= options).ToList();
        var findings = Sorted(knowledge.Findings.Keys);
        var contexts = Sorted(knowledge.Contexts.Keys);
        for (var index = 0; ; index++)
        {
            var random = SeededRandom.For(seed, Source, knowledge.World, index);
            var kind = random.Pick(kinds);
            var told = random.Sample(findings, random.Between(4, 8));
            var frame = new Case
            {
                Id = "",
                Department = random.Pick(knowledge.Departments).Id,
                Disease = "",
                Sex = (Sex)random.Next(2),
                AgeYears = random.Between(1, 89),
                Observations = [.. told.Select(f => new Observation(f, random.Chance(0.5)))],
                Context = contexts.Count > 0 && random.Chance(0.7) ? random.Pick(contexts) : null,
            };
            var texts = random.Sample(pools[kind], options);
            var question = new Question
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"drill-{knowledge.World}-{seed}-{index:D6}"),
                Stem = ChartStem.Of(frame, kind),
                Options = [.. texts.Select((t, i) => new Option(ChartWords.Labels[i], t))],
                Answers = [random.Pick(ChartWords.Labels.Take(options).ToList())],
            };
            yield return new Example
            {
                Id = question.Id,
                Source = Source,
                Turns =
                [
                    new Turn("user", QuestionText.Chart(question)),
                    new Turn("assistant",
                    [
                        new Segment(Junk(question, kind, findings, pools[kind], random.Between(0, maximumJunk), random), 0),
                        new Segment($"<answer> {question.AnswerText} {question.Answer} </answer>"),
                    ]),
                ],
            };
        }
    }

    private static string Junk(Question question, string kind, List<string> findings, List<string> pool, int length, SeededRandom random)
    {
        var words = new List<string> { "<think>" };
        for (var i = 0; i < length; i++)
        {
            // Names of other options too, so that only the last name counts.
            words.Add(random.Next(6) switch
            {
                0 => random.Pick(question.Options).Text,
                1 => random.Pick(pool),
                2 or 3 => random.Pick(findings),
                4 => random.Pick(["+", "-"]),
                _ => random.Pick(["consider", ":", "=", "0", "1", "2", "3", ".", "so", "because", "first", "avoid", "check"]),
            });
        }

        var lead = kind switch
        {
            QuestionKind.Diagnosis => "so",
            QuestionKind.Test => "confirm",
            _ => random.Pick(["give", "second", "first"]),
        };
        words.AddRange([".", lead, question.AnswerText, ".", "</think>", ""]);
        return string.Join(' ', words);
    }

    private static List<string> Sorted(IEnumerable<string> ids) => [.. ids.OrderBy(i => i, StringComparer.Ordinal)];
}
