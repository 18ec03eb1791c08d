using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Examples;

public sealed class ContaminationSearchTests
{
    private const string Stem = "A 40-year-old man, previously well, comes to the emergency department with a sudden tearing pain between the shoulder blades and unequal pulses in both arms.";

    private static (string, Question) Test(string id, string stem, params string[] options) =>
        ("test.jsonl", new Question { Id = id, Stem = stem, Options = [.. (options.Length > 0 ? options : ["x", "y"]).Select((o, i) => new Option(((char)('A' + i)).ToString(), o))], Answers = ["A"] });

    private static TrainingRow Row(int line, params string[] texts) => new("train.jsonl", line, $"r{line}", [.. texts.Select((t, i) => new TrainingText($"t{i}", t))]);

    private static string Words(int from, int count) => string.Join(' ', Enumerable.Range(from, count).Select(i => $"word{i}"));

    [Fact]
    public void A_copied_stem_is_found_in_both_ways_with_its_row_field_and_text()
    {
        var report = new ContaminationSearch([Test("q1", Stem), Test("q2", Words(0, 30))]).Search([Row(1, "nothing"), Row(2, "unrelated", $"Answer this.\n{Stem}\nA. x\nB. y")]);
        Assert.Equal(2, report.Rows);
        Assert.All(report.Matches, m => Assert.Equal(("train.jsonl", 2, "r2", "t1", "q1", 100.0), (m.File, m.Line, m.Row, m.Field, m.Question, m.Score)));
        Assert.Equal([ContaminationKind.Run, ContaminationKind.Fuzzy], report.Matches.Select(m => m.Kind));
        Assert.StartsWith("A 40-year-old man, previously well", report.Matches[0].Shared, StringComparison.Ordinal);
        Assert.True(report.IsContaminated(0));
        Assert.False(report.IsContaminated(1));
    }

    [Fact]
    public void Small_edits_all_over_break_every_run_and_are_found_by_likeness()
    {
        var edited = Stem.Replace("previously", "previousl", StringComparison.Ordinal).Replace("sudden", "suden", StringComparison.Ordinal).Replace("pulses", "puls", StringComparison.Ordinal);
        var report = new ContaminationSearch([Test("q1", Stem)]).Search([Row(1, edited)]);
        var match = Assert.Single(report.Matches);
        Assert.Equal(ContaminationKind.Fuzzy, match.Kind);
        Assert.InRange(match.Score, 97, 99.5);
        Assert.Empty(report.ByRun);
    }

    [Fact]
    public void A_part_of_a_stem_is_found_by_its_runs_and_the_score_is_the_part()
    {
        var match = Assert.Single(new ContaminationSearch([Test("q1", Words(0, 32))]).Search([Row(1, $"so {Words(4, 22)} and {Words(100, 40)}")]).Matches);
        Assert.Equal((ContaminationKind.Run, 50.0, Words(4, 22)), (match.Kind, match.Score, match.Shared)); // 10 of its 20 runs
    }

    [Fact]
    public void Every_question_with_the_shared_run_is_told()
    {
        var shared = Words(0, 20);
        var report = new ContaminationSearch([Test("a", shared + " " + Words(50, 9)), Test("b", shared + " " + Words(70, 9)), Test("b again", shared + " " + Words(70, 9), "p", "q")]).Search([Row(1, $"it said {shared} then")]);
        Assert.Equal(["a", "b", "b again"], report.Matches.Select(m => m.Question));
    }

    [Fact]
    public void A_short_stem_counts_only_with_its_options()
    {
        const string stem = "Which of the following is the most likely diagnosis?";
        var search = new ContaminationSearch([Test("q1", stem, "aortic dissection of the thoracic aorta", "acute inferior myocardial infarction"), Test("tiny", "Which?", "x", "y"), Test("x", stem), Test("y", stem), Test("z", stem + " Really")]);
        Assert.Equal([1], search.TooShort);
        Assert.Empty(search.Search([Row(1, stem)]).ByFuzzy);
        Assert.Equal([0], search.Search([Row(1, $"{stem}\n(A) Aortic dissection of the thoracic aorta\n(B) Acute inferior myocardial infarction")]).ByFuzzy);
    }

    [Fact]
    public void Chinese_counts_characters()
    {
        const string stem = "患者，男，45岁，因反复上腹部疼痛三个月伴黑便两天入院，既往体健，无饮酒史。最可能的诊断是什么？";
        var search = new ContaminationSearch([Test("z", stem)]);
        Assert.Equal([0], search.Search([Row(1, "病例：患者男45岁因反复上腹部疼痛三个月伴黑便两天入院。")]).ByRun);
        Assert.Equal([0], search.Search([Row(1, stem.Replace("既往", "以往", StringComparison.Ordinal))]).ByFuzzy);
        Assert.Empty(search.Search([Row(1, "因反复上腹部疼痛三个月来诊。")]).Matches);
    }

    [Fact]
    public void Stock_phrases_are_left_out_and_counted()
    {
        const string stock = "which of the following is the most appropriate next step in the management of this patient";
        var exam = new ContaminationSearch([Test("a", Words(0, 20) + stock), Test("b", Words(30, 20) + stock), Test("c", Words(60, 20) + stock)]).Search([Row(1, "So " + stock)]);
        Assert.Empty(exam.Matches);
        Assert.InRange(exam.StockInTests, 1, 20);

        var search = new ContaminationSearch([Test("a", Words(0, 20) + " " + stock)]);
        var report = search.Search([.. Enumerable.Range(1, 12).Select(i => Row(i, $"prompt number {i} is about number {i} and {stock}"))]);
        Assert.Empty(report.Matches);
        Assert.InRange(report.StockInExamples, 1, 20);
        // Twelve answers to one prompt are one place.
        Assert.Equal(12, search.Search([.. Enumerable.Range(1, 12).Select(i => Row(i, $"one prompt of many words for all of the rows", $"{i} {stock}"))]).Matches.Count);
    }

    [Fact]
    public void It_agrees_with_the_filter_that_synthesis_uses()
    {
        var random = SeededRandom.For(9, "contamination");
        var tests = Enumerable.Range(0, 40).Select(i => Test($"q{i}", string.Join(' ', Enumerable.Range(0, random.Between(6, 40)).Select(_ => $"w{random.Next(500)}")))).ToList();
        var filter = new Contamination(tests);
        var search = new ContaminationSearch(tests);
        foreach (var text in Enumerable.Range(0, 200).Select(_ => random.Chance(0.5) ? tests[random.Next(40)].Item2.Stem : string.Join(' ', Enumerable.Range(0, 30).Select(_ => $"w{random.Next(500)}"))))
            Assert.Equal(filter.Find($"x {text[(text.Length / 4)..]} y") is not null, search.Search([Row(1, $"x {text[(text.Length / 4)..]} y")]).ByRun.Count > 0);
    }
}
