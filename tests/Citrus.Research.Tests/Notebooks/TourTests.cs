using Citrus.Research.Notebooks;
using Citrus.Research.Tests.Cli;

namespace Citrus.Research.Tests.Notebooks;

/// <summary>The first notebook, run as a user runs it.</summary>
public sealed class TourTests
{
    private const string Probe = """
        foreach (var loaded in System.Runtime.Loader.AssemblyLoadContext.Default.Assemblies.Select(a => a.GetName().Name).Where(n => n.StartsWith("Plotly") || n.StartsWith("FSharp"))) Console.WriteLine("loaded in the default context: " + loaded);
        Console.WriteLine("looked at the default context");
        """;

    [Fact]
    public void The_tour_runs_at_smoke_scale_from_question_to_figure_and_leaves_plotly_net_and_fsharp_out_of_the_default_context()
    {
        using var folder = new TempFolder();
        var notebook = CommittedNotebooks.Read("00-tour");
        notebook.Cells.Add(new Cell(CellKind.Code, Probe) { Id = "probe" });
        notebook.Save(folder["tour.ipynb"]);
        var run = CitrusProcess.RunNotebooks("notebook", "run", folder["tour.ipynb"], "--param", "scale=smoke", "--param", "device=cpu", "--out", folder["out"]);
        Assert.True(run.Exit == 0, run.Error);
        var cells = Notebook.Read(folder[Path.Combine("out", "tour.ipynb")]).Cells;
        var shown = cells.SelectMany(c => c.Outputs).ToList();
        Assert.Contains(shown, o => o.Data.TryGetValue("text/html", out var html) && html.Contains("citrus-trace", StringComparison.Ordinal));
        Assert.Contains(shown, o => o.Data.TryGetValue("text/plain", out var text) && text.Contains("95% interval", StringComparison.Ordinal));
        Assert.Contains(shown, o => o.Data.ContainsKey("application/vnd.plotly.v1+json"));
        Assert.Equal("looked at the default context\n", cells.Single(c => c.Id == "probe").Outputs.Single().Text);
    }
}
