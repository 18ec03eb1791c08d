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

    public static TheoryData<string> Objectives => [.. PreferenceOptions.Named.Keys, "hinge", "smoothed"];

    [Theory, MemberData(nameof(Objectives))]
    public void Every_objectives_slope_is_its_derivative(string name) => Tokens.Where(t => t.LogP.Length >= 4).Sample(t =>
    {
        var options = Objective(name);
        var owners = Enumerable.Range(0, t.LogP.Length).Select(i => i % 4).ToArray();
        (double, double)[] reference = [(-3.1, -2.2), (-1, -4)];
        double Loss(float[] l) => Losses.Preference(l, t.Weights, owners, 2, options, new float[l.Length], reference: reference).Loss;
        var slopes = new float[t.LogP.Length];
        Losses.Preference(t.LogP, t.Weights, owners, 2, options, slopes, reference: reference);
        // A kink of the hinge between the two points is no error: the slope then lies between those of both sides.
        for (var i = 0; i < slopes.Length; i++) if (name != "hinge" || Math.Abs(Slope(Loss, t.LogP, i) - slopes[i]) < 1e-3) Assert.Equal(Slope(Loss, t.LogP, i), slopes[i], 1e-2 * Math.Max(1, Math.Abs(slopes[i])));
    }, iter: 50);

    [Theory, MemberData(nameof(Objectives))]
    public void A_masked_answer_takes_its_pair_out_of_the_contrast_and_nothing_else(string name)
    {
        var options = Objective(name);
        (double, double)[] reference = [(-3, -2), (-1, -4)];
        float[] slopes = new float[3], alone = new float[2];
        // Pair 1's rejected answer (owner 3) has no token; its chosen one (owner 1) stays in the anchor.
        var (loss, _, margin) = Losses.Preference([-1f, -0.5f, -2f], [1, 1, 1], [0, 1, 2], 2, options, slopes, reference: reference);
        var (expected, _, one) = Losses.Preference([-1f, -2f], [1, 1], [0, 1], 1, options with { Alpha = 0 }, alone, reference: reference.AsSpan(0, 1));
        Assert.Equal(expected + (options.Alpha * 0.75), loss, 1e-9);
        Assert.Equal(one, margin);
        Assert.Equal((float)(-options.Alpha / 2), slopes[1]);
        Assert.Equal(alone[1], slopes[2]);
    }

    [Theory, MemberData(nameof(Objectives))]
    public void A_batch_without_any_answer_costs_nothing(string name) =>
        Assert.Equal((0, 0, 0), Losses.Preference([], [], [], 2, Objective(name), [], reference: [(0, 0), (0, 0)]));

    [Fact]
    public void Cross_entropy_of_nothing_is_nothing() => Assert.Equal(0, Losses.CrossEntropy([], [], []));

    [Theory, MemberData(nameof(Objectives))]
    public void Parts_of_a_step_add_up_to_the_whole(string name)
    {
        var options = Objective(name);
        (double, double)[] reference = [(-3, -2), (-1, -4)];
        float[] found = [-1f, -0.5f, -0.25f, -2f, -1.5f];
        var whole = new float[5];
        var (loss, accuracy, margin) = Losses.Preference(found, [1, 1, 1, 1, 1], [0, 1, 1, 2, 3], 2, options, whole, reference: reference);
        float[] first = new float[2], second = new float[3];
        var a = Losses.Preference([-1f, -2f], [1, 1], [0, 1], 1, options, first, (2, 3), reference.AsSpan(0, 1));
        var b = Losses.Preference([-0.5f, -0.25f, -1.5f], [1, 1, 1], [0, 0, 1], 1, options, second, (2, 3), reference.AsSpan(1, 1));
        Assert.Equal(3, Losses.AnchorWeight([1, 1, 1, 1, 1], [0, 1, 1, 2, 3], 2));
        Assert.Equal((loss, accuracy, margin), (a.Loss + b.Loss, a.Accuracy + b.Accuracy, a.Margin + b.Margin), Near);
        Assert.Equal((float[])[first[0], second[0], second[1], first[1], second[2]], whole);
    }

    [Fact]
    public void A_loss_that_compares_asks_for_the_reference() =>
        Assert.Contains("ReferenceScores", Assert.Throws<ArgumentException>(() => Losses.Preference([-1f, -2f], [1, 1], [0, 1], 1, PreferenceOptions.Dpo, new float[2])).Message);

    [Fact]
    public void A_formula_states_the_averaging()
    {
        Assert.Equal("-log sigmoid(10 * (mean log p, chosen - rejected) - 5.4) + 0.05 * NLL per token of the chosen", new PreferenceOptions().ToString());
        Assert.Equal("-log sigmoid(0.1 * (summed log p over the reference's, chosen - rejected))", PreferenceOptions.Dpo.ToString());
    }

    [Theory]
    [InlineData(PreferenceShape.Squared, 5.4, 0, "Gamma")]
    [InlineData(PreferenceShape.Hinge, 0, 0.1, "LabelSmoothing")]
    [InlineData(PreferenceShape.Logistic, 0, 0.5, "LabelSmoothing")]
    public void Options_that_do_not_go_together_are_refused(PreferenceShape shape, double gamma, double smoothing, string name) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(new PreferenceOptions { Shape = shape, Gamma = gamma, LabelSmoothing = smoothing }.Validate).Message);

    [Fact]
    public void New_options_leave_old_hashes_alone() => // as records of finished studies have them
        Assert.Equal("""{"alpha":0.05,"beta":10,"contrast":true,"gamma":5.4,"lengthNormalised":true}""", Citrus.Research.Studies.StepHash.Canonical(new PreferenceOptions()));

    private static PreferenceOptions Objective(string name) => name switch
    {
        "hinge" => PreferenceOptions.Cpo with { Beta = 0.3, Shape = PreferenceShape.Hinge },
        "smoothed" => new PreferenceOptions { Beta = 1.5, Gamma = 0.4, Alpha = 0.3, LabelSmoothing = 0.1 },
        _ => PreferenceOptions.Named[name],
    };

    private static bool Near((double, double, double) a, (double, double, double) b) =>
        Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9 && Math.Abs(a.Item3 - b.Item3) < 1e-9;

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
