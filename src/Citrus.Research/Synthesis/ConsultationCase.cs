using System.Text.Json.Serialization;
using Citrus.Research.Clinic;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>A patient for a consultation: what it says first, what it knows, and what it has.</summary>
public sealed record ConsultationCase
{
    public required string Id { get; init; }

    /// <summary>As it is told, e.g. <c>54 years</c> or <c>5个月</c>; empty where unknown.</summary>
    public string Age { get; init; } = "";

    /// <summary>As it is told, e.g. <c>female</c> or <c>女</c>; empty where unknown.</summary>
    public string Sex { get; init; } = "";

    /// <summary>What the patient comes with, in its own words: the first message of the consultation, and all that the doctor is told before it asks.</summary>
    public required string Complaint { get; init; }

    /// <summary>All that the patient knows, one fact each; the patient is sent these and nothing else.</summary>
    public required IReadOnlyList<string> Facts { get; init; }

    /// <summary>What the patient has: one name, several where several are right, none where nobody knows. Never shown to doctor or patient.</summary>
    public IReadOnlyList<string> Truth { get; init; } = [];

    /// <summary>Other illnesses that could be thought of, for options.</summary>
    public IReadOnlyList<string> Differential { get; init; } = [];

    /// <summary>Name of the department; empty where unknown. Cases of one department lend each other their illnesses as options.</summary>
    public string Department { get; init; } = "";

    /// <summary><c>en</c> or <c>zh</c>: which prompts are used.</summary>
    public string Language { get; init; } = QuestionLanguage.English;

    /// <summary>The simulated patient behind it; null for a case from elsewhere.</summary>
    [JsonIgnore]
    public Case? Simulated { get; init; }
}
