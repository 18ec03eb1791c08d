using System.CommandLine;
using System.Text.Json;
using Citrus.Research.Evaluation;
using Citrus.Research.Examples;
using Citrus.Research.Questions;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus contamination</c>.</summary>
internal static class ContaminationVerb
{
    private static readonly Option<string[]> Train = new("--train") { Description = "Training data: files or folders of .jsonl or .json records of any layout, .parquet, .txt, .md, or question files.", Required = true, AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> Tests = new("--questions") { Description = "Test question files. May be left out with --run, whose questions are then looked for.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> Runs = new("--run") { Description = "Folders of evaluations (samples.jsonl, questions.jsonl): their accuracy on all, clean and contaminated questions is told.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Column = new("--column") { Description = "Column of Parquet files that holds the text.", DefaultValueFactory = _ => "text" };
    private static readonly Option<int> Words = new("--words") { Description = "Words in a run that must not be shared.", DefaultValueFactory = _ => new ContaminationOptions().Words };
    private static readonly Option<int> Characters = new("--characters") { Description = "The same for Chinese, in characters.", DefaultValueFactory = _ => new ContaminationOptions().Characters };
    private static readonly Option<double> Ratio = new("--ratio") { Description = "Likeness, 80..100, from which on two texts are the same but for small edits: rapidfuzz's and thefuzz's ratio, case and punctuation aside.", DefaultValueFactory = _ => new ContaminationSearchOptions().Ratio };
    private static readonly Option<string> Out = new("--out") { Description = "Folder for hits.jsonl, hits.csv and contamination.json.", Required = true };

    public static Command Create() => Verb.Create("contamination",
        "Find test questions that training data repeats: by runs of 13 words (20 characters of Chinese), and nearly whole (ratio 95 or more). With --run the score on clean questions stands beside the raw one.",
        "citrus contamination --train sft.jsonl corpus/ --questions medqa.jsonl --run results/runs/dual --out results/runs/contamination",
        Run, Train, Tests, Runs, Column, Words, Characters, Ratio, Out);

    private static VerbResult Run(ParseResult parse, CancellationToken cancellation)
    {
        var output = parse.GetValue(Out)!;
        if (File.Exists(output)) throw new IOException($"--out {output} is a file; name a folder.");
        var trainFiles = parse.GetValue(Train)!.SelectMany(TrainingRows.Files).ToList();
        var testFiles = parse.GetValue(Tests) ?? [];
        var evaluations = (parse.GetValue(Runs) ?? []).Select(EvaluationFolder.Open).ToList();
        if (testFiles.Length == 0 && evaluations.Count == 0) throw new ArgumentException("Which questions? Give --questions FILE, or --run DIR of an evaluation.");

        var tests = testFiles.SelectMany(file => NotEmpty(file, QuestionFiles.Read(file).Select(q => (Source: file, Question: q)).ToList())).ToList();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < tests.Count; i++) places.TryAdd(Key(tests[i].Question), i);
        foreach (var run in evaluations)
            foreach (var question in run.Questions)
                if (places.TryAdd(Key(question), tests.Count)) tests.Add((run.Path, question));

        var options = new ContaminationSearchOptions { Ratio = parse.GetValue(Ratio), Runs = new ContaminationOptions { Words = parse.GetValue(Words), Characters = parse.GetValue(Characters) } };
        var search = new ContaminationSearch(tests, options);
        var report = Search(search, trainFiles, parse.GetValue(Column)!, cancellation);
        var scores = evaluations.Select(run => (Run: run, Score: CleanScore.Of(run.Questions, run.Predictions, i => report.IsContaminated(places[Key(run.Questions[i])])))).ToList();

        Directory.CreateDirectory(output);
        var (lines, table, card) = (Path.Combine(output, "hits.jsonl"), Path.Combine(output, "hits.csv"), Path.Combine(output, "contamination.json"));
        RunStore.WriteAtomically(lines, string.Concat(report.Matches.Select(m => JsonSerializer.Serialize(m, StepHash.Json) + "\n")));
        CsvTables.Write(table, report.Matches);
        var sources = Sources(tests, report, search);
        RunStore.WriteAtomically(card, JsonSerializer.Serialize(new
        {
            options,
            train = trainFiles.Select(f => new { file = f, sha256 = Inputs.Sha256(f), rowsThatMatch = report.Matches.Where(m => m.File == f).Select(m => m.Line).Distinct().Count() }),
            questions = sources,
            rows = report.Rows,
            texts = report.Texts,
            matches = report.Matches.Count,
            questionsByHalfTheRuns = Shared(report),
            stockRunsInTests = report.StockInTests,
            stockRunsInTraining = report.StockInExamples,
            tooShort = search.TooShort.Select(i => new { source = tests[i].Source, question = tests[i].Question.Id }),
            scores = scores.Select(s => new { run = s.Run.Path, s.Run.Model, protocol = s.Run.Protocol.ToString(), s.Score, problems = s.Run.Problems.Count }),
        }, new JsonSerializerOptions(StepHash.Json) { WriteIndented = true }) + "\n");

        Print(trainFiles.Count, sources, report, search, options);
        foreach (var (run, score) in scores) Print(run, score);
        return new VerbResult([lines, table, card], ("rows", report.Rows), ("texts", report.Texts), ("questions", tests.Count), ("byRun", report.ByRun.Count), ("byHalfTheRuns", Shared(report)), ("byFuzzy", report.ByFuzzy.Count),
            ("contaminated", sources.Sum(s => s.Contaminated)), ("tooShort", search.TooShort.Count), ("matches", report.Matches.Count), ("compared", search.Compared),
            ("scores", scores.Select(s => new { run = s.Run.Path, all = s.Score.All, clean = s.Score.Clean, contaminated = s.Score.Contaminated, gap = s.Score.Gap })));
    }

    private static ContaminationReport Search(ContaminationSearch search, List<string> files, string column, CancellationToken cancellation)
    {
        // How far it is: characters of text of the bytes of the files. Escapes and field names make it a little pessimistic.
        var bytes = Math.Max(1, files.Sum(f => new FileInfo(f).Length));
        var (display, start) = (new ProgressDisplay(), DateTime.UtcNow);
        ContaminationReport? report = null;
        display.Run(() => report = search.Search(files.SelectMany(f => TrainingRows.Read(f, column)), (rows, characters) =>
        {
            var done = Math.Min(0.99, (double)characters / bytes);
            display.Show($"{Inputs.N(rows)} training rows", done, Inputs.Left(start, (int)(done * 1e6), (int)((1 - done) * 1e6)), []);
        }, cancellation));
        return report!;
    }

    private static List<SourceCount> Sources(List<(string Source, Question Question)> tests, ContaminationReport report, ContaminationSearch search)
    {
        var tooShort = search.TooShort.ToHashSet();
        return [.. Enumerable.Range(0, tests.Count).GroupBy(i => tests[i].Source, StringComparer.Ordinal)
            .Select(g => new SourceCount(g.Key, g.Count(), g.Count(report.ByRun.Contains), g.Count(report.ByFuzzy.Contains), g.Count(report.IsContaminated), g.Count(tooShort.Contains)))];
    }

    private static void Print(int files, List<SourceCount> sources, ContaminationReport report, ContaminationSearch search, ContaminationSearchOptions options)
    {
        Verb.Say($"{Inputs.N(report.Rows)} training rows in {Inputs.N(files)} {(files == 1 ? "file" : "files")} against {Inputs.N(sources.Sum(s => s.Questions))} test questions ({Inputs.N(search.Stems)} different stems)");
        Verb.Say($"  {"",-34} {"questions",9}  {options.Runs.Words,2}-word runs  ratio >= {Inputs.F(options.Ratio, 0)}  either  too short to look for");
        foreach (var s in sources) Verb.Say($"  {Path.GetFileName(Path.TrimEndingDirectorySeparator(s.Source)),-34} {Inputs.N(s.Questions),9}  {Inputs.N(s.ByRun),12}  {Inputs.N(s.ByFuzzy),11}  {Inputs.N(s.Contaminated),6}  {Inputs.N(s.TooShort),8}");
        if (report.ByRun.Count > 0)
            Verb.Say($"  Of the {Inputs.N(report.ByRun.Count)} questions found by runs {Inputs.N(Shared(report))} share half of their runs with one training row or more; where a row shares a few percent, look whether it is but a phrase (hits.csv has the score and the text).");
        foreach (var file in report.Matches.GroupBy(m => m.File, StringComparer.Ordinal)) Verb.Say($"  {file.Key}: {Inputs.N(file.Select(m => m.Line).Distinct().Count())} rows match, the first in line {Inputs.N(file.First().Line)}");
        if (report.StockInTests + report.StockInExamples > 0)
            Verb.Say($"  Left out as stock phrases: {Inputs.N(report.StockInTests)} runs that more than {options.Runs.StockInTests} test questions have, {Inputs.N(report.StockInExamples)} that stand under more than {options.Runs.StockInExamples} training prompts.");
        if (report.Matches.Count == 0) Verb.Say("  Nothing was found. A question that is only paraphrased is not found this way.");
    }

    private static void Print(EvaluationFolder run, CleanScore score)
    {
        Verb.Say($"{run.Path}: {run.Model}, {run.Protocol}\n  {"",-14} {"n",6}  accuracy  95% interval");
        Line("all (raw)", score.All);
        Line("clean", score.Clean);
        Line("contaminated", score.Contaminated);
        if (score.Gap is { } gap)
            Verb.Say($"  contaminated minus clean: {Inputs.F(gap.Low)} to {Inputs.F(gap.High)} (95%). " + (gap.Contains(0) ? "No difference can be told from this." : "They differ; whether by memory or by difficulty, this cannot tell."));
        if (run.Problems.Count > 0) Verb.Say($"  Something does not fit in {Inputs.N(run.Problems.Count)} {(run.Problems.Count == 1 ? "place" : "places")} of this run; `citrus score --run {run.Path}` tells.");

        static void Line(string name, Rate? rate) =>
            Verb.Say(rate is not { } r ? $"  {name,-14} {0,6}" : $"  {name,-14} {Inputs.N(r.N),6}  {Inputs.F(r.Fraction),8}  {Inputs.F(r.Interval.Low)} - {Inputs.F(r.Interval.High)}");
    }

    /// <summary>Questions of which a row holds half or more.</summary>
    private static int Shared(ContaminationReport report) => report.Matches.Where(m => m.Kind == ContaminationKind.Run && m.Score >= 50).Select(m => (m.Source, m.Benchmark, m.Question)).Distinct().Count();

    private static string Key(Question question) => $"{question.Stem}\n{string.Join('\n', question.Options.Select(o => o.Text))}";

    private static List<T> NotEmpty<T>(string file, List<T> list) => list.Count > 0 ? list : throw new QuestionFormatException(file, 0, "", "the file holds no question.");

    /// <summary>Of one question file: how many of its questions were found, and how.</summary>
    private sealed record SourceCount(string Source, int Questions, int ByRun, int ByFuzzy, int Contaminated, int TooShort);
}
