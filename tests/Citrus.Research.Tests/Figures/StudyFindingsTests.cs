using Citrus.Research.Figures;
using Citrus.Research.Studies;

namespace Citrus.Research.Tests.Figures;

public sealed class StudyFindingsTests
{
    private static StudyRow Row(string arm, double letter, double tokens = 4, string size = "0.4M", long parameters = 400_000) => new(
        "pathways", "full", "clinic", "test", "EqualExamples", "WithTextbook", arm, size, null, "overall", 1000, letter, letter - 0.02, letter + 0.02, letter, letter - 0.02, letter + 0.02, letter, letter - 0.02, letter + 0.02,
        1, 0.97, 0.25, parameters, parameters, 1, 1, tokens, null, null, null, null, null);

    private static ComparisonRow Pair(string first, string second, double difference, double p, string budget = "EqualExamples", string size = "0.4M") =>
        new(budget, "WithTextbook", size, "overall", first, second, 3, 1000, difference, difference - 0.01, difference + 0.01, null, null, p, p, null, null);

    private static readonly StudyRow[] Rows = [Row("Direct", 0.80), Row("PatternRecognition", 0.82, 15), Row("HypotheticoDeductive", 0.90, 74), Row("SwappedReasoning", 0.60, 56)];

    [Fact]
    public void A_pathway_that_beats_direct_answers_is_named_with_its_points_and_one_that_does_not_stand_out_is_said_so() =>
        Assert.Equal("At 0.4M, hypothetico-deductive answers 10 points more right than direct answers do, 7 at equal tokens; pattern recognition does not stand out", StudyFigures.Pathways(Rows,
            [Pair("HypotheticoDeductive", "Direct", 0.10, 0.01), Pair("PatternRecognition", "Direct", 0.02, 0.3), Pair("HypotheticoDeductive", "Direct", 0.07, 0.01, "EqualTokens"), Pair("SwappedReasoning", "Direct", -0.2, 0.01)]).Title);

    [Fact]
    public void Where_nothing_stands_out_the_title_says_so() =>
        Assert.Equal("At 0.4M, no pathway's accuracy stands out from that of direct answers (−2 to +1 points)",
            StudyFigures.Pathways(Rows, [Pair("HypotheticoDeductive", "Direct", 0.01, 0.4), Pair("PatternRecognition", "Direct", -0.02, 0.3)]).Title);

    [Fact]
    public void Without_comparisons_the_title_claims_no_difference() =>
        Assert.Equal("At 0.4M: Hypothetico-deductive 0.90, Pattern recognition 0.82, Direct 0.80", StudyFigures.Pathways(Rows).Title);

    [Fact]
    public void Length_is_told_from_content_by_the_arm_that_thinks_about_another_case()
    {
        var figure = StudyFigures.ThinkingLength(Rows, [Pair("SwappedReasoning", "HypotheticoDeductive", -0.30, 0.01)]);
        Assert.StartsWith("At 0.4M, it is not the length: thought about the case (hypothetico-deductive) answers 90 % with 74 tokens, about another case 60 % with 56 tokens", figure.Title);
        Assert.Contains("what is thought shows no effect", StudyFigures.ThinkingLength(Rows, [Pair("SwappedReasoning", "HypotheticoDeductive", -0.30, 0.5)]).Title);
        Assert.Equal(Rows.Length, figure.Table.As<ThinkingRow>().Count);
    }

    [Fact]
    public void Size_alone_that_noise_would_give_is_said_to_be_within_noise()
    {
        StudyRow[] rows = [Row("Direct", 0.80, size: "0.1M", parameters: 100_000), Row("Direct", 0.81), Row("HypotheticoDeductive", 0.86, size: "0.1M", parameters: 100_000), Row("HypotheticoDeductive", 0.90)];
        var title = StudyFigures.Scaling(rows, null, [Pair("HypotheticoDeductive", "Direct", 0.06, 0.01, size: "0.1M"), Pair("HypotheticoDeductive", "Direct", 0.09, 0.01)]).Title;
        Assert.Equal("Hypothetico-deductive adds 6 to 9 points to direct answers at all 2 sizes; direct answers with 4 times the parameters stay within noise (80 and 81 %)", title);
        Assert.Contains("does not stand out from direct answers at any of 2 sizes", StudyFigures.Scaling(rows, null, [Pair("HypotheticoDeductive", "Direct", 0.06, 0.2, size: "0.1M"), Pair("HypotheticoDeductive", "Direct", 0.09, 0.2)]).Title);
    }
}
