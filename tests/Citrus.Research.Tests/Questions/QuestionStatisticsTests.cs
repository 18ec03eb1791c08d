using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

public sealed class QuestionStatisticsTests
{
    [Fact]
    public void What_is_in_the_questions_is_counted()
    {
        var statistics = QuestionStatistics.Of(
        [
            Some.Question("q1", "A", tags: new Dictionary<string, string> { ["step"] = "1" }) with { Stem = "short stem" },
            Some.Question("q2", "B", tags: new Dictionary<string, string> { ["step"] = "2" }) with { Stem = "a stem that is longer", Split = "test" },
            Some.Question("q3", "B", options: ["yes", "no"]) with { Stem = "这个问题是用中文问的吗", Answers = ["A", "B"] },
        ]);
        Assert.Equal((3, 1), (statistics.Questions, statistics.SeveralAnswers));
        Assert.Equal([(2, 1), (4, 2)], statistics.Options.Select(o => (o.Key, o.Value)));
        Assert.Equal([("A", 2), ("B", 2)], statistics.Answers.Select(a => (a.Key, a.Value)));
        Assert.Equal([("en", 2), ("zh", 1)], statistics.Languages.Select(l => (l.Key, l.Value)));
        // Two questions of four options, and one whose answer is a set: 1 of the 3 sets that are not empty.
        Assert.Equal((0.25 + 0.25 + (1 / 3.0)) / 3, statistics.Chance, 12);
        Assert.Equal((10, 11.0, 21), (statistics.StemLength.Least, statistics.StemLength.Median, statistics.StemLength.Most));
        Assert.Equal(2, statistics.Tags["step"].Values);
    }

    [Fact]
    public void A_question_asked_twice_is_found_in_other_case_and_with_its_options_in_another_order()
    {
        var first = Some.Question("q1", "A", options: ["Asthma", "Gout"]);
        var again = Some.Question("q2", "B", options: ["gout ", "asthma"]) with { Stem = first.Stem.ToUpperInvariant() + "  " };
        Assert.Equal([("q2", "q1")], QuestionStatistics.Of([first, again, Some.Question("q3", "A", options: ["asthma", "croup"])]).Duplicates);
    }

    [Fact]
    public void What_looks_wrong_is_told()
    {
        var problems = QuestionStatistics.Of([Some.Question("q1", "A", options: ["gout", "flu", "Gout"]), Some.Question("q2", "A") with { Stem = "x\uFFFD?" }]).Problems;
        Assert.Contains(problems, p => p.Id == "q1" && p.Problem.Contains("options A and C say the same", StringComparison.Ordinal) && p.Problem.Contains("only one of them is right", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Id == "q2" && p.Problem.Contains("lost", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Id == "q2" && p.Problem.Contains("very short", StringComparison.Ordinal));
    }
}
