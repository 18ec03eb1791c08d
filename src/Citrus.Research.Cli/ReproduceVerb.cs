using System.CommandLine;
using Citrus.Research.Figures;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus reproduce</c>: everything from the questions to the figures.</summary>
internal static class ReproduceVerb
{
    private static readonly Dictionary<string, string> Notebooks = new()
    {
        [StudyScales.Pathways] = "05-pathway-ablation.ipynb",
        [StudyScales.Scaling] = "06-model-scaling.ipynb",
    };

    public static Command Create()
    {
        var scale = new Option<string>("--scale") { Description = "smoke (a minute, shows that all runs), default (under 10 minutes, one seed), full (hours, makes the committed figures), gpu (as full, larger students).", DefaultValueFactory = _ => "default" };
        var folder = new Option<string?>("--out") { Description = "Results folder. Default: results for full, whose results are committed, results/runs/SCALE otherwise." };
        var workers = new Option<int>("--workers") { Description = "Students trained at once, one thread each. 0: one a core, on a GPU one alone.", DefaultValueFactory = _ => 0 };
        var ddxplus = new Option<string?>("--ddxplus") { Description = "Folder with DDXPlus's release files: replicates the pathway study in that world too (full and gpu)." };
        var only = new Option<string[]>("--study") { Description = "Only these studies.", AllowMultipleArgumentsPerToken = true };
        return Verb.Create("reproduce", "From clinical questions to the pathway figure: synthesise, train, examine, draw, and run the notebooks on it. Offline, on a CPU. Stop it at any time; the same command goes on.",
            "citrus reproduce --scale smoke",
            (parse, cancellation) =>
            {
                var named = parse.GetValue(scale)!;
                var results = StudyVerbs.Results(parse.GetValue(folder), named);
                var studies = parse.GetValue(only) is { Length: > 0 } some ? some : Studies(named, parse.GetValue(ddxplus));
                var outputs = new List<string>();
                var figures = new List<object>();
                foreach (var name in studies)
                {
                    var plan = StudyScales.Plan(name, named, name == StudyScales.DdxPlus ? $"ddxplus:{parse.GetValue(ddxplus)}" : null);
                    var run = StudyRun.Of(plan, results, parse.GetValue(workers), cancellation);
                    outputs.AddRange(run.Outputs);
                    figures.AddRange(run.Figures);
                    outputs.AddRange(Draw(plan.Name, results, cancellation));
                    if (!Notebooks.TryGetValue(name, out var notebook)) continue;
                    if (FindNotebook(notebook) is { } path)
                    {
                        outputs.AddRange(NotebookRunVerb.Execute(path, Path.Combine(results.Path, "runs", "notebooks"),
                            new Dictionary<string, object?> { ["scale"] = named, ["results"] = Path.GetFullPath(results.Path) }, TimeSpan.FromHours(3), cancellation));
                    }
                    else
                    {
                        Verb.Say($"No checkout of Citrus.Research here, so {notebook} is not run.");
                    }
                }

                return new VerbResult(outputs, ("scale", named), ("figures", figures));
            }, scale, folder, workers, ddxplus, only);
    }

    private static string[] Studies(string scale, string? ddxplus) => scale switch
    {
        "smoke" or "default" => [StudyScales.Pathways, StudyScales.Scaling],
        _ => [StudyScales.Pathways, StudyScales.Scaling, StudyScales.Stages, StudyScales.StagesAndData, StudyScales.VerdictWeight, StudyScales.WalkDrills, .. ddxplus is null ? Array.Empty<string>() : [StudyScales.DdxPlus]],
    };

    /// <summary>Draws a study's figure beside its table, as <c>citrus figures</c> does.</summary>
    public static IReadOnlyList<string> Draw(string study, StudyFolder results, CancellationToken cancellation)
    {
        if (FigureCatalogue.OfStudy(study) is not { } plan) return [];
        var files = new FigureGallery(results.Path).SaveAsync(plan, FigureFormats.Pictures | FigureFormats.Html, cancellation).GetAwaiter().GetResult();
        if (files.Note is { } note) Verb.Say(note);
        return files.Paths;
    }

    /// <summary>The notebook in the checkout that this runs in; null where only the program was installed.</summary>
    private static string? FindNotebook(string name)
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            // Notebooks are code: only those of the checkout are run, never what happens to lie above.
            if (!File.Exists(Path.Combine(folder.FullName, "Citrus.Research.sln"))) continue;
            var path = Path.Combine(folder.FullName, "notebooks", name);
            return File.Exists(path) ? path : null;
        }

        return null;
    }
}
