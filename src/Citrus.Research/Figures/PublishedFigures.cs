using System.Globalization;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Figures;

/// <summary>The figures of the published tables that ship with the library, beside what was measured here.</summary>
public static class PublishedFigures
{
    /// <summary>Models that the figure over benchmarks shows where nothing else is said.</summary>
    public static IReadOnlyList<string> DefaultModels { get; } = ["Llama-3.1-8B-Instruct", "BrainMed-8B", "Qwen3-32B", "Qwen2.5-72B-Instruct (m1 Table 1)", "HuatuoGPT-o1-70B (m1 Table 1)"];

    /// <summary>MedQA against model size.</summary>
    /// <param name="measured">Numbers of one's own; those of other benchmarks than MedQA are left out.</param>
    public static Figure MedQaBySize(IReadOnlyList<MeasuredScore>? measured = null)
    {
        List<SizeRow> rows = [.. PublishedScores.Read().Select(s => SizeRow.Of(s)), .. (measured ?? []).Where(m => m.Benchmark == "MedQA").Select(SizeRow.Of)];
        var fits = SizeFigure.Fits(rows).ToDictionary(f => f.Group, f => f.Line);
        var (general, medical) = (fits[SizeRow.General], fits[SizeRow.Medical]);
        var at8 = Math.Log10(8);
        var title = string.Create(CultureInfo.InvariantCulture,
            $"Ten times the parameters go with about {general.Slope:0} points more on MedQA, training for medicine with {medical.At(at8) - general.At(at8):0} at 8B; single models lie {Math.Min(general.Spread, medical.Spread):0} to {Math.Max(general.Spread, medical.Spread):0} points off their line");
        return SizeFigure.Draw(title, rows, 0.25, new FigureText("medqa-by-size", "Four options, US test.", "95 % intervals (Wilson)"));
    }

    /// <summary>The paper's Table 5: accuracy after each training stage, and which steps stand out from the noise of 1273 questions.</summary>
    public static Figure Stages()
    {
        var steps = PublishedScores.Table5();
        var again = PublishedScores.Table4().Single(s => s.Model == "Llama-3.1-70B-Instruct");
        var twice = steps.Single(s => s.Step == again.Model);
        var pairs = steps.Where(s => s.After.Length > 0).Select(s => (Step: s, Before: steps.Single(b => b.Step == s.After))).Select(p => (p.Step, p.Before, Difference: Between(p.Step.Rate, p.Before.Rate))).ToList();
        var adjusted = Holm.Adjust([.. pairs.Select(p => p.Difference.PValue)]);
        var sameModel = Between(twice.Rate, again.Rate!.Value);
        List<RungRow> rungs =
        [
            .. pairs.Select((p, i) => Rung($"{Short(p.Step.Step)} − {Short(p.Before.Step)}", p.Step.N, p.Difference, adjusted[i])),
            Rung("one model twice: Table 5 − Table 4", twice.N, sameModel, sameModel.PValue),
        ];
        var real = pairs.Where((_, i) => adjusted[i] < RungRow.Level).ToList();
        var stages = steps.Select(s => Row(Short(s.Step) + (s == twice ? " (Table 5)" : ""), s.Percent, s.Rate)).ToList();
        stages.Insert(stages.FindIndex(s => s.Stage.EndsWith("(Table 5)", StringComparison.Ordinal)) + 1, Row(again.Model + " (Table 4)", again.Percent, again.Rate!.Value));
        var title = $"{real.Count} of {pairs.Count} published steps stand out from noise at n = {FigureLook.Range(steps.Select(s => s.N))}: {string.Join(", ", real.Select(p => Short(p.Step.Step)))}; more of the same data does not";
        var caption = $"Table 5 of arXiv 2502.18274, MedQA. Above: accuracy, whiskers 95 % intervals (Wilson), n = {FigureLook.Range(steps.Select(s => s.N))}; dotted line chance. "
            + $"Below: difference to the step before with its 95 % interval (Newcombe 1998, method 10) as if the answers were independent, for nobody published who was right where: with paired answers it would be narrower. Filled where p < {RungRow.Level.ToString(CultureInfo.InvariantCulture)} (z test) "
            + $"after Holm's correction over the {pairs.Count} steps, hollow where noise is not excluded. Last line: two numbers of the paper for one and the same model, a yardstick. Numbers as the start table quotes them; the paper could not be read.";
        return LadderFigure.Draw(title, stages, rungs, new FigureText("published-stages"), caption);
    }

