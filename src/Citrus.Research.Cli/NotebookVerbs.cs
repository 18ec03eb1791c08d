using System.CommandLine;
using Citrus.Research.Figures;
using Citrus.Research.Notebooks;

namespace Citrus.Research.Cli;

/// <summary><c>citrus notebook run</c>.</summary>
internal static class NotebookVerbs
{
    public static Command Create() => Verb.Group("notebook", "Run C# notebooks headless.", Run());

    private static Command Run()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "Notebooks (.ipynb).", Arity = ArgumentArity.OneOrMore };
        var parameters = new Option<string[]>("--param") { Description = "name=value for the cell tagged `parameters`; repeat it." };
        var folder = new Option<string>("--out") { Description = "Folder of the executed copies and their HTML pages.", DefaultValueFactory = _ => Path.Combine("results", "runs", "notebooks") };
        var timeout = new Option<int>("--timeout") { Description = "Most seconds a cell may take.", DefaultValueFactory = _ => 3600 };
        return Verb.Create("run", "Run notebooks top to bottom; stops at the first failing cell with its number and message.",
            "citrus notebook run notebooks/05-pathway-ablation.ipynb --param scale=smoke",
            (parse, cancellation) =>
            {
                var outputs = new List<string>();
                var values = Parameters(parse.GetValue(parameters) ?? []);
                foreach (var file in parse.GetValue(files)!)
                    outputs.AddRange(Execute(file.FullName, parse.GetValue(folder)!, values, TimeSpan.FromSeconds(parse.GetValue(timeout)), cancellation));
                return new VerbResult(outputs);
            }, files, parameters, folder, timeout);
    }

    /// <summary>Runs one notebook and returns the executed copy and its page.</summary>
    public static IReadOnlyList<string> Execute(string path, string folder, IReadOnlyDictionary<string, object?> parameters, TimeSpan timeout, CancellationToken cancellation)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no notebook {path}.");
        Directory.CreateDirectory(folder);
        FigureFormatters.Register();
        var name = Path.GetFileNameWithoutExtension(path);
        var run = NotebookRunner.RunAsync(path, new NotebookRunOptions
        {
            OutputPath = Path.Combine(folder, name + ".ipynb"),
            HtmlPath = Path.Combine(folder, name + ".html"),
            Parameters = parameters,
            CellTimeout = timeout,
            PlotlyScript = PlotlyScript.Text(),
            Progress = p =>
            {
                if (p.Finished) Console.Error.WriteLine($"{name}: cell {p.Number}/{p.Count} {(p.Failed ? "failed" : "done")} after {ProgressDisplay.Duration(p.Elapsed)}");
            },
        }, cancellation).GetAwaiter().GetResult();
        return [.. new[] { run.OutputPath, run.HtmlPath }.OfType<string>()];
    }

    private static Dictionary<string, object?> Parameters(string[] given) => given.ToDictionary(
        p => p.Split('=', 2) is [{ Length: > 0 } name, _] ? name : throw new ArgumentException($"--param {p}: write it as name=value."),
        p => (object?)p.Split('=', 2)[1]);
}
