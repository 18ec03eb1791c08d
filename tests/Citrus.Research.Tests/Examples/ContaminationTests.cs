using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Examples;

public sealed class ContaminationTests
{
    private static (string, Question) Test(string id, string stem) =>
        ("test.jsonl", new Question { Id = id, Stem = stem, Options = [new("A", "x"), new("B", "y")], Answers = ["A"] });

    private static string Words(int from, int count) => string.Join(' ', Enumerable.Range(from, count).Select(i => $"word{i}"));

    [Fact]
    public void Thirteen_words_in_a_row_are_an_overlap_and_twelve_are_not()
    {
        var index = new Contamination([Test("t1", Words(0, 40))]);
        Assert.Equal(new ContaminationHit("test.jsonl", "t1", Words(10, 13)), index.Find("before " + Words(10, 13) + " after"));
        Assert.Null(index.Find("before " + Words(10, 12) + " after"));
    }

    [Fact]
    public void Case_and_punctuation_do_not_hide_an_overlap()
    {
        var index = new Contamination([Test("t1", "A 40-year-old man, previously well, comes with a sudden tearing pain between the shoulder blades.")]);
        Assert.NotNull(index.Find("a 40 YEAR old man previously well: comes with a sudden tearing pain between..."));
    }

    [Fact]
    public void A_short_question_is_looked_for_as_a_whole_and_a_very_short_one_not_at_all()
    {
        var index = new Contamination([Test("short", Words(0, 9)), Test("tiny", Words(100, 5))]);
        Assert.Equal("short", index.Find("x " + Words(0, 9))?.Question);
        Assert.Null(index.Find(Words(0, 8)));
        Assert.Null(index.Find(Words(100, 5)));
        Assert.Equal(1, index.Questions);
    }

    [Fact]
    public void Chinese_counts_characters()
    {
        var index = new Contamination([Test("z", "患者，男，45岁，因反复上腹部疼痛三个月伴黑便两天入院，既往体健，无饮酒史。最可能的诊断是什么？")]);
        Assert.NotNull(index.Find("病例：患者男45岁因反复上腹部疼痛三个月伴黑便两天入院。"));
        Assert.Null(index.Find("因反复上腹部疼痛三个月来诊。"));
    }

    [Fact]
    public void Stock_phrases_of_an_exam_or_of_the_data_are_no_overlap()
    {
        const string stock = "which of the following is the most appropriate next step in the management of this patient";
        Assert.Null(new Contamination([Test("a", Words(0, 20) + stock), Test("b", Words(30, 20) + stock), Test("c", Words(60, 20) + stock)]).Find("So " + stock));
        var index = new Contamination([Test("a", Words(0, 20) + " " + stock)]);
        var texts = Enumerable.Range(0, 12).Select(i => ($"prompt {i}", $"{i} {stock}")).Append(("leaky", Words(0, 20))).ToList();
        var hits = index.FindAll(texts);
        Assert.All(hits.Take(12), Assert.Null);
        Assert.NotNull(hits[12]);
        // Twelve answers to one prompt are one place, not twelve.
        Assert.All(index.FindAll([.. texts.Take(12).Select(t => ("same prompt", t.Item2))]), Assert.NotNull);
    }

    [Fact]
    public void The_same_stem_in_two_files_is_one_question() =>
        Assert.Equal(1, new Contamination([Test("a", Words(0, 20)), Test("b", Words(0, 20)), Test("c", Words(0, 20).ToUpperInvariant())]).Questions);

    [Fact]
    public void Texts_that_are_nearly_the_same_are_found_exactly_as_by_comparing_each_with_each()
    {
        var random = SeededRandom.For(3, "near duplicates");
        var texts = new List<string>();
        for (var i = 0; i < 120; i++)
        {
            var words = i > 0 && random.Chance(0.6) ? texts[random.Next(i)].Split(' ').ToList() : Enumerable.Range(0, random.Between(3, 60)).Select(_ => $"w{random.Next(400)}").ToList();
            for (var k = random.Next(4); k > 0; k--) words[random.Next(words.Count)] = $"w{random.Next(400)}";
            texts.Add(string.Join(' ', words));
        }

        foreach (var threshold in new[] { 0.3, 0.6, 0.8, 0.95, 1 })
        {
            var expected = new int?[texts.Count];
            for (var i = 0; i < texts.Count; i++) expected[i] = Enumerable.Range(0, i).Where(j => expected[j] is null).Cast<int?>().FirstOrDefault(j => Similarity(texts[j!.Value], texts[i]) >= threshold - 1e-9);
            Assert.Equal(expected, NearDuplicates.Of(texts, threshold));
        }
    }

    private static double Similarity(string a, string b)
    {
        static HashSet<string> Runs(string text) => text.Split(' ') is var w && w.Length < 5 ? [text] : [.. Enumerable.Range(0, w.Length - 4).Select(i => string.Join(' ', w[i..(i + 5)]))];
        var (x, y) = (Runs(a), Runs(b));
        return (double)x.Intersect(y).Count() / x.Union(y).Count();
    }
}
