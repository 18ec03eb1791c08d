using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

public sealed class RateScheduleTests
{
    private static readonly TrainingOptions Options = new() { Steps = 110, WarmupSteps = 10, FinalRate = 0.1 };

    [Theory, InlineData(RateShape.Cosine), InlineData(RateShape.Linear), InlineData(RateShape.WarmupStableDecay)]
    public void Every_shape_warms_up_in_a_line_and_ends_at_the_final_rate(RateShape shape)
    {
        var options = Options with { Shape = shape, DecayFraction = 0.5 };
        Assert.All(Enumerable.Range(0, 10), s => Assert.Equal((s + 1) / 10.0, At(s, options), 1e-12));
        Assert.Equal(1, At(10, options), 1e-12);
        Assert.Equal(0.1, RateSchedule.At(110, 1, options), 1e-12);
        var after = Enumerable.Range(10, 100).Select(s => At(s, options)).ToList();
        Assert.Equal(after.OrderDescending(), after);
    }

    [Fact]
    public void A_cosine_is_halfway_down_in_the_middle_and_follows_its_closed_form()
    {
        var options = Options with { Shape = RateShape.Cosine };
        Assert.Equal(0.55, At(60, options), 1e-12);
        Assert.All(Enumerable.Range(10, 100), s => Assert.Equal(0.1 + (0.9 * 0.5 * (1 + Math.Cos(Math.PI * (s - 10) / 100))), At(s, options), 1e-12));
    }

    [Fact]
    public void A_line_falls_by_the_same_each_step()
    {
        var options = Options with { Shape = RateShape.Linear, FinalRate = 0 };
        Assert.All(Enumerable.Range(10, 100), s => Assert.Equal((110 - s) / 100.0, At(s, options), 1e-12));
    }

    [Fact]
    public void A_budget_in_examples_gives_the_same_rates_as_the_steps_they_make()
    {
        var examples = Options with { Shape = RateShape.Cosine, Steps = null, Examples = 110 * 8, BatchSize = 4, Accumulate = 2 };
        Assert.All(Enumerable.Range(0, 110), s => Assert.Equal(At(s, Options with { Shape = RateShape.Cosine }), RateSchedule.At(s, s / 110.0, examples), 1e-12));
    }

    [Fact]
    public void A_warm_up_longer_than_the_run_never_falls() =>
        Assert.Equal(0.3, RateSchedule.At(2, 0.9, new TrainingOptions { Steps = 3, WarmupSteps = 10, Shape = RateShape.Linear }), 1e-12);

    private static double At(int step, TrainingOptions options) => RateSchedule.At(step, step / 110.0, options);
}
