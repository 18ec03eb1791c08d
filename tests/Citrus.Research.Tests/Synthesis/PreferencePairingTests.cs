using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using CsCheck;

namespace Citrus.Research.Tests.Synthesis;

public sealed class PreferencePairingTests
{
    private static readonly Question Asked = Pathways.Some.Question();
    private static readonly PreferenceRunOptions Options = new() { MinimumThought = 0 };

    private static readonly Gen<PreferenceSample[]> Samples =
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 12], Gen.Int[0, 2], Gen.Bool).Select((score, text, right, cut) => (Score: score * 5.0, Text: text, Right: right, Cut: cut && text % 3 == 0)).Array[0, 14]
            .Select(all => all.Select((s, i) => Sample(i, s.Score, s.Right switch { 0 => null, 1 => true, _ => false }, $"thought {s.Text}") with { CutOff = s.Cut }).ToArray());

    [Fact]
    public void The_best_stands_against_at_most_five_of_the_worst_on_the_right_sides_of_the_bound_and_never_against_its_own_text() => Samples.Sample(samples =>
    {
        var selection = PreferencePairing.Select(Asked, samples, Options);
        Assert.Equal(samples.Length, selection.Kept.Count + selection.Rejected.Count);
        Assert.Equal(samples.Select(s => s.Sample), selection.Kept.Concat(selection.Rejected.Select(r => r.Sample)).Select(s => s.Sample).Order());
        Assert.Equal(selection.Kept.Count, selection.Kept.Select(s => s.Text).Distinct().Count());
        var good = selection.Kept.Where(s => s.Score >= 60).ToList();
        Assert.Equal(good.Count == 0 ? null : good.Max(s => s.Score), selection.Best?.Score);
        if (selection.Best is not { } best)
        {
            Assert.Empty(selection.Worst);
            return;
        }

        var bad = selection.Kept.Where(s => s.Score < 60).ToList();
        Assert.Equal(Math.Min(5, bad.Count), selection.Worst.Count);
        Assert.Equal(bad.Select(s => s.Score).Order().Take(5), selection.Worst.Select(s => s.Score));
        Assert.DoesNotContain(selection.Worst, w => w.Text == best.Text || w.Score >= 60);
        Assert.Equal(selection.Worst.Count, selection.Worst.Select(w => w.Text).Distinct().Count());
    });

    [Fact]
    public void Whatever_came_first_the_same_samples_give_the_same_pairs() => Samples.Sample(samples =>
    {
        var (one, other) = (PreferencePairing.Select(Asked, samples, Options), PreferencePairing.Select(Asked, samples.Reverse(), Options));
        Assert.Equal(one.Best, other.Best);
        Assert.Equal(one.Worst, other.Worst);
        Assert.Equal(one.Rejected, other.Rejected);
    });

    [Theory]
    [InlineData(80, true, 20, false, 1, 2, null)]
    [InlineData(80, null, 20, false, 1, 2, null)]
    [InlineData(80, true, 20, true, 1, 2, null)]
    [InlineData(80, true, 20, null, 1, 2, null)]
    [InlineData(80, false, 20, false, 1, 2, PreferencePairing.ChosenWrong)]
    [InlineData(80, null, 20, true, 1, 2, PreferencePairing.RejectedBetter)]
    [InlineData(80, true, 20, false, 1, 1, PreferencePairing.OrderDecides)]
    [InlineData(80, true, 20, false, 2, 2, PreferencePairing.OrderDecides)]
    [InlineData(80, true, 20, false, 2, 1, PreferencePairing.JudgeDisagrees)]
    [InlineData(80, true, 20, false, 0, 2, PreferencePairing.Tie)]
    [InlineData(80, true, 20, false, 1, 0, PreferencePairing.Tie)]
    [InlineData(80, true, 20, false, -1, 2, PreferencePairing.NoVerdict)]
    [InlineData(80, true, 20, false, 1, -1, PreferencePairing.NoVerdict)]
    [InlineData(80, true, 60, false, 1, 2, PreferencePairing.ScoresDisagree)]
    [InlineData(59.9, true, 20, false, 1, 2, PreferencePairing.ScoresDisagree)]
    public void A_pair_holds_where_both_orders_the_scores_and_the_options_say_so(
        double chosenScore, bool? chosenRight, double rejectedScore, bool? rejectedRight, int chosenFirst, int rejectedFirst, string? reason)
    {
        PreferenceVerdict? Verdict(bool first, int better) => better < 0 ? null : new() { Question = "q1", Chosen = 0, Rejected = 1, ChosenFirst = first, Better = better };
        Assert.Equal(reason, PreferencePairing.Refuses(Sample(0, chosenScore, chosenRight), Sample(1, rejectedScore, rejectedRight), Verdict(true, chosenFirst), Verdict(false, rejectedFirst), 60));
    }

    [Fact]
    public void Of_equal_scores_the_right_one_is_chosen_and_the_wrong_one_rejected_first()
    {
        var selection = PreferencePairing.Select(Asked, [Sample(0, 90, null, "a"), Sample(1, 90, true, "b"), Sample(2, 10, true, "c"), Sample(3, 10, false, "d")], Options);
        Assert.Equal(1, selection.Best!.Sample);
        Assert.Equal([3, 2], selection.Worst.Select(w => w.Sample));
    }

    private static PreferenceSample Sample(int index, double score, bool? right, string thought = "t") => new()
    {
        Question = "q1",
        Sample = index,
        Text = $"<think>{thought}</think><answer>B. Asthma</answer>",
        Score = score,
        Right = right,
        Option = right is null ? null : right.Value ? "B" : "A",
    };
}
