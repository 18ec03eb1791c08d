using Citrus.Research.Clinic;
using Citrus.Research.Pathways;

namespace Citrus.Research.Synthesis;

/// <summary>How the embedded clinician makes training data in memory.</summary>
public sealed record ChartSynthesisOptions
{
    public long Seed { get; init; }

    /// <summary>Dial of the reasoning expert, 0..1.</summary>
    public double Fallibility { get; init; } = new ClinicianOptions().Fallibility;

    /// <summary>
    /// Attempts at a question, each with a seed of its own, until one is right; 1 or more. With several, every pathway keeps nearly every
    /// question, so that arms differ in how they think and not in what they were asked.
    /// </summary>
    public int Attempts { get; init; } = 8;

    /// <summary>
    /// Whether questions are left out, in every pathway, where the right option is not what the exact posterior prefers, and right answers
    /// where the thought's conclusion is not. Without it, a reflection expert who knows the truth talks the reasoning expert out of the
    /// better-founded illness wherever the patient had the rarer one, and the student learns to doubt what is right; pathways without
    /// reflection would lose most of those questions anyway.
    /// </summary>
    public bool HeedEvidence { get; init; } = true;

    /// <summary>Whether each kept question gets the thought of another one in the end: the control of <see cref="ReasoningSwap"/>.</summary>
    public bool SwapReasoning { get; init; }

    /// <summary>The rest of the clinician's options; its dial and seed are set from here.</summary>
    public ClinicianOptions Clinician { get; init; } = new();

    public PathwayOptions Pathway { get; init; } = new();
}
