using System.Text.Json;

namespace Citrus.Research.Studies;

/// <summary>A results folder: where studies are run, kept and read again.</summary>
/// <param name="Path">E.g. <c>results</c>; a study's files are in <c>results/STUDY</c>, steps and checkpoints in <c>results/runs/steps</c>.</param>
public sealed record StudyFolder(string Path)
{
    /// <summary>Where a scale's results go unless told otherwise: committed ones in <c>results</c>, trials in <c>results/runs/SCALE</c>.</summary>
    public static StudyFolder For(string scale, string root = "results") =>
        new(scale is "full" ? root : System.IO.Path.Combine(root, "runs", scale));

    /// <summary>Folder of one study.</summary>
    public string Of(string study) => System.IO.Path.Combine(Path, study);

    /// <summary>Runs what is missing of a study, writes its table, comparisons, manifest and records, and returns the table.</summary>
    /// <param name="workers">Students trained at once; 0 takes one a core, and one alone on a GPU.</param>
    public IReadOnlyList<StudyRow> Run(StudyPlan plan, int workers = 0, Action<JobProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var store = new RunStore(System.IO.Path.Combine(Path, "runs", "steps"), System.IO.Path.Combine(Of(plan.Name), "records"));
        var study = new Study(plan, store);
        var rows = study.Run(workers > 0 ? workers : Models.Torch.DefaultDevice.type == TorchSharp.DeviceType.CPU ? Environment.ProcessorCount : 1, progress, cancellation);
        StudyFiles.Write(Of(plan.Name), study, rows);
        return rows;
    }

    /// <summary>The table of a finished study.</summary>
    public IReadOnlyList<StudyRow> Table(string study) => StudyFiles.Read(Of(study));

    /// <summary>The paired comparisons of a finished study.</summary>
    public IReadOnlyList<ComparisonRow> Comparisons(string study) => Evaluation.CsvTables.Read<ComparisonRow>(System.IO.Path.Combine(Of(study), StudyFiles.Comparisons));

    /// <summary>The manifest of a finished study.</summary>
    public StudyManifest Manifest(string study) => JsonSerializer.Deserialize<StudyManifest>(File.ReadAllText(System.IO.Path.Combine(Of(study), StudyFiles.Manifest)), StepHash.Json)!;
}
