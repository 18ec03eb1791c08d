namespace Citrus.Research.Clinic;

/// <summary>How the embedded clinician errs as reasoning expert. In every other role it makes no mistakes.</summary>
/// <remarks>
/// With the defaults about one DualExpert trace in four holds an error that is caught; most are wrong commitments and hasty counts.
/// Each bias strikes a question with probability <see cref="Fallibility"/> times its own share, drawn from the seed and the question's
/// text alone: a rerun errs in the same places.
/// </remarks>
public sealed record ClinicianOptions
{
    /// <summary>The dial, 0 (never errs) to 1.</summary>
    public double Fallibility { get; init; } = 0.45;

    public long Seed { get; init; }

    /// <summary>Share of anchoring, 0..1: commits to whatever the first finding suggested.</summary>
    public double Anchoring { get; init; } = 1;

    /// <summary>Share of premature closure, 0..1: heeds only the first three findings.</summary>
    public double PrematureClosure { get; init; } = 0.3;

    /// <summary>Share of base-rate neglect, 0..1: takes all illnesses for equally common, which decides where findings do not.</summary>
    public double BaseRateNeglect { get; init; } = 0.6;

    /// <summary>Share of contraindication slips, 0..1: overlooks that the history forbids the first-line drug.</summary>
    public double ContraindicationSlip { get; init; } = 1;

    /// <summary>Probability that a step proposed after a rejection is free of bias, 0..1.</summary>
    public double Mending { get; init; } = 0.9;

    /// <summary>Fewest recognised findings on which it will answer.</summary>
    public int MinimumFindings { get; init; } = 2;

    /// <summary>As pairwise judge: the probability of preferring the first answer whatever is there, 0..1. Null, like 0, is none; null is not written, so that records of earlier options keep their hash.</summary>
    public double? PositionBias { get; init; }

    internal ClinicianOptions Validated()
    {
        foreach (var (name, value) in (ReadOnlySpan<(string, double)>)
            [(nameof(Fallibility), Fallibility), (nameof(Anchoring), Anchoring), (nameof(PrematureClosure), PrematureClosure),
             (nameof(BaseRateNeglect), BaseRateNeglect), (nameof(ContraindicationSlip), ContraindicationSlip), (nameof(Mending), Mending), (nameof(PositionBias), PositionBias ?? 0)])
            if (value is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, value, "A probability or share lies between 0 and 1.");
        return this;
    }
}
