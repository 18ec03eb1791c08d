using System.Globalization;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>
/// Instructions for the stages before long reasoning, in the chart's words: tasks without medical content, the textbook's facts asked one at a time, and orders that take
/// several of them. No patient is described, and no pair of disease and history that an exam holds out is asked about.
/// </summary>
public static class StageData
{
    private const int Options = 4;

    /// <summary>Largest number that the chart register has a word for.</summary>
    private const int LargestNumber = 20;

    /// <summary>Stage 1, general instructions: facts and tasks by turns at random. An endless stream.</summary>
    public static IEnumerable<Example> General(Knowledge knowledge, long seed)
    {
        using var facts = Facts(knowledge, seed).GetEnumerator();
        using var tasks = Tasks(knowledge, seed).GetEnumerator();
        for (var random = SeededRandom.For(seed, "general", knowledge.World); ;)
        {
            var source = random.Chance(0.5) ? facts : tasks;
            source.MoveNext();
            yield return source.Current;
        }
    }

    /// <summary>Instructions without medical content: picking by place, copying, counting, looking up, adding and taking away. An endless stream.</summary>
    public static IEnumerable<Example> Tasks(Knowledge knowledge, long seed)
    {
        string[] words = [.. new[] { knowledge.Findings.Keys, knowledge.Diseases.Keys, knowledge.Drugs.Keys, knowledge.Contexts.Keys }.SelectMany(k => k.Order(StringComparer.Ordinal))];
        for (var index = 0; ; index++)
        {
            var random = SeededRandom.For(seed, "task", knowledge.World, index);
            var list = random.Sample(words, random.Between(3, 7));
            var text = string.Join(' ', list);
            var (asked, answer) = random.Next(6) switch
            {
                0 => ($"give first : {text} ?", list[0]),
                1 => ($"give second : {text} ?", list[1]),
                2 => ($"looks like : {text} ?", text),
                3 => Counting(random, list),
                4 => random.Chance(0.5) ? ($"check {random.Pick(list)} : {text} ?", "ok") : ($"check {random.Pick([.. words.Except(list)])} : {text} ?", "wrong"),
                _ => Sum(random),
            };
            yield return Make("task", seed, index, asked, answer);
        }
    }

    /// <summary>Facts of the textbook, one hop each: a disease's test, drugs and signs, a drug's contraindications; asked plainly, or with options as an exam asks. An endless stream.</summary>
    public static IEnumerable<Example> Facts(Knowledge knowledge, long seed)
    {
        var diseases = Diseases(knowledge);
        string[] tests = [.. knowledge.Tests.Keys.Order(StringComparer.Ordinal)], drugs = [.. knowledge.Drugs.Keys.Order(StringComparer.Ordinal)], contexts = [.. knowledge.Contexts.Keys.Order(StringComparer.Ordinal)];
        for (var index = 0; ; index++)
        {
            var random = SeededRandom.For(seed, "fact", knowledge.World, index);
            var (department, disease) = random.Pick(diseases);
            var kind = random.Next(5);
            if (kind == 0 && disease.Confirm is { } test) yield return Choice(random, "fact", seed, index, $"consider {disease.Id} : confirm ?", test, tests);
            else if (kind == 1 && disease.FirstLine is { } first) yield return Choice(random, "fact", seed, index, $"consider {disease.Id} : first ?", first, drugs);
            else if (kind == 2 && disease.SecondLine is { } second) yield return Choice(random, "fact", seed, index, $"consider {disease.Id} : second ?", second, drugs);
            else if (kind == 3 && disease.FirstLine is not null && contexts.Length > 0)
            {
                var (drug, context) = (random.Pick(drugs), random.Pick(contexts));
                yield return Make("fact", seed, index, $"check {drug} avoid {context} ?", knowledge.Drugs[drug].Avoid.Contains(context) ? "+" : "-");
            }
            else
            {
                var finding = random.Pick(department.Panel);
                yield return Make("fact", seed, index, $"check {disease.Id} shows {finding} ?", knowledge.Likelihood(disease, finding) >= 0.5 ? "+" : "-");
            }
        }
    }

