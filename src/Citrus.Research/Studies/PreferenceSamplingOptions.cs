namespace Citrus.Research.Studies;

/// <summary>How a student is asked for the answers it learns from.</summary>
public sealed record PreferenceSamplingOptions
{
    /// <summary>Fresh training questions; none is among those of fine-tuning.</summary>
    public int Questions { get; init; } = 3000;

    /// <summary>Answers sampled per question.</summary>
    public int Samples { get; init; } = 4;

    /// <summary>Sampling temperature.</summary>
    public double Temperature { get; init; } = 0.8;

    /// <summary>Tokens at which an answer is cut off, and left out.</summary>
    public int MaxNewTokens { get; init; } = 200;
}
