using System.Text.Json.Serialization;
using Citrus.Research.Models;

namespace Citrus.Research.Training;

/// <summary>How gradients become steps.</summary>
/// <remarks>Muon (Jordan et al. 2024) for hidden matrices, AdamW (Loshchilov and Hutter 2019) for everything else, or AdamW for all.</remarks>
public sealed record OptimizerOptions
{
    /// <summary>Whether hidden matrices get Muon; else AdamW at <see cref="AdamRate"/> gets everything.</summary>
    public bool Muon { get; init; } = true;

    /// <summary>Step of a hidden matrix under Muon, as a spectral norm (times sqrt(rows / columns) where there are more rows).</summary>
    /// <remarks>0.02, the usual value, kept tiny students from learning to bind an option's text to its letter; 0.007 to 0.01 did not.</remarks>
    public double MuonRate { get; init; } = 0.01;

    /// <summary>Decay of Muon's momentum.</summary>
    public double MuonMomentum { get; init; } = 0.9;

    /// <summary>Weight decay of hidden matrices; each step shrinks them by rate times this.</summary>
    public double MatrixDecay { get; init; } = 0.3;

    /// <summary>AdamW's rate.</summary>
    public double AdamRate { get; init; } = 0.003;

    /// <summary>AdamW's rate for norm gains; null is <see cref="AdamRate"/>.</summary>
    public double? GainRate { get; init; }

    /// <summary>Decay of AdamW's mean gradient.</summary>
    public double AdamBeta1 { get; init; } = 0.9;

    /// <summary>Decay of AdamW's mean squared gradient.</summary>
    public double AdamBeta2 { get; init; } = 0.98;

    /// <summary>Added to the root of AdamW's mean squared gradient.</summary>
    public double AdamEpsilon { get; init; } = 1e-9;

    /// <summary>Weight decay of what AdamW moves, norm gains and biases excepted.</summary>
    public double AdamDecay { get; init; }

    /// <summary>Whether the embedding (and the output layer where tied) is left out of the decay as well.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepEmbedding { get; init; }

    /// <summary>Largest norm of all gradients together, above which they are scaled down; null does not clip.</summary>
    public double? ClipNorm { get; init; }

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        Check(MuonRate > 0 || !Muon, nameof(MuonRate), MuonRate, "above 0");
        Check(MuonMomentum is >= 0 and < 1, nameof(MuonMomentum), MuonMomentum, "in [0, 1)");
        Check(MatrixDecay >= 0, nameof(MatrixDecay), MatrixDecay, "0 or above");
        Check(AdamRate > 0, nameof(AdamRate), AdamRate, "above 0");
        Check(GainRate is null or >= 0, nameof(GainRate), GainRate ?? 0, "0 or above");
        Check(AdamBeta1 is >= 0 and < 1, nameof(AdamBeta1), AdamBeta1, "in [0, 1)");
        Check(AdamBeta2 is >= 0 and < 1, nameof(AdamBeta2), AdamBeta2, "in [0, 1)");
        Check(AdamEpsilon > 0, nameof(AdamEpsilon), AdamEpsilon, "above 0");
        Check(AdamDecay >= 0, nameof(AdamDecay), AdamDecay, "0 or above");
        Check(ClipNorm is null or > 0, nameof(ClipNorm), ClipNorm ?? 0, "above 0, or null not to clip");
    }

    /// <summary>AdamW's rate for a parameter of that role.</summary>
    internal double AdamRateOf(ParameterRole role) => role == ParameterRole.Gain ? GainRate ?? AdamRate : AdamRate;

    /// <summary>AdamW's weight decay for a parameter of that role.</summary>
    internal double DecayOf(ParameterRole role) => role is ParameterRole.Gain or ParameterRole.Bias || (KeepEmbedding && role == ParameterRole.Embedding) ? 0 : AdamDecay;

    private static void Check(bool good, string name, double value, string mend)
    {
        if (!good || !double.IsFinite(value)) throw new ArgumentException(FormattableString.Invariant($"Optimiser: {name} is {value}; it must be {mend}."));
    }
}
