using System.Globalization;
using System.Text.RegularExpressions;
using Citrus.Research.Figures;
using Citrus.Research.Tests.Cli;

namespace Citrus.Research.Tests.Figures;

/// <summary>The figures kept beside the results, and copies of them in which one thing was changed.</summary>
public sealed class FigureGalleryTests : IDisposable
{
    private static readonly string Kept = Path.Combine(Repository.Root, "results");
    private readonly TempFolder folder = new();

    public static TheoryData<string> Names => [.. FigureCatalogue.All.Select(p => p.Name)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kept_figure_is_what_the_saved_results_give(string name) => Assert.Empty(new FigureGallery(Kept).Check(FigureCatalogue.Of(name)));

    [Fact]
    public void The_page_about_figures_tells_of_each_with_its_inputs()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "figures.md"));
        Assert.All(FigureCatalogue.All, p => Assert.Contains($"| `{p.Name}` |", page));
        Assert.Equal(FigureCatalogue.All.Count, Regex.Count(page, @"^\| `[a-z-]+` \|", RegexOptions.Multiline));
    }

    [Fact]
    public async Task Drawing_again_changes_no_byte_of_table_json_and_manifest_whatever_the_machine()
    {
        var results = Copy("stages", "figure", "*.csv");
        var manifest = Path.Combine(results, "stages", "figure", "stages.manifest.json");
        var before = Directory.GetFiles(Path.Combine(results, "stages", "figure")).ToDictionary(f => f, File.ReadAllBytes);
        await new FigureGallery(results).SaveAsync(FigureCatalogue.Of("stages"), FigureFormats.None, TestContext.Current.CancellationToken);
        Assert.All(before, f => Assert.Equal(f.Value, File.ReadAllBytes(f.Key)));
        Assert.Equal(before.Count, Directory.GetFiles(Path.Combine(results, "stages", "figure")).Length);
        Assert.Contains(manifest, before.Keys);
    }

    [Fact]
    public void One_changed_number_in_a_table_is_told_with_its_file_and_the_line_it_changes()
    {
        var results = Copy("stages", "figure", "*.csv");
        var table = Path.Combine(results, "stages", "stages.csv");
        var lines = File.ReadAllLines(table);
        var fields = lines[1].Split(',');
        fields[11] = (double.Parse(fields[11], CultureInfo.InvariantCulture) + 0.001).ToString(CultureInfo.InvariantCulture);
        lines[1] = string.Join(',', fields);
        File.WriteAllText(table, string.Join('\n', lines) + "\n");
        var found = new FigureGallery(results).Check(FigureCatalogue.Of("stages"));
        Assert.Contains(found, f => f.StartsWith("results/stages/stages.csv has changed", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Contains(Path.Combine("figure", "stages.csv") + ", line 2: has \"", StringComparison.Ordinal));
    }

    [Fact]
    public void One_changed_number_in_a_record_is_told_with_its_file()
    {
        var results = Copy("pathways", "figure", "*.csv", "student-*.json");
        var record = Directory.GetFiles(Path.Combine(results, "pathways", "records")).Order(StringComparer.Ordinal).First(f => File.ReadAllText(f) is var text && text.Contains("\"size\": \"0.4M\"", StringComparison.Ordinal) && text.Contains("\"EqualExamples\"", StringComparison.Ordinal));
        File.WriteAllText(record, new Regex("\"loss\": [0-9.]+").Replace(File.ReadAllText(record), "\"loss\": 9.5", 1));
        var found = new FigureGallery(results).Check(FigureCatalogue.Of("training-curves"));
        Assert.Contains(found, f => f.StartsWith($"results/pathways/records/{Path.GetFileName(record)} has changed", StringComparison.Ordinal));
        Assert.Contains(found, f => Regex.IsMatch(f, @"training-curves\.csv, line \d+: has "));
        File.WriteAllText(record, "{");
        Assert.Contains(new FigureGallery(results).Check(FigureCatalogue.Of("training-curves")), f => f.Contains(record, StringComparison.Ordinal) && f.Contains("no record of a student step", StringComparison.Ordinal));
        File.Delete(record);
        Assert.Contains(new FigureGallery(results).Check(FigureCatalogue.Of("training-curves")), f => f.Contains(Path.GetFileName(record), StringComparison.Ordinal) && f.Contains("not drawn from it any more", StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_table_beside_a_figure_a_changed_picture_and_a_missing_file_are_told()
    {
        var results = Copy("stages", "figure", "*.csv");
        var at = Path.Combine(results, "stages", "figure");
        File.AppendAllText(Path.Combine(at, "stages.svg"), "<!-- -->");
        File.Delete(Path.Combine(at, "stages.json"));
        var text = File.ReadAllLines(Path.Combine(at, "stages.csv"));
        File.WriteAllText(Path.Combine(at, "stages.csv"), string.Join('\n', text[..^1]) + "\n");
        var found = new FigureGallery(results).Check(FigureCatalogue.Of("stages"));
        Assert.Contains(found, f => f.Contains("stages.svg is not the picture that the manifest names", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Contains("stages.json is not there", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Contains(string.Create(CultureInfo.InvariantCulture, $"stages.csv, line {text.Length}"), StringComparison.Ordinal));
        File.Delete(Path.Combine(at, "stages.manifest.json"));
        Assert.Contains("citrus figures stages", Assert.Single(new FigureGallery(results).Check(FigureCatalogue.Of("stages"))));
    }

    [Fact]
    public void The_command_passes_on_the_kept_results_and_fails_with_the_file_where_one_number_is_another()
    {
        Assert.Equal(0, CitrusProcess.Run("figures", "stages", "medqa-by-size", "--check", "--results", Kept).Exit);
        var results = Copy("stages", "figure", "*.csv");
        File.WriteAllText(Path.Combine(results, "stages", "comparisons.csv"), File.ReadAllText(Path.Combine(results, "stages", "comparisons.csv")).Replace("0.211", "0.212", StringComparison.Ordinal));
        var run = CitrusProcess.Run("figures", "stages", "--check", "--results", results);
        Assert.Equal(1, run.Exit);
        Assert.Contains("results/stages/comparisons.csv has changed", run.Error);
        Assert.False((bool)run.Line["ok"]!);
    }

    [Fact]
    public void The_command_writes_into_one_folder_and_leaves_out_what_has_no_results()
    {
        var results = Copy("stages", "figure", "*.csv");
        var run = CitrusProcess.Run("figures", "--results", results, "--out", folder["drawn"], "--formats", "none");
        Assert.Equal(0, run.Exit);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Kept, "stages", "figure", "stages.json")), File.ReadAllBytes(Path.Combine(folder["drawn"], "stages.json")));
        Assert.Contains("pathways", run.Line["skipped"]!.AsArray().Select(n => (string)n!));
        Assert.Contains("\"bmp\" is none of svg, png, pdf, html", CitrusProcess.Run("figures", "stages", "--results", results, "--formats", "bmp").Error);
        Assert.Contains("There is no figure nobody; there are pathways,", CitrusProcess.Run("figures", "nobody", "--results", results).Error);
        Assert.Contains("--results", CitrusProcess.Run("figures", "--results", folder["no"]).Error);
    }

    /// <summary>A copy of a study's tables, figures and some of its records.</summary>
    private string Copy(string study, string figures, string tables, string? records = null)
    {
        foreach (var (below, pattern) in new[] { ("", tables), (figures, "*"), ("records", records) })
        {
            if (pattern is null) continue;
            var to = Path.Combine(folder["results"], study, below);
            Directory.CreateDirectory(to);
            foreach (var file in Directory.GetFiles(Path.Combine(Kept, study, below), pattern)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return folder["results"];
    }
}
