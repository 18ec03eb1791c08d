using System.Text.Json.Serialization;

namespace Citrus.Research.Clinic;

/// <summary>What a claim of a text is about, and so how it is checked.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClaimKind>))]
public enum ClaimKind
{
    /// <summary>A finding is there (or not) and speaks for or against a hypothesis, by the convention of <see cref="Fit"/>.</summary>
    Finding,

    /// <summary>How many findings speak against a hypothesis.</summary>
    Count,

    /// <summary>A hypothesis is the most likely.</summary>
    Conclusion,

    /// <summary>A hypothesis is not the most likely.</summary>
    Elimination,

    /// <summary>A test confirms what was concluded.</summary>
    Test,

    /// <summary>A drug treats what was concluded: as first line, as second line, or as the one to give.</summary>
    Drug,

    /// <summary>A drug is to be avoided in a context, or the patient's history does or does not forbid it.</summary>
    Contraindication,

    /// <summary>What the patient's history is.</summary>
    History,
}