    /// <summary>Published models over benchmarks, and measured ones beside them.</summary>
    /// <param name="measured">Numbers of one's own.</param>
    /// <param name="models">Published models to show; <see cref="DefaultModels"/> where null.</param>
    /// <param name="title">The finding; null takes what the published rows show.</param>
    public static Figure Benchmarks(IReadOnlyList<MeasuredScore>? measured = null, IReadOnlyList<string>? models = null, string? title = null)
    {
        models ??= DefaultModels;
        var scores = PublishedScores.Benchmarks();
        if (models.FirstOrDefault(m => scores.All(s => s.Model != m)) is { } unknown)
            throw new ArgumentException($"The table of benchmarks has no model {unknown}; it has {string.Join(", ", scores.Select(s => s.Model).Distinct())}.", nameof(models));
        // What others published of a measured model stands beside its measurement.
        models = [.. models.Concat((measured ?? []).Select(m => m.Model).Where(m => scores.Any(s => s.Model == m))).Distinct(StringComparer.Ordinal)];
        // A benchmark that one or two of them have compares little, unless one's own number stands beside.
        var own = (measured ?? []).Select(m => m.Benchmark).ToHashSet(StringComparer.Ordinal);
        var shown = scores.Where(s => models.Contains(s.Model)).GroupBy(s => s.Benchmark).Where(g => own.Contains(g.Key) || g.Select(s => s.Model).Distinct().Count() > Math.Min(2, models.Count - 1))
            .OrderByDescending(g => g.Average(s => s.Percent)).SelectMany(g => g.OrderBy(s => models.ToList().IndexOf(s.Model))).Select(BenchmarkRow.Of).ToList();
        List<BenchmarkRow> rows = [.. shown.OrderBy(r => models.ToList().IndexOf(r.Model)), .. (measured ?? []).Select(BenchmarkRow.Of)];
        var order = shown.Select(r => r.Benchmark).Concat(rows.Select(r => r.Benchmark)).Distinct().ToList();
        rows = [.. rows.OrderBy(r => order.IndexOf(r.Benchmark))];
        var spread = shown.GroupBy(r => r.Benchmark).Where(g => g.Count() > 1).Select(g => (g.Key, Width: g.Max(r => r.Accuracy) - g.Min(r => r.Accuracy))).OrderByDescending(g => g.Width).ToList();
        title ??= string.Create(CultureInfo.InvariantCulture, $"Published models differ by {100 * spread[0].Width:0} points on {spread[0].Key} and by {100 * spread[^1].Width:0} on {spread[^1].Key}: no benchmark stands for the others");
        return BenchmarkFigure.Draw(title, rows, new FigureText("benchmarks", null, "95 % intervals (Wilson)"));
    }

    private static StageRow Row(string stage, double percent, Rate rate) =>
        new(stage, "70B", 70_000_000_000, "overall", null, rate.N, percent / 100, Math.Min(rate.Interval.Low, percent / 100), Math.Max(rate.Interval.High, percent / 100), double.NaN, 0.25);

    private static Difference Between(Rate after, Rate before) => IndependentDifference.Of(after.Count, after.N, before.Count, before.N);

    private static RungRow Rung(string step, int n, Difference difference, double p) => new(step, "overall", 1, n, difference.Mean, difference.Interval.Low, difference.Interval.High, p);

    /// <summary>Without what stands in brackets, which is too long for an axis.</summary>
    private static string Short(string step) => step.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at ? step[..at] : step;
}
