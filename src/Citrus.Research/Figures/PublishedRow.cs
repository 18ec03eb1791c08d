using Citrus.Research.Evaluation;

namespace Citrus.Research.Figures;

/// <summary>A <see cref="PublishedScore"/> as a figure draws it.</summary>
/// <param name="Model">The model as named there.</param>
/// <param name="Billions">Parameters in billions; null where not told.</param>
/// <param name="Percent">Accuracy in percent.</param>
/// <param name="Medical">Whether the model was trained for medicine.</param>
/// <param name="Setting">Training or protocol in a few words.</param>
/// <param name="Source">Where the number stands.</param>
public sealed record PublishedRow(string Model, double? Billions, double Percent, bool Medical, string Setting, string Source)
{
    private static readonly string[] MedicalFamilies =
    [
        "Apollo", "BioMistral", "BrainMed", "Citrus", "HuatuoGPT", "II-Medical", "JSL-MedLlama", "Med42", "MedGemma", "Medical-", "MedLlama", "MMed", "MedPsy", "MedReason",
        "O1-Journey", "OpenBioLLM", "UltraMedical", "m1-",
    ];

    /// <summary>Reads the table of published scores; the model's family decides whether it was trained for medicine.</summary>
    /// <exception cref="TableFormatException">A line does not fit, or has no source.</exception>
    public static IReadOnlyList<PublishedRow> Load(string path) =>
        [.. PublishedScores.Read(path).Select(s => new PublishedRow(s.Model, s.Billions, s.Percent, IsMedical(s.Model), s.Setting, s.Source))];

    /// <summary>Whether a model of this name was trained for medicine.</summary>
    internal static bool IsMedical(string model) => MedicalFamilies.Any(f => model.StartsWith(f, StringComparison.Ordinal));
}
