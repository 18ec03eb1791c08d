using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>One sampled answer, matched and scored: a line of samples.jsonl.</summary>
public sealed record PreferenceSample
{
    /// <summary>Id of the question.</summary>
    public required string Question { get; init; }

    /// <summary>Which sample of the question, from 0.</summary>
    public required int Sample { get; init; }

    /// <summary>The whole answer, thought included.</summary>
    public required string Text { get; init; }

    /// <summary>Whether the sampler stopped at its token limit.</summary>
    public bool CutOff { get; init; }

    /// <summary>Label of the option it chose; null where neither rule nor matcher could tell.</summary>
    public string? Option { get; init; }

    /// <summary>How the rule found the option; <see cref="ExtractionTier.None"/> where it did not.</summary>
    public ExtractionTier Tier { get; init; }

    /// <summary>Whether the option matcher was asked, because the rule could not tell.</summary>
    public bool Matched { get; init; }

    /// <summary>Whether the option is right; null where there is none.</summary>
    public bool? Right { get; init; }

    /// <summary>The pointwise judge's score, 0-100.</summary>
    public required double Score { get; init; }

    /// <summary>The judge's reason.</summary>
    public string Reason { get; init; } = "";

    /// <summary>All calls for this sample: sampler, matcher, judge.</summary>
    public PreferenceUsage Usage { get; init; } = PreferenceUsage.None;

    /// <summary>SHA-256 (hex) of everything it was made from; a resume takes it up where this is the same.</summary>
    public string Inputs { get; init; } = "";
}
