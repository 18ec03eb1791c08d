namespace Citrus.Research.Training;

/// <summary>The CPO-SimPO loss: -log sigmoid(beta * (score(chosen) - score(rejected)) - gamma) + alpha * NLL(chosen).</summary>
/// <remarks>SimPO: Meng, Xia and Chen 2024, equation 6; the supervised anchor: Xu et al. 2024 (CPO), equation 5. No reference model is needed.</remarks>
public sealed record PreferenceOptions
{
    /// <summary>Steepness: how much one nat of score counts.</summary>
    public double Beta { get; init; } = 10;

    /// <summary>Margin that the chosen answer's score, times beta, is to lead by.</summary>
    public double Gamma { get; init; } = 5.4;

    /// <summary>Weight of the mean negative log-likelihood, per token, of the chosen answers. Without this anchor a small student collapses.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Whether an answer's score is its mean log-probability per token (SimPO) or the sum (CPO).</summary>
    public bool LengthNormalised { get; init; } = true;

    /// <summary>Whether chosen and rejected answers are compared at all; without, the anchor is left: supervised learning of the chosen ones.</summary>
    public bool Contrast { get; init; } = true;

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        Check(Beta > 0, nameof(Beta), Beta, "above 0");
        Check(Gamma >= 0, nameof(Gamma), Gamma, "0 or above");
        Check(Alpha >= 0, nameof(Alpha), Alpha, "0 or above");
    }

    private static void Check(bool good, string name, double value, string mend)
    {
        if (!good || !double.IsFinite(value)) throw new ArgumentException(FormattableString.Invariant($"Preference: {name} is {value}; it must be {mend}."));
    }
}
