using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>A MedQA accuracy that somebody published.</summary>
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
        "Apollo", "BioMistral", "BrainMed", "Citrus", "HuatuoGPT", "II-Medical", "Med42", "MedGemma", "MedPsy", "MedReason", "O1-Journey", "OpenBioLLM",
        "UltraMedical", "m1-",
    ];

    /// <summary>Reads a CSV with the columns <c>model, params_b, medqa_acc, setting, source</c> and, if there, <c>medical</c>; without it the model's family decides.</summary>
    /// <exception cref="InvalidDataException">A line does not fit, or has no source.</exception>
    public static IReadOnlyList<PublishedRow> Load(string path)
    {
        var table = FigureTable.Load(path);
        int Column(string name) => table.Columns.ToList().IndexOf(name);
        string[] needed = ["model", "params_b", "medqa_acc", "setting", "source"];
        if (needed.FirstOrDefault(n => Column(n) < 0) is { } missing) throw new InvalidDataException($"{path}: there is no column {missing}.");
        var medical = Column("medical");
        return [.. table.Rows.Select((row, i) =>
        {
            string Cell(string name) => row[Column(name)].Trim();
            double Number(string name) => double.TryParse(Cell(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InvalidDataException($"{path}, row {i + 2}, {name}: \"{Cell(name)}\" is no number.");
            var model = Cell("model");
            if (Cell("source").Length == 0) throw new InvalidDataException($"{path}, row {i + 2}: {model} has no source.");
            return new PublishedRow(
                model,
                Cell("params_b").Length == 0 ? null : Number("params_b"),
                Number("medqa_acc"),
                medical >= 0 ? row[medical].Trim() == "true" : MedicalFamilies.Any(f => model.StartsWith(f, StringComparison.Ordinal)),
                Cell("setting"),
                Cell("source"));
        })];
    }
}
