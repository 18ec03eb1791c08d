namespace Citrus.Research.Synthesis;

/// <summary>A question of the doctor's or an answer of the patient's.</summary>
/// <param name="Doctor">Who speaks.</param>
/// <param name="Text">What is said, on one line.</param>
public sealed record ConsultationTurn(bool Doctor, string Text)
{
    /// <summary>Spec of the expert who spoke.</summary>
    public string Expert { get; init; } = "";

    /// <summary>SHA-256 (hex) of the prompt file it was asked with.</summary>
    public string PromptHash { get; init; } = "";

    /// <summary>Input tokens of the call, where reported.</summary>
    public long? TokensIn { get; init; }

    /// <summary>Output tokens of the call, where reported.</summary>
    public long? TokensOut { get; init; }
}
