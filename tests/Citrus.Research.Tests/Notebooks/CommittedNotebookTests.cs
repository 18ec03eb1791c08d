using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Citrus.Research.Notebooks;

namespace Citrus.Research.Tests.Notebooks;

/// <summary>What every committed notebook keeps to, so that it opens in every host and reads as a piece of research.</summary>
public sealed partial class CommittedNotebookTests
{
    private const int MostStatements = 5, MostWidth = 200;

    public static TheoryData<string> Names => [.. CommittedNotebooks.Names];

    [Fact]
    public void There_are_eight_notebooks_and_no_others() =>
        Assert.Equal(CommittedNotebooks.Names.Select(n => n + ".ipynb"), Directory.GetFiles(CommittedNotebooks.Folder, "*.ipynb").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_notebook_is_committed_without_outputs_and_with_ids_that_stay(string name)
    {
        var json = JsonNode.Parse(File.ReadAllText(CommittedNotebooks.PathOf(name)))!;
        Assert.Equal((4, 5), ((int)json["nbformat"]!, (int)json["nbformat_minor"]!));
        Assert.Equal(".net-csharp", (string?)json["metadata"]!["kernelspec"]!["name"]);
        var cells = json["cells"]!.AsArray();
        var ids = cells.Select(c => (string?)c!["id"] ?? "").ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(id is "bootstrap-1" or "bootstrap-2" or "parameters" || Regex.IsMatch(id, $"^{name}-[0-9]{{2}}$"), id));
        foreach (var cell in cells.Where(c => (string?)c!["cell_type"] == "code"))
        {
            Assert.Empty(cell!["outputs"]!.AsArray());
            Assert.Null(cell["execution_count"]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_notebook_begins_with_a_title_and_the_bootstrap_that_all_share(string name)
    {
        var cells = CommittedNotebooks.Read(name).Cells;
        Assert.Equal(CellKind.Markdown, cells[0].Kind);
        Assert.StartsWith("# ", cells[0].Source);
        Assert.Equal(["bootstrap-1", "bootstrap-2", "parameters"], cells.Skip(1).Take(3).Select(c => c.Id));
        var tour = CommittedNotebooks.Read("00-tour").Cells;
        Assert.Equal(tour[1].Source, cells[1].Source);
        Assert.Equal(tour[2].Source, cells[2].Source);
        // A #r of a missing file stops a cell before its first line: the cell that tells the mend has none.
        Assert.DoesNotContain(Lines(cells[1]), l => l.StartsWith("#r", StringComparison.Ordinal));
        Assert.Contains("dotnet build -c Release", cells[1].Source);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_choose_scale_and_device(string name)
    {
        var tagged = Assert.Single(CommittedNotebooks.Code(name), c => CommittedNotebooks.Tags(c).Contains("parameters"));
        Assert.Contains("string scale = \"default\";", tagged.Source);
        Assert.Contains("string device = \"auto\";", tagged.Source);
        Assert.Contains(CommittedNotebooks.Code(name), c => c.Source.Contains("Workbench.Use(device)", StringComparison.Ordinal));
        Assert.Contains(CommittedNotebooks.Code(name).Where(c => c != tagged), c => ScaleUse().IsMatch(c.Source));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_notebook_says_its_question_its_method_with_the_papers_section_and_what_can_be_concluded_and_what_not(string name)
    {
        var cells = CommittedNotebooks.Read(name).Cells;
        Assert.Contains("**Question.**", cells[0].Source);
        Assert.Matches(@"\*\*Method\.\*\*[^\n]*arXiv 2502\.18274, section [0-9]", cells[0].Source);
        Assert.Contains("not for clinical use", cells[0].Source);
        Assert.Equal(CellKind.Markdown, cells[^1].Kind);
        Assert.StartsWith("## What can be concluded, and what not", cells[^1].Source);
        Assert.Contains("**Concluded.**", cells[^1].Source);
        Assert.Contains("**Not.**", cells[^1].Source);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cell_says_what_is_asked_in_five_lines(string name)
    {
        foreach (var cell in CommittedNotebooks.Code(name).Where(c => c.Id is not ("bootstrap-1" or "bootstrap-2" or "parameters")))
        {
            var lines = Lines(cell).Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)).ToList();
            Assert.True(lines.Count <= MostStatements, $"{cell.Id} has {lines.Count} lines; what is longer than {MostStatements} belongs in the library.");
            Assert.All(lines, l => Assert.True(l.Length <= MostWidth, $"{cell.Id}: {l.Length} characters in a line: {l}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_notebook_shows_a_figure_and_needs_no_network_key_or_neighbour_of_the_checkout(string name)
    {
        var code = string.Join('\n', CommittedNotebooks.Code(name).Select(c => c.Source));
        Assert.Matches("Figures?\\.", code);
        Assert.DoesNotContain("shared", code);
        Assert.DoesNotContain("nuget:", code);
        Assert.DoesNotContain("API_KEY", code);
        foreach (var path in RelativePath().Matches(code).Select(m => m.Groups[1].Value))
            Assert.True(path.StartsWith("../src/", StringComparison.Ordinal) || path.StartsWith("../results", StringComparison.Ordinal) || path.StartsWith("../tests/fixtures/", StringComparison.Ordinal), path);
    }

    [Fact]
    public void The_notebooks_that_run_studies_print_the_time_left() =>
        Assert.All(["05-pathway-ablation", "06-model-scaling", "07-stages-and-data"], name =>
            Assert.Contains(CommittedNotebooks.Code(name), c => c.Source.Contains("StudyResult.Run(", StringComparison.Ordinal) && c.Source.Contains("Console.WriteLine);", StringComparison.Ordinal)));

    private static IEnumerable<string> Lines(Cell cell) => cell.Source.Split('\n').Select(l => l.Trim());

    [GeneratedRegex(@"\bscale\b")]
    private static partial Regex ScaleUse();

    [GeneratedRegex("\"(\\.\\./[^\"]*)\"")]
    private static partial Regex RelativePath();
}
