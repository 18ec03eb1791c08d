using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Evaluation;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>Saved results that figures are drawn from. It remembers every file that it opened, with its hash.</summary>
/// <param name="results">The results folder, such as <c>results</c>.</param>
public sealed class FigureSources(string results)
{
    private readonly SortedDictionary<string, string> inputs = new(StringComparer.Ordinal);

    /// <summary>The results folder.</summary>
    public string Results => results;

    /// <summary>SHA-256 in hexadecimal of every file opened so far, by its path from the checkout with forward slashes (<c>results/…</c>, <c>data/published/…</c>).</summary>
    public IReadOnlyDictionary<string, string> Inputs => inputs;

    /// <summary>The path of a file below the results folder, noted as an input.</summary>
    /// <param name="relative">From the results folder, with forward slashes.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public string Open(string relative)
    {
        var path = PathOf(relative);
        if (!File.Exists(path)) throw new FileNotFoundException($"{path} is not there; a figure is drawn from it.", path);
        inputs["results/" + relative] = FigureManifest.HashFile(path);
        return path;
    }

    /// <summary>Where a file of the results folder would be; not noted.</summary>
    public string PathOf(string relative) => Path.Combine([results, .. relative.Split('/')]);

    /// <summary>The table of a study.</summary>
    /// <exception cref="TableFormatException">It is damaged; the message says where.</exception>
    public IReadOnlyList<StudyRow> Rows(string study) => Read<StudyRow>($"{study}/{study}.csv");

    /// <summary>The paired comparisons of a study.</summary>
    /// <exception cref="TableFormatException">They are damaged; the message says where.</exception>
    public IReadOnlyList<ComparisonRow> Comparisons(string study) => Read<ComparisonRow>($"{study}/{StudyFiles.Comparisons}");

    /// <summary>A table below the results folder.</summary>
    /// <exception cref="TableFormatException">It is damaged; the message says where.</exception>
    public IReadOnlyList<T> Read<T>(string relative) => CsvTables.Read<T>(Open(relative));

    /// <summary>The students of a study whose results of one kind of step are kept, in order of the step's id.</summary>
    /// <param name="study">The study's folder.</param>
    /// <param name="kind">The kind of step: <c>student</c>, <c>score</c>, <c>likelihood</c>.</param>
    /// <param name="wanted">Which students; others are no inputs.</param>
    /// <param name="read">Reads what the step left.</param>
    /// <exception cref="InvalidDataException">A record is damaged; the message names the file.</exception>
    public IReadOnlyList<T> Records<T>(string study, string kind, Func<StudyCell, bool> wanted, Func<StudyCell, JsonNode, T> read)
    {
        var folder = PathOf($"{study}/records");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder} is not there; a figure is drawn from the records in it.");
        var found = new List<T>();
        foreach (var name in Directory.EnumerateFiles(folder, kind + "-*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, name);
            try
            {
                var record = JsonSerializer.Deserialize<StepRecord>(File.ReadAllText(path), StepHash.Json);
                if (record?.Inputs["cell"].Deserialize<StudyCell>(StepHash.Json) is not { } cell) throw new JsonException("it tells no student (inputs, cell).");
                if (!wanted(cell)) continue;
                found.Add(read(cell, record.Result ?? throw new JsonException("it has no result.")));
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
            {
                throw new InvalidDataException($"{path}: no record of a {kind} step: {error.Message}", error);
            }

            inputs[$"results/{study}/records/{name}"] = FigureManifest.HashFile(path);
        }

        return found.Count > 0 ? found : throw new InvalidDataException($"{folder} has no {kind} record that fits the figure.");
    }

    /// <summary>The exam results of the students; see <see cref="Records"/>.</summary>
    /// <typeparam name="T"><see cref="ScoreResult"/> of <c>score</c> steps, <see cref="LikelihoodResult"/> of <c>likelihood</c> steps.</typeparam>
    public IReadOnlyList<(StudyCell Cell, T Result)> Exams<T>(string study, string kind, Func<StudyCell, bool> wanted) =>
        Records(study, kind, wanted, (cell, result) => (cell, result.Deserialize<T>(StepHash.Json) ?? throw new JsonException("it has no result.")));

    /// <summary>Notes a table of published numbers, which ship beside the library, as an input and returns its path.</summary>
    /// <param name="name">Its file name in <c>data/published</c>.</param>
    public string Published(string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(PublishedScores.DefaultPath)!, name);
        inputs["data/published/" + name] = FigureManifest.HashFile(path);
        return path;
    }
}
