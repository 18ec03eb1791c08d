namespace Citrus.Research.Clinic;

/// <summary>Everything that could be checked in a reasoning text.</summary>
/// <param name="Claims">Each claim with its verdict, in the order of the text.</param>
/// <param name="Faithfulness">The summary over claims that stand.</param>
/// <param name="Corrections">What the text took back, and whether rightly.</param>
public sealed record StepVerdicts(IReadOnlyList<ClaimVerdict> Claims, Faithfulness Faithfulness, Corrections Corrections);
