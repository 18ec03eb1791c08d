using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Citrus.Research.Evaluation;

namespace Citrus.Research.Studies;

/// <summary>The files of a finished study: table, manifest, records.</summary>
public static class StudyFiles
{
    public const string Comparisons = "comparisons.csv", Manifest = "manifest.json";

    /// <summary>Writes <c>STUDY.csv</c>, <c>comparisons.csv</c>, <c>manifest.json</c> and <c>records/</c> into a folder.</summary>
    /// <returns>Paths of the first three.</returns>
    public static IReadOnlyList<string> Write(string folder, Study study, IReadOnlyList<StudyRow> rows)
    {
        Directory.CreateDirectory(folder);
        study.Publish(Path.Combine(folder, "records"));
        var table = Path.Combine(folder, study.Plan.Name + ".csv");
        CsvTables.Write(table, rows);
        var manifest = Path.Combine(folder, Manifest);
        // Readings of the scored split add up over all runs of the study, also of part of its plan.
        var earlier = File.Exists(manifest) ? JsonSerializer.Deserialize<StudyManifest>(File.ReadAllText(manifest), StepHash.Json) : null;
        var same = earlier is not null && earlier.Study == study.Id.ToString();
        var comparisons = Path.Combine(folder, Comparisons);
        if (!same || earlier!.Comparisons != StudyComparison.Method || !File.Exists(comparisons)) CsvTables.Write(comparisons, StudyComparison.Of(study));
        var reads = (earlier is not null && earlier.Plan.Scale == study.Plan.Scale ? earlier.SplitReads : []).Concat(study.Reads).ToList();
        var untouched = same && study.Reads.Count == 0; // read again elsewhere, the numbers are still of the machine that made them
        var value = new StudyManifest
        {
            Study = study.Id.ToString(),
            Plan = study.Plan with { World = study.Plan.World.Split(':')[0] },
            WorldSha256 = study.World.Hash,
            TableSha256 = StepHash.HexOf(File.ReadAllText(table)),
            Comparisons = StudyComparison.Method,
            Steps = [.. study.Scores.Select(s => s.ToString())],
            SplitReads = reads,
            Version = untouched ? earlier!.Version : typeof(StudyFiles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            Runtime = untouched ? earlier!.Runtime : RuntimeInformation.FrameworkDescription,
            System = untouched ? earlier!.System : $"{RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores",
        };
        RunStore.WriteAtomically(manifest, JsonSerializer.Serialize(value, new JsonSerializerOptions(StepHash.Json) { WriteIndented = true }) + "\n");
        study.ReadsAreKept();
        return [table, comparisons, manifest];
    }

    /// <summary>The table of a study's folder.</summary>
    /// <exception cref="StudyException">There is none, or more than one.</exception>
    public static IReadOnlyList<StudyRow> Read(string folder)
    {
        var tables = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csv").Where(f => Path.GetFileNameWithoutExtension(f) == Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))).ToArray() : [];
        return tables.Length == 1
            ? CsvTables.Read<StudyRow>(tables[0]).ToList()
            : throw new StudyException($"{folder} holds no study table; `citrus study run` writes one.");
    }
}
