using Citrus.Research.Evaluation.Statistics;
using CsCheck;

namespace Citrus.Research.Tests.Evaluation.Statistics;

public sealed class MajorityAtKTests
{
    /// <summary>By hand: of A A B, three votes give A; two draw AA once and AB twice of three, a tie that A wins half the time: (1 + 2 / 2) / 3.</summary>
    [Theory]
    [InlineData("A,A,B", 1, 2.0 / 3)]
    [InlineData("A,A,B", 2, 2.0 / 3)]
    [InlineData("A,A,B", 3, 1)]
    [InlineData("A,B,B", 3, 0)]
    [InlineData("A,B,C", 3, 1.0 / 3)]
    [InlineData("B,B", 2, 0)]
    public void The_commonest_answer_wins_and_a_tie_is_shared(string answers, int k, double won) => Assert.Equal(won, MajorityAtK.Of(answers.Split(','), "A", k), 12);

    [Fact]
    public void A_sample_without_an_answer_takes_a_place_and_has_no_vote()
    {
        Assert.Equal(1, MajorityAtK.Of(["A", null, null], "A", 3), 12);
        Assert.Equal(1.0 / 3, MajorityAtK.Of(["A", null, null], "A", 1), 12);
        Assert.Equal(0, MajorityAtK.Of([null, null], "A", 2));
    }

    [Fact]
    public void It_equals_counting_every_choice_of_k()
    {
        Gen.Select(Gen.Int[0, 4].Array[1, 9], Gen.Int[1, 9]).Where(x => x.Item2 <= x.Item1.Length).Sample((drawn, k) =>
        {
            string?[] answers = [.. drawn.Select(d => d == 4 ? null : "ABCD"[d].ToString())];
            var (won, all) = (0.0, 0);
            for (var mask = 0; mask < 1 << answers.Length; mask++)
            {
                if (int.PopCount(mask) != k) continue;
                all++;
                var votes = answers.Where((a, i) => a is not null && (mask >> i & 1) == 1).GroupBy(a => a).ToList();
                var lead = votes.Where(g => g.Count() == votes.Max(v => v.Count())).ToList();
                if (lead.Any(g => g.Key == "A")) won += 1.0 / lead.Count;
            }

            return Math.Abs(MajorityAtK.Of(answers, "A", k) - (won / all)) < 1e-12;
        }, iter: 200);
    }

    [Fact]
    public void One_vote_is_the_share_of_right_samples()
    {
        Gen.Int[0, 3].Array[1, 60].Sample(drawn =>
        {
            string?[] answers = [.. drawn.Select(d => "ABCD"[d].ToString())];
            return Math.Abs(MajorityAtK.Of(answers, "A", 1) - PassAtK.Of(answers.Length, answers.Count(a => a == "A"), 1)) < 1e-12;
        }, iter: 50);
    }

    [Fact]
    public void More_votes_than_samples_are_refused() => Assert.Contains("needs at least 3 samples", Assert.Throws<ArgumentOutOfRangeException>(() => MajorityAtK.Of(["A", "B"], "A", 3)).Message);
}
