using Citrus.Research.Training;
using CsCheck;

namespace Citrus.Research.Tests.Training;

public sealed class LossesTests
{
    private static readonly Gen<(float[] LogP, float[] Weights)> Tokens =
        Gen.Select(Gen.Float[-6, -0.01f], Gen.Float[0.1f, 4]).Array[1, 12].Select(t => (t.Select(x => x.Item1).ToArray(), t.Select(x => x.Item2).ToArray()));

    [Fact]
    public void Cross_entropys_slope_is_its_derivative() => Tokens.Sample(t =>
    {
        var slopes = new float[t.LogP.Length];
        var loss = Losses.CrossEntropy(t.LogP, t.Weights, slopes);
        Assert.Equal(t.LogP.Zip(t.Weights, (l, w) => -(double)l * w).Sum() / t.Weights.Sum(w => (double)w), loss, 1e-6);
        for (var i = 0; i < slopes.Length; i++) Assert.Equal(Slope(l => Losses.CrossEntropy(l, t.Weights, new float[slopes.Length]), t.LogP, i), slopes[i], 2e-3);
    }, iter: 50);

    [Theory, InlineData(true, 4), InlineData(false, 4), InlineData(true, 6)]
    public void The_preference_losss_slope_is_its_derivative_with_and_without_replay(bool normalised, int sequences) => Tokens.Where(t => t.LogP.Length >= sequences).Sample(t =>
    {
        var options = new PreferenceOptions { Beta = 1.5, Gamma = 0.4, Alpha = 0.3, LengthNormalised = normalised };
        var owners = Enumerable.Range(0, t.LogP.Length).Select(i => i % sequences).ToArray();
        double Loss(float[] l) => Losses.Preference(l, t.Weights, owners, 2, options, new float[l.Length]).Loss;
        var slopes = new float[t.LogP.Length];
        Losses.Preference(t.LogP, t.Weights, owners, 2, options, slopes);
        for (var i = 0; i < slopes.Length; i++) Assert.Equal(Slope(Loss, t.LogP, i), slopes[i], 5e-3 * Math.Max(1, Math.Abs(slopes[i])));
    }, iter: 50);

    [Fact]
    public void Preferring_the_chosen_answer_more_lowers_the_loss()
    {
        int[] owners = [0, 1];
        var (before, wrong, _) = Losses.Preference([-2f, -1f], [1, 1], owners, 1, new PreferenceOptions { Alpha = 0 }, new float[2]);
        var (after, right, margin) = Losses.Preference([-1f, -2f], [1, 1], owners, 1, new PreferenceOptions { Alpha = 0 }, new float[2]);
        Assert.True(after < before);
        Assert.Equal((0, 1, 1), (wrong, right, margin));
        // beta 10, gamma 5.4, lead 1: -log sigmoid(4.6)
        Assert.Equal(Math.Log(1 + Math.Exp(-4.6)), after, 1e-9);
    }

    [Fact]
    public void Replayed_tokens_share_the_anchor_with_the_chosen_ones_and_nothing_else()
    {
        var options = new PreferenceOptions { Alpha = 2 };
        float[] found = [-1f, -3f, -5f];
        var (plain, _, _) = Losses.Preference(found[..2], [1, 1], [0, 1], 1, options, new float[2]);
        var slopes = new float[3];
        var (loss, _, _) = Losses.Preference(found, [1, 1, 1], [0, 1, 2], 1, options, slopes);
        Assert.Equal(plain - (2 * 1) + (2 * (1 + 5) / 2.0), loss, 1e-9);
        Assert.Equal(-1f, slopes[2]);
    }

    [Fact]
    public void Without_contrast_the_anchor_is_left_and_rejected_answers_count_for_nothing()
    {
        var slopes = new float[2];
        var (loss, right, _) = Losses.Preference([-2f, -1f], [1, 1], [0, 1], 1, new PreferenceOptions { Alpha = 3, Contrast = false }, slopes);
        Assert.Equal((6, 0), (loss, right));
        Assert.Equal([-3f, 0f], slopes);
    }

    [Fact]
    public void An_answer_without_weight_never_makes_a_loss_that_is_no_number()
    {
        var slopes = new float[1];
        var (loss, _, _) = Losses.Preference([-1f], [1], [1], 1, new PreferenceOptions { Alpha = 0 }, slopes);
        Assert.True(double.IsFinite(loss) && slopes.All(float.IsFinite));
    }

    [Fact]
    public void A_hopeless_lead_stays_finite()
    {
        var slopes = new float[2];
        var (loss, _, _) = Losses.Preference([-9000f, -0.001f], [1, 1], [0, 1], 1, new PreferenceOptions(), slopes);
        Assert.True(double.IsFinite(loss) && slopes.All(float.IsFinite));
    }

    private static double Slope(Func<float[], double> loss, float[] at, int i)
    {
        float[] Moved(float by) => [.. at.Select((x, j) => j == i ? x + by : x)];
        var (up, down) = (Moved(0.01f), Moved(-0.01f));
        return (loss(up) - loss(down)) / ((double)up[i] - down[i]);
    }
}
