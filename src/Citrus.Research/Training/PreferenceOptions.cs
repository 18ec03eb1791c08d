using System.Globalization;
using System.Text.Json.Serialization;

namespace Citrus.Research.Training;

/// <summary>The CPO-SimPO loss: -log sigmoid(beta * (score(chosen) - score(rejected)) - gamma) + alpha * NLL(chosen); and, by its other options, SimPO, CPO, DPO, IPO and the hinge.</summary>
/// <remarks>
/// <para>SimPO: Meng, Xia and Chen 2024, equation 6; the supervised anchor: Xu et al. 2024 (CPO), equation 5; DPO: Rafailov et al. 2023, equation 7. The defaults are what TRL's CPOTrainer computes
/// with <c>loss_type="simpo"</c>: the contrast is a mean over pairs, an answer's score a mean over its tokens, the anchor a mean over all tokens of the batch's chosen answers (not a mean of
/// answers' means), prompts left out of both.</para>
/// <para>An answer without a token that counts leaves its pair out of the contrast.</para>
/// </remarks>
public sealed record PreferenceOptions
{
    /// <summary>The paper's: beta 10, gamma 5.4, alpha 0.05, per token. The same as the defaults.</summary>
    public static PreferenceOptions CpoSimPo { get; } = new();

    /// <summary>SimPO as its authors trained Llama-3-Instruct 8B (v0.2): beta 10, gamma 3, per token, no anchor.</summary>
    public static PreferenceOptions SimPo { get; } = new() { Gamma = 3, Alpha = 0 };

    /// <summary>CPO as published: beta 0.1, summed, no margin, the anchor in full.</summary>
    public static PreferenceOptions Cpo { get; } = new() { Beta = 0.1, Gamma = 0, Alpha = 1, LengthNormalised = false };

    /// <summary>DPO as published: beta 0.1, summed, against the reference's scores, no margin, no anchor.</summary>
    public static PreferenceOptions Dpo { get; } = new() { Beta = 0.1, Gamma = 0, Alpha = 0, LengthNormalised = false, Reference = true };

    /// <summary>IPO: beta (the paper's tau) 0.1, per token, against the reference's scores.</summary>
    public static PreferenceOptions Ipo { get; } = new() { Beta = 0.1, Gamma = 0, Alpha = 0, Reference = true, Shape = PreferenceShape.Squared };

    /// <summary>The objectives by name, for a command line.</summary>
    public static IReadOnlyDictionary<string, PreferenceOptions> Named { get; } = new Dictionary<string, PreferenceOptions>(StringComparer.Ordinal)
    {
        ["cpo-simpo"] = CpoSimPo,
        ["simpo"] = SimPo,
        ["cpo"] = Cpo,
        ["dpo"] = Dpo,
        ["ipo"] = Ipo,
    };

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

    // Properties below are left out of JSON at their defaults: records of studies are known by a hash of it.

    /// <summary>What a pair costs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PreferenceShape Shape { get; init; }

    /// <summary>Whether an answer's score is its lead over what the reference model gives it (DPO); see <see cref="ReferenceScores"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Reference { get; init; }

    /// <summary>Probability that a pair's answers stand the wrong way round (conservative DPO); <see cref="PreferenceShape.Logistic"/> only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LabelSmoothing { get; init; }

    /// <summary>The loss as a formula, the averaging stated.</summary>
    public override string ToString()
    {
        static string N(double x) => x.ToString(CultureInfo.InvariantCulture);
        var lead = $"{(LengthNormalised ? "mean" : "summed")} log p{(Reference ? " over the reference's" : "")}, chosen - rejected";
        var x = $"{N(Beta)} * ({lead}){(Gamma > 0 ? $" - {N(Gamma)}" : "")}";
        List<string> parts = [];
        if (Contrast)
        {
            parts.Add(Shape switch
            {
                PreferenceShape.Hinge => $"max(0, 1 - ({x}))",
                PreferenceShape.Squared => $"(({lead}) - 1/{N(2 * Beta)})^2",
                _ => $"-log sigmoid({x})",
            } + (LabelSmoothing > 0 ? $", labels smoothed by {N(LabelSmoothing)}" : ""));
        }

        if (Alpha > 0 || !Contrast) parts.Add($"{N(Alpha)} * NLL per token of the chosen");
        return string.Join(" + ", parts);
    }

    /// <exception cref="ArgumentException">A value is out of range, or two do not go together.</exception>
    public void Validate()
    {
        Check(Beta > 0, nameof(Beta), Beta, "above 0");
        Check(Gamma >= 0, nameof(Gamma), Gamma, "0 or above");
        Check(Alpha >= 0, nameof(Alpha), Alpha, "0 or above");
        Check(LabelSmoothing is >= 0 and < 0.5, nameof(LabelSmoothing), LabelSmoothing, "in [0, 0.5)");
        Check(LabelSmoothing == 0 || Shape == PreferenceShape.Logistic, nameof(LabelSmoothing), LabelSmoothing, "0 with this shape; only the logistic one has smoothed labels");
        Check(Gamma == 0 || Shape != PreferenceShape.Squared, nameof(Gamma), Gamma, "0 with IPO, whose margin is 1 / (2 beta)");
    }

    private static void Check(bool good, string name, double value, string mend)
    {
        if (!good || !double.IsFinite(value)) throw new ArgumentException(FormattableString.Invariant($"Preference: {name} is {value}; it must be {mend}."));
    }
}
