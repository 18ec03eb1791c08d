using System.Globalization;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>The knowledge written out for continued pre-training.</summary>
public static class Textbook
{
    /// <summary>
    /// An endless stream of passages: round after round every disease (in prose also every drug) once, in a new order and new words; take as many
    /// as are needed.
    /// </summary>
    /// <remarks>
    /// Chart: <c>textbook cardiology x shows f1 + f2 - ... . first drug avoid c1 c2 second drug2 . confirm test .</c>, every panel finding once,
    /// <c>+</c> where P(finding | disease) is at least one half; <c>avoid</c> with nothing after it where no context forbids the drug.
    /// A world without drugs or tests leaves their part out.
    /// </remarks>
    /// <param name="seed">Same knowledge, register and seed: the same passages, byte for byte.</param>
    public static IEnumerable<Passage> Passages(Knowledge knowledge, Register register, long seed)
    {
        var topics = new List<(string Id, Func<SeededRandom, string> Write)>();
        var prose = new TextbookProse(knowledge);
        foreach (var department in knowledge.Departments)
        {
            foreach (var disease in department.Diseases)
            {
                topics.Add((disease.Id, register == Register.Chart ? r => Chart(knowledge, department, disease, r) : r => prose.Disease(department, disease, r)));
                if (register == Register.Chart) continue;
                if (disease.FirstLine is { } first) topics.Add((first, r => prose.Drug(knowledge.Drugs[first], disease, isFirst: true, r)));
                if (disease.SecondLine is { } second) topics.Add((second, r => prose.Drug(knowledge.Drugs[second], disease, isFirst: false, r)));
            }
        }

        for (var round = 0; ; round++)
        {
            var random = SeededRandom.For(seed, "textbook", knowledge.World, register, round);
            random.Shuffle(topics);
            foreach (var (id, write) in topics)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"textbook-{(register == Register.Chart ? "chart" : "prose")}-{seed}-{round:D4}-{id}");
                yield return new Passage(name, write(random));
            }
        }
    }

    private static string Chart(Knowledge knowledge, Department department, Disease disease, SeededRandom random)
    {
        var words = new List<string> { "textbook", department.Id, disease.Id, "shows" };
        foreach (var f in random.Sample(department.Panel, department.Panel.Count)) words.AddRange([f, knowledge.Likelihood(disease, f) >= 0.5 ? "+" : "-"]);
        words.Add(".");
        if (disease.FirstLine is { } first && disease.SecondLine is { } second)
            words.AddRange(["first", first, "avoid", .. knowledge.Drugs[first].Avoid, "second", second, "."]);
        if (disease.Confirm is { } test) words.AddRange(["confirm", test, "."]);
        return string.Join(' ', words);
    }
}
