using Citrus.Research.Figures;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Tests.Figures;

[Collection("environment")]
public sealed class FigureFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("citrus-figures-").FullName;
    private readonly string? variable = Environment.GetEnvironmentVariable(StaticExport.Variable);

    [Fact]
    public async Task A_figure_becomes_the_same_svg_every_time_and_a_png_of_twice_its_size()
    {
        if (StaticExport.FindChromium() is null) Assert.Skip($"no Chromium found; set {StaticExport.Variable} to one");
        var figure = FigureTests.Draw("stages");
        var first = await StaticExport.RenderAsync(figure, TestContext.Current.CancellationToken);
        var second = await StaticExport.RenderAsync(figure, TestContext.Current.CancellationToken);
        Assert.Null(first.Note);
        Assert.StartsWith("<svg", first.Svg);
        Assert.Contains("CPT + SFT", first.Svg);
        Assert.Equal(first.Svg, second.Svg);
        Assert.Equal(first.Png, second.Png);
        Assert.Equal(2 * figure.Width, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(first.Png.AsSpan(16)));
    }

    [Fact]
    public async Task Without_a_browser_the_table_figure_manifest_and_page_are_there_and_a_note_says_why_no_picture_is()
    {
        Environment.SetEnvironmentVariable(StaticExport.Variable, Path.Combine(folder, "no-such-browser"));
        var figure = FigureTests.Draw("scaling");
        var saved = await FigureFiles.SaveAsync(figure, FigureManifest.Capture(figure, [1]), folder, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["scaling.csv", "scaling-published.csv", "scaling.json", "scaling.manifest.json", "scaling.html"], saved.Paths.Select(p => Path.GetFileName(p)));
        Assert.Contains("no-such-browser", saved.Note);
        Assert.Equal(5, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task A_browser_that_does_not_draw_ends_in_a_note()
    {
        if (!File.Exists("/bin/false")) Assert.Skip("needs /bin/false");
        Environment.SetEnvironmentVariable(StaticExport.Variable, "/bin/false");
        var picture = await StaticExport.RenderAsync(FigureTests.Draw("stages"), TestContext.Current.CancellationToken);
        Assert.Null(picture.Png);
        Assert.Contains("ended with code 1", picture.Note);
    }

    [Fact]
    public async Task A_browser_that_hangs_is_stopped_on_request()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("needs a shell script");
        var script = Path.Combine(folder, "hang");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nexec sleep 60\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable(StaticExport.Variable, script);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StaticExport.RenderAsync(FigureTests.Draw("stages"), stop.Token));
    }

    [Fact]
    public void A_manifest_survives_saving_and_loading_and_is_byte_stable()
    {
        var figure = FigureTests.Draw("stages");
        var inputs = new Dictionary<string, string> { ["b"] = FigureManifest.Hash("x"), ["a"] = "1" };
        var manifest = FigureManifest.Capture(figure, [3, 1, 3], inputs, new Dictionary<string, string> { ["scale"] = "full" });
        var path = Path.Combine(folder, "m.json");
        manifest.Save(path);
        Assert.Equal(manifest.ToJson(), FigureManifest.Load(path).ToJson());
        Assert.Equal(manifest.ToJson(), FigureManifest.Capture(figure, [1, 3], inputs, new Dictionary<string, string> { ["scale"] = "full" }).ToJson());
        Assert.Equal([1UL, 3UL], manifest.Seeds);
        Assert.Equal(FigureManifest.Hash(figure.Table.ToCsv()), manifest.Tables["stages.csv"]);
        // FIPS 180-2, appendix B.1
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", FigureManifest.Hash("abc"));
        File.WriteAllText(path, "{");
        Assert.Throws<InvalidDataException>(() => FigureManifest.Load(path));
    }

    [Fact]
    public void Notebooks_show_a_figure_as_plotly_json_html_and_text_and_plotly_comes_once()
    {
        FigureFormatters.Register();
        var figure = FigureTests.Draw("stages");
        Assert.Equal([FigureFormatters.PlotlyMimeType, "text/html"], Formatter.GetPreferredMimeTypesFor(typeof(Figure)));
        Assert.Equal(figure.ToJson(), figure.ToDisplayString(FigureFormatters.PlotlyMimeType));
        Assert.StartsWith("A finding\n", figure.ToDisplayString("text/plain"));
        Assert.True(figure.ToDisplayString("text/html").Length > 3_000_000);
        Assert.InRange(figure.ToDisplayString("text/html").Length, 1_000, 500_000);
        Assert.Contains("<td>SFT only</td>", figure.Table.ToDisplayString("text/html"));
    }

    [Fact]
    public void Notebooks_show_a_data_frame_as_a_table_of_its_first_rows_and_its_shape()
    {
        FigureFormatters.Register();
        var html = new DataFrame(new DoubleDataFrameColumn("a<b", Enumerable.Range(0, 30).Select(i => i + 0.5))).ToDisplayString("text/html");
        Assert.Contains("<th>a&lt;b</th>", html);
        Assert.Contains("<td>19.5</td>", html);
        Assert.DoesNotContain("<td>20.5</td>", html);
        Assert.Contains("30 rows, 1 columns; the first 20 are shown", html);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(StaticExport.Variable, variable);
        Directory.Delete(folder, recursive: true);
    }
}
