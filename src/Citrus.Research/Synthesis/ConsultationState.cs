namespace Citrus.Research.Synthesis;

/// <summary>Where a consultation is: plain data, so that a driver can put it down and take it up in another process.</summary>
public sealed record ConsultationState
{
    public required ConsultationCase Case { get; init; }

    /// <summary>What was said so far, counts and sums included.</summary>
    public required Consultation SoFar { get; init; }

    /// <summary>Whether the reply in flight is the doctor's, else the patient's.</summary>
    public bool DoctorSpeaks { get; init; } = true;

    /// <summary>How often the request in flight was asked before.</summary>
    public int Attempt { get; init; }

    /// <summary>SHA-256 (hex) of the prompt file of the request in flight.</summary>
    public string PromptHash { get; init; } = "";
}
