using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>Preference training on a student's own answers: right against wrong ones to the same training question.</summary>
/// <remarks>
/// Chosen on dev with students of 0.1M (results/NEGATIVE.md has the attempts). It does no harm, where the paper's setting destroys such students (<see cref="AsInThePaper"/>), and no more good than the
/// right samples alone (results/stages). What makes the difference to the paper's: the lead counts summed, so that a pair that is well apart stops pushing; only what follows the first difference counts; and fine-tuning examples are replayed as an anchor.
/// </remarks>
public sealed record PreferenceRecipe
{
    public PreferenceSamplingOptions Sampling { get; init; } = new();

    public PreferenceObjective Objective { get; init; } = PreferenceObjective.FromDivergence;

    /// <summary>Pairs learned from, repetitions counted.</summary>
    public long Pairs { get; init; } = 8000;

    /// <summary>Whether each batch of pairs comes with a batch of the fine-tuning examples.</summary>
    public bool Replay { get; init; } = true;

    public PreferenceOptions Loss { get; init; } = new() { Beta = 1, Gamma = 0, Alpha = 20, LengthNormalised = false };

    /// <summary>Part of the steps, at the end, over which the rate falls.</summary>
    public double DecayFraction { get; init; } = 1;

    /// <summary>Pairs per batch.</summary>
    public int BatchSize { get; init; } = 16;

    public OptimizerOptions Optimizer { get; init; } = new() { Muon = false, AdamRate = 5e-4 };

    /// <summary>The paper's loss (beta 10, gamma 5.4, alpha 0.05, per token, over whole answers, nothing replayed), on the same samples; at a rate of 2e-5, above which it destroys the student.</summary>
    /// <remarks>
    /// The loss asks the chosen answer to lead by gamma / beta = 0.54 nats a token. Right and wrong answers of a student differ in a few of some 70 tokens, so the lead is never reached, every
    /// pair pushes for ever, and what both answers share, mostly right, is pushed down together with the error.
    /// </remarks>
    public PreferenceRecipe AsInThePaper() => this with
    {
        Objective = PreferenceObjective.WholeAnswers,
        Replay = false,
        Loss = new PreferenceOptions(),
        Optimizer = Optimizer with { AdamRate = 2e-5 },
    };

    /// <summary>The control without pairs: fine-tuning goes on for as many steps on the same examples, at the same rate.</summary>
    public PreferenceRecipe ReplayAlone() => this with { Objective = PreferenceObjective.ReplayAlone, Replay = true };

    /// <summary>The control without wrong answers: the anchor alone, on the same samples, at the same rate.</summary>
    public PreferenceRecipe ChosenAlone() => this with { Objective = PreferenceObjective.ChosenAlone };
}
