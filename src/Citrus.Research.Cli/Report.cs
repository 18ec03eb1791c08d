using System.CommandLine;
using System.Globalization;
using Citrus.Research.Figures;

namespace Citrus.Research.Cli;

/// <summary><c>citrus report</c>.</summary>
internal static class Report
{
    public static Command Create()
    {
        var defaults = new ReportOptions();
        var runs = new Argument<string[]>("RUN") { Description = "Folders of runs: of `citrus evaluate --out` or `citrus synthesize --out`.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "The page, an .html file.", Required = true };
        var traces = new Option<string?>("--traces") { Description = "A synthesis run's traces.jsonl, shown beside the same questions." };
        var questions = new Option<string?>("--questions") { Description = "The questions, for a run whose folder has no questions.jsonl." };
        var title = new Option<string>("--title") { Description = "Heading of the page.", DefaultValueFactory = _ => defaults.Title };
        var most = new Option<int>("--max-mb") { Description = "Most MiB of input files, all runs together; a browser has to hold them.", DefaultValueFactory = _ => (int)(defaults.MaximumBytes >> 20) };
        return Verb.Create("report",
            "Write one self-contained HTML page of some runs: score table with intervals, every question with what each run said, filters, search, synthesis traces and trees. It needs no network and executes nothing that a model wrote.",
            "citrus report results/runs/base results/runs/dual --out report.html",
            (parse, _) => Run(parse.GetValue(runs)!, parse.GetValue(output)!, parse.GetValue(traces), parse.GetValue(questions),
                defaults with { Title = parse.GetValue(title)!, MaximumBytes = (long)Inputs.AtLeast(parse.GetValue(most), 1, "--max-mb") << 20 }),
            runs, output, traces, questions, title, most);
    }

    private static VerbResult Run(string[] folders, string file, string? traces, string? questions, ReportOptions options)
    {
        var page = ReportPage.Open(folders, traces, questions, options);
        page.Save(Inputs.OutputFile(file));
        Verb.Say($"{"run",-24} {"benchmark",-20} {"n",7}  accuracy  95% interval   no answer  missing  protocol");
        foreach (var s in page.Scores)
            Verb.Say($"{Short(s.Run, 24),-24} {Short(s.Benchmark, 20),-20} {Inputs.N(s.N),7}  {Inputs.F(s.Accuracy),8}  {Inputs.F(s.Low)} - {Inputs.F(s.High)}  {Inputs.N(s.NoAnswer),9}  {Inputs.N(s.Missing),7}  {s.Protocol}");
        foreach (var problem in page.Problems) Verb.Say($"  {problem}");
        var bytes = new FileInfo(file).Length;
        Verb.Say($"{file}: {Inputs.N(page.Questions)} questions, {Inputs.N(page.Samples)} samples, {(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB. Open it in a browser; ? shows the keys.");
        return new VerbResult([file], ("questions", page.Questions), ("samples", page.Samples), ("bytes", bytes), ("problems", page.Problems),
            ("scores", page.Scores.Select(s => new { s.Run, s.Benchmark, s.Protocol, s.N, s.Right, Accuracy = Math.Round(s.Accuracy, 4), Interval = new[] { Math.Round(s.Low, 4), Math.Round(s.High, 4) }, s.NoAnswer, s.Missing })));
    }

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
