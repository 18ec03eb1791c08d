using Citrus.Research.Questions;
using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Tests.Questions.Benchmarks;

public sealed class BenchmarkManifestTests
{
    [Fact]
    public void The_shipped_manifest_names_every_benchmark_and_pins_the_sixteen_files_that_were_at_hand()
    {
        var entries = BenchmarkManifest.Default.Entries;
        Assert.Equal(16, entries.Count(e => e.Sha256.Length > 0));
        Assert.Equal(entries.Count, entries.Select(e => e.File).Distinct(StringComparer.Ordinal).Count());
        foreach (var form in QuestionFiles.Forms.Keys.Except(["unified", "citrus", "plain", "medmcqa-0", "medmcqa-1"])) Assert.Contains(entries, e => e.Form == form);
        Assert.All(entries, e => Assert.True(e.Sha256.Length == 0 || (e.Bytes > 0 && e.Rows > 0), e.Name));
    }

    [Fact]
    public void A_file_that_is_meant_to_be_a_published_one_but_is_not_is_flagged()
    {
        using var folder = new TempFolder();
        var differs = BenchmarkManifest.Default.Check(folder.With("phrases_no_exclude_test.jsonl", "{}"));
        Assert.Equal((BenchmarkState.Differs, "medqa-us-4"), (differs.State, differs.Entry?.Name));
        Assert.StartsWith("NOT the published medqa-us-4", differs.ToString(), StringComparison.Ordinal);
        Assert.Equal(BenchmarkState.Differs, BenchmarkManifest.Default.Check(folder.With("mine.jsonl", "{}"), "pubmedqa").State);
        Assert.Equal((BenchmarkState.Unknown, null), BenchmarkManifest.Default.Check(folder["mine.jsonl"]) is var unknown ? (unknown.State, unknown.Entry) : default);
        Assert.Equal(BenchmarkState.Unknown, BenchmarkManifest.Default.Check(folder["mine.jsonl"], "gpqa-main").State);
    }

    [Theory]
    [InlineData("\"file\": \"../x\"", "some.file")]
    [InlineData("\"file\": \"/etc/x\"", "some.file")]
    [InlineData("\"url\": \"http://example.org/x\"", "some.url")]
    [InlineData("\"sha256\": \"abc\"", "some.sha256")]
    [InlineData("\"form\": \"medqqa\"", "some.form")]
    [InlineData("\"sha265\": \"\"", "sha265")]
    public void A_manifest_that_leads_astray_is_refused(string field, string says)
    {
        using var folder = new TempFolder();
        var name = field[..field.IndexOf(':', StringComparison.Ordinal)];
        string[] fields = ["\"name\": \"some\"", "\"what\": \"x\"", "\"published\": \"https://example.org\"", "\"url\": \"https://example.org/x\"", "\"file\": \"some/x\"", "\"licence\": \"MIT\""];
        var path = folder.With("m.json", $"[{{{string.Join(", ", fields.Where(f => !f.StartsWith(name, StringComparison.Ordinal)).Append(field))}}}]");
        Assert.Contains(says, Assert.Throws<QuestionFormatException>(() => BenchmarkManifest.Read(path)).Message, StringComparison.Ordinal);
    }
}
