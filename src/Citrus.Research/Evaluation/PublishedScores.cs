using Microsoft.Data.Analysis;

namespace Citrus.Research.Evaluation;

/// <summary>The tables of published accuracies that ship with the library, one number a row, each with its source, its protocol and how far it was checked.</summary>
/// <remarks>The numbers come from different protocols and reruns; the same model stands there more than once, and the rows disagree. That is the point of keeping the source. See data/published/README.md.</remarks>
public static class PublishedScores
{
    private static readonly string[] Checked = ["protocol", "verified", "check", "conflict"];

    /// <summary>MedQA by model size.</summary>
    public static string DefaultPath => Shipped("medqa_by_size.csv");

    /// <summary>Reads and checks a table of MedQA accuracies by model size, in file order.</summary>
    /// <exception cref="TableFormatException">A row is not as it should be.</exception>
    public static IReadOnlyList<PublishedScore> Read(string? path = null) =>
        [.. PublishedLine.Read(path ?? DefaultPath, ["model", "params_b", "medqa_acc", "setting", "source"], Checked).Select(l => new PublishedScore(
            l.Text("model"), l.Billions(), l.Percent("medqa_acc"), l.Text("setting"), l.Text("source"), l.Field("protocol"), l.Verified(), l.Field("check"), l.Field("conflict")))];

    /// <summary>Models on several benchmarks, from sources that could be read.</summary>
    /// <exception cref="TableFormatException">A row is not as it should be.</exception>
    public static IReadOnlyList<BenchmarkScore> Benchmarks(string? path = null) =>
        [.. PublishedLine.Read(path ?? Shipped("benchmarks.csv"), ["model", "params_b", "benchmark", "percent", "n", "source", .. Checked], []).Select(l => new BenchmarkScore(
            l.Text("model"), l.Billions(), l.Text("benchmark"), l.Percent("percent"), l.Count("n"), l.Text("protocol"), l.Text("source"), l.Verified(), l.Field("check"), l.Field("conflict")))];

    /// <summary>What is known of the paper's Table 4 (arXiv 2502.18274): models by benchmark.</summary>
    public static IReadOnlyList<BenchmarkScore> Table4() => Benchmarks(Shipped("citrus_table4.csv"));

    /// <summary>The paper's Table 5: MedQA after each training stage, in the table's order.</summary>
    /// <exception cref="TableFormatException">A row is not as it should be.</exception>
    public static IReadOnlyList<StageScore> Table5(string? path = null)
    {
        path ??= Shipped("citrus_table5.csv");
        var steps = new HashSet<string>(StringComparer.Ordinal);
        var scores = new List<StageScore>();
        foreach (var line in PublishedLine.Read(path, ["step", "after", "examples", "percent", "n", "setting", "source", .. Checked], []))
        {
            var (step, after) = (line.Text("step"), line.Field("after"));
            if (after.Length > 0 && !steps.Contains(after)) throw line.Wrong("after", $"\"{after}\" is no step above; the steps so far are {string.Join("; ", steps)}.");
            if (!steps.Add(step)) throw line.Wrong("step", $"\"{step}\" is there twice.");
            scores.Add(new StageScore(step, after, line.Count("examples"), line.Percent("percent"), line.Count("n") ?? throw line.Wrong("n", "must not be empty."),
                line.Text("setting"), line.Text("protocol"), line.Text("source"), line.Verified(), line.Field("check"), line.Field("conflict")));
        }

        return scores;
    }

    /// <summary>The table for a notebook; unknown sizes are missing values.</summary>
    public static DataFrame ToDataFrame(IReadOnlyList<PublishedScore> scores) => CsvTables.ToDataFrame(scores);

    private static string Shipped(string name) =>
        Path.Combine(Path.GetDirectoryName(typeof(PublishedScores).Assembly.Location) ?? AppContext.BaseDirectory, "data", "published", name);
}
