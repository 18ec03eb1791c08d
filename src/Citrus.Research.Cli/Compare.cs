using System.CommandLine;
using Citrus.Research.Evaluation;

namespace Citrus.Research.Cli;

/// <summary><c>citrus compare</c>.</summary>
internal static class Compare
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("runs") { Description = "Folders of evaluations (what `citrus evaluate --out` or `citrus score --out` wrote), two or more, on questions that they share.", Arity = ArgumentArity.OneOrMore };
        var cluster = new Option<string?>("--cluster") { Description = "A tag of the questions that says what several of them are about, such as a case. Questions of one cluster are not independent; the interval takes that in." };
        var csv = new Option<string?>("--csv") { Description = "Write the table of pairs to this file." };
        var level = new Option<double>("--level") { Description = "Chance of even one false alarm over all pairs; intervals have the confidence 1 - LEVEL.", DefaultValueFactory = _ => 0.05 };
        var seed = Inputs.Seed();
        return Verb.Create("compare", "Compare evaluations question by question and say what can and cannot be concluded: differences with intervals (paired bootstrap), exact McNemar, Holm's correction over the pairs, the smallest difference that so many questions could show.",
            "citrus compare results/runs/direct results/runs/dual --csv pairs.csv",
            (parse, cancellation) => Run(parse.GetValue(runs)!, new RunComparisonOptions
            {
                ClusterTag = parse.GetValue(cluster),
                Seed = parse.GetValue(seed),
                Level = parse.GetValue(level) is > 0 and < 1 and var l ? l : throw new ArgumentException($"--level is {Inputs.F(parse.GetValue(level))}; it lies between 0 and 1, e.g. 0.05."),
            }, parse.GetValue(csv), cancellation),
            runs, cluster, csv, level, seed);
    }

    private static VerbResult Run(string[] folders, RunComparisonOptions options, string? csv, CancellationToken cancellation)
    {
        if (folders.Length < 2) throw new ArgumentException("A comparison needs at least two folders: citrus compare RUN RUN...");
        if (csv is not null && Directory.Exists(csv)) throw new IOException($"--csv {csv} is a folder; name a file, e.g. {Path.Combine(csv, "pairs.csv")}.");
        var runs = ComparedRuns.Open(folders);
        var pairs = runs.Count * (runs.Count - 1) / 2;
        var display = new ProgressDisplay();
        var start = DateTime.UtcNow;
        RunComparison? made = null;
        var progress = new Told<int>(done =>
        {
            cancellation.ThrowIfCancellationRequested();
            display.Show($"{done}/{pairs} pairs", (double)done / pairs, Inputs.Left(start, done, pairs - done), []);
        });
        display.Run(() => made = RunComparison.Of(runs, options, progress));
        var comparison = made!;
        Print(comparison);
        if (csv is not null) CsvTables.Write(csv, comparison.Pairs.Select(RunPairRow.Of));
        return new VerbResult(csv is null ? [] : [csv], ("questions", comparison.Common.Count), ("runs", runs.Select(r => new { r.Name, r.Model, protocol = r.Protocol.ToString(), questions = r.Questions.Count, curve = r.Curve, calibration = r.Calibration is { } c ? new { c.N, c.Accuracy, c.Confidence, c.ExpectedError, c.Brier } : null })),
            ("pairs", comparison.Pairs.Select(RunPairRow.Of)), ("warnings", comparison.Warnings));
    }

    private static void Print(RunComparison comparison)
    {
        var width = Math.Clamp(comparison.Runs.Max(r => r.Name.Length), 4, 40);
        var confidence = Inputs.F(100 * (1 - comparison.Options.Level), 0);
        var rights = comparison.Pairs.SelectMany(p => new[] { (Name: p.First, Accuracy: p.FirstAccuracy), (Name: p.Second, Accuracy: p.SecondAccuracy) }).DistinctBy(r => r.Name).ToDictionary(r => r.Name, r => r.Accuracy);
        // A card's words come from outside; they must not steer the terminal.
        static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        Verb.Say($"{comparison.Runs.Count} runs, {Inputs.N(comparison.Common.Count)} common questions");
        Verb.Say($"  {"run".PadRight(width)}  accuracy  {"asked",6}  model, protocol");
        foreach (var run in comparison.Runs)
            Verb.Say($"  {run.Name.PadRight(width)}  {Inputs.F(rights[run.Name]),8}  {Inputs.N(run.Questions.Count),6}  {Clean(run.Model)}, {Clean(run.Protocol.ToString())}");
        foreach (var run in comparison.Runs.Where(r => r.Curve is not null))
            Verb.Say($"  samples of {run.Name}: {string.Join("; ", run.Curve!.Select(p => $"pass@{p.K} {Inputs.F(p.Pass)}, majority@{p.K} {Inputs.F(p.Majority)}"))}");
        foreach (var (run, c) in comparison.Runs.Where(r => r.Calibration is not null).Select(r => (r, r.Calibration!)))
            Verb.Say($"  calibration of {run.Name}: sure to {Inputs.F(c.Confidence)}, right in {Inputs.F(c.Accuracy)} of {Inputs.N(c.N)}; expected error {Inputs.F(c.ExpectedError)} ({c.Bins.Count} bins of equal width), Brier {Inputs.F(c.Brier)} (softmax of the options' scores)");
        Verb.Say("");
        Verb.Say($"  {"first".PadRight(width)}  {"second".PadRight(width)}  difference  {$"{confidence}% interval",-16}  only 1st  only 2nd  p        Holm p   detectable  kappa");
        foreach (var p in comparison.Pairs)
            Verb.Say($"  {p.First.PadRight(width)}  {p.Second.PadRight(width)}  {Inputs.F(p.Difference.Mean),10}  {$"[{Inputs.F(p.Difference.Interval.Low)}, {Inputs.F(p.Difference.Interval.High)}]",-16}  {Inputs.N(p.McNemar.OnlyFirst),8}  {Inputs.N(p.McNemar.OnlySecond),8}  {Inputs.F(p.PValue, 4),-7}  {Inputs.F(p.HolmPValue, 4),-7}  {(p.Detectable is { } d ? Inputs.F(d) : "-"),10}  {(p.Agreement is { } k && double.IsFinite(k) ? Inputs.F(k) : "-"),5}");
        foreach (var warning in comparison.Warnings)
        {
            Verb.Say("");
            Verb.Say("Mind: " + Clean(warning));
        }

        foreach (var sentence in RunComparisonText.Of(comparison))
        {
            Verb.Say("");
            Verb.Say(sentence);
        }
    }
}