    /// <summary>
    /// Stage 2, complex instructions: orders of two and more hops (a disease and a history to the drug that is right and why, with the test), and two facts or two tasks asked at once. An endless stream.
    /// </summary>
    /// <remarks>In a world without drugs all are signs of several diseases.</remarks>
    public static IEnumerable<Example> Complex(Knowledge knowledge, long seed)
    {
        var held = new HeldOutPairs(knowledge);
        var diseases = Diseases(knowledge);
        string[] contexts = [.. knowledge.Contexts.Keys.Order(StringComparer.Ordinal)], drugs = [.. knowledge.Drugs.Keys.Order(StringComparer.Ordinal)];
        for (var index = 0; ; index++)
        {
            var random = SeededRandom.For(seed, "order", knowledge.World, index);
            var (department, disease) = random.Pick(diseases);
            if (disease is { FirstLine: { } first, SecondLine: { } second } && contexts.Length > 0 && random.Chance(0.75))
            {
                var allowed = contexts.Where(c => held.Allowed(ExamSplit.Train, disease.Id, c)).ToList();
                var against = allowed.Where(knowledge.Drugs[first].Avoid.Contains).ToList();
                // As often forbidden as not, where that can be.
                var context = random.Chance(0.2) ? "none" : random.Pick(against.Count > 0 && random.Chance(0.5) ? against : allowed);
                var marks = string.Concat(knowledge.Drugs[first].Avoid.Select(c => $"{c} {(c == context ? "+" : "-")} "));
                var forbidden = knowledge.Drugs[first].Avoid.Contains(context);
                var reason = $"first {first} avoid {marks}{(forbidden ? $"stop second {second} ." : "ok .")}";
                var right = forbidden ? second : first;
                var confirm = disease.Confirm is { } test && random.Chance(0.4) ? test : null;
                if (confirm is null) yield return Choice(random, "order", seed, index, $"consider {disease.Id} history {context} : give ?", right, drugs, reason);
                else yield return Make("order", seed, index, $"consider {disease.Id} history {context} : confirm give ?", $"{confirm} {right}", $"confirm {confirm} . {reason}");
            }
            else
            {
                // Which of the department's diseases show a finding: one sign after the other, then the count.
                var finding = random.Pick(department.Panel);
                var several = random.Sample(department.Diseases, Math.Min(department.Diseases.Count, random.Between(2, 4)));
                var signs = several.Select(d => (d.Id, Shows: knowledge.Likelihood(d, finding) >= 0.5)).ToList();
                yield return Make("order", seed, index, $"check {finding} : {string.Join(' ', several.Select(d => d.Id))} = ?",
                    signs.Count(s => s.Shows).ToString(CultureInfo.InvariantCulture), string.Concat(signs.Select(s => $"{s.Id} {(s.Shows ? "+" : "-")} ")) + ".");
            }
        }
    }

    private static (string Asked, string Answer) Counting(SeededRandom random, List<string> list)
    {
        var few = list.Take(3).ToList();
        var told = Enumerable.Range(0, random.Between(4, 9)).Select(_ => random.Pick(few)).ToList();
        return ($"consider {few[0]} : {string.Join(' ', told)} = ?", told.Count(w => w == few[0]).ToString(CultureInfo.InvariantCulture));
    }

    private static (string Asked, string Answer) Sum(SeededRandom random)
    {
        var a = random.Between(0, LargestNumber);
        var add = random.Chance(0.5);
        var b = random.Between(0, add ? LargestNumber - a : a);
        return (string.Create(CultureInfo.InvariantCulture, $"give {a} {(add ? "+" : "-")} {b} = ?"), (add ? a + b : a - b).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Half the time with options, answered by text and label; else answered by the text alone.</summary>
    private static Example Choice(SeededRandom random, string kind, long seed, int index, string stem, string right, IReadOnlyList<string> pool, string? reason = null)
    {
        if (random.Chance(0.5)) return Make(kind, seed, index, stem, right, reason);
        var texts = random.Sample([.. pool.Where(p => p != right)], Options - 1);
        texts.Insert(random.Next(Options), right);
        var options = texts.Select((t, i) => new Option(ChartWords.Labels[i], t)).ToList();
        var label = options.First(o => o.Text == right).Label;
        return Make(kind, seed, index, QuestionText.Chart(new Question { Id = "", Stem = stem, Options = options, Answers = [label] }), $"{right} {label}", reason);
    }

    private static Example Make(string kind, long seed, int index, string asked, string answer, string? reason = null) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{kind}-{seed}-{index:D6}"),
        Source = kind,
        Turns = [new Turn("user", asked), new Turn("assistant", (reason is null ? "" : $"<think> {reason} </think> ") + $"<answer> {answer} </answer>")],
    };

    private static List<(Department Department, Disease Disease)> Diseases(Knowledge knowledge) => [.. knowledge.Departments.SelectMany(d => d.Diseases.Select(x => (d, x)))];
}
