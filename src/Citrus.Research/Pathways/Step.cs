namespace Citrus.Research.Pathways;

/// <summary>One thing that one expert said on the way to an answer.</summary>
public sealed record Step
{
    /// <summary>Who said it, one of <see cref="Experts.ExpertRoles"/>.</summary>
    public required string Role { get; init; }

    public required StepKind Kind { get; init; }

    public required string Text { get; init; }

    /// <summary>Whether it belongs to the accepted thought; false for a proposal that the reflection expert rejected.</summary>
    public bool Accepted { get; init; } = true;

    /// <summary>What the reflection expert said about it, any word of the answer withheld; null where nobody checked it.</summary>
    public string? Feedback { get; init; }

    /// <summary>The question's answer that the step commits to, as a label; null where it commits to none.</summary>
    public string? Answer { get; init; }

    /// <summary>Input tokens of the call, where the expert reports them; 0 for a further step of the same call.</summary>
    public long? TokensIn { get; init; }

    /// <summary>Output tokens of the call, where the expert reports them.</summary>
    public long? TokensOut { get; init; }

    /// <summary>What the call cost in US dollars; null where the price is unknown, 0 for a further step of the same call.</summary>
    public double? Cost { get; init; }

    /// <summary>How long the call took when it was made, in milliseconds; null where nobody measured.</summary>
    public double? Latency { get; init; }

    /// <summary>A reasoning model's own thinking behind the step, where it came apart from the message.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The reflection expert's score, 0-100, in a tree; null elsewhere.</summary>
    public double? Score { get; init; }

    /// <summary>Number of the step in its tree, from 1; null outside a tree.</summary>
    public int? Node { get; init; }

    /// <summary>Number of the step it follows in its tree, 0 for the question itself; null outside a tree.</summary>
    public int? Parent { get; init; }

    /// <summary>The expert that said it, as its spec.</summary>
    public string Expert { get; init; } = "";

    /// <summary>SHA-256 (hex) of the prompt file it was asked with.</summary>
    public string PromptHash { get; init; } = "";
}
