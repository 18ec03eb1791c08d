using System.Text.Json.Serialization;

namespace Citrus.Research.Pathways;

/// <summary>What a step does for the answer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepKind>))]
public enum StepKind
{
    /// <summary>Says what was found in the patient.</summary>
    Observation,

    /// <summary>Weighs a possible diagnosis.</summary>
    Hypothesis,

    /// <summary>Says which test would settle it.</summary>
    Test,

    /// <summary>Rules something out.</summary>
    Elimination,

    /// <summary>Commits to a diagnosis or an answer.</summary>
    Conclusion,

    /// <summary>Chooses a drug, contraindications considered.</summary>
    Treatment,

    /// <summary>A verdict on other steps: a reflection expert's rating, or a judge's on sufficiency.</summary>
    Reflection,
}
