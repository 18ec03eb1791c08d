namespace Citrus.Research.Synthesis;

/// <summary>A consultation with a simulated patient, held against the exact posterior.</summary>
public sealed record ConsultationVerdict
{
    /// <summary>Whether the diagnosis is what the posterior prefers, given what came up; false where it names no disease of the department.</summary>
    public required bool IsBest { get; init; }

    /// <summary>Whether the diagnosis is what the patient has.</summary>
    public required bool IsTruth { get; init; }

    /// <summary>Whether what the posterior prefers, given what came up, is what the patient has.</summary>
    public required bool BestIsTruth { get; init; }

    /// <summary>Largest posterior given what came up: the chance that the best diagnosis is right, 0..1.</summary>
    public required double Certainty { get; init; }

    /// <summary>Largest posterior given all that the patient knows: the chance to be right of someone who asked everything, 0..1.</summary>
    public required double Ceiling { get; init; }

    /// <summary>Whether what the posterior prefers given all that the patient knows is what the patient has.</summary>
    public required bool CeilingIsTruth { get; init; }

    /// <summary>Entropy of the posterior after the complaint and after each answer, in nats.</summary>
    public required IReadOnlyList<double> Entropies { get; init; }

    /// <summary>Findings that the patient's answers told of.</summary>
    public required int Statements { get; init; }

    /// <summary>How many of those are so in the case.</summary>
    public required int TrueStatements { get; init; }

    /// <summary>Answers that told of no finding, mostly because the patient does not know.</summary>
    public required int EmptyAnswers { get; init; }
}
