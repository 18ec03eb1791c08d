using System.CommandLine;
using Citrus.Research.Experts;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus synthesize</c>, and each of its stages as a verb of its own.</summary>
internal static class Synthesize
{
    public static Command Create()
    {
        var options = new SynthesizeOptions(null);
        var all = Verb.Create("synthesize", "Walk questions along an expert pathway, keep the traces that end right, and write them as training examples. Each stage is also a verb of its own.",
            "citrus synthesize --questions questions.jsonl --pathway DualExpert --expert \"clinic?fallibility=0.3&seed=7\" --out data/dual",
            (parse, cancellation) => Run(options, null, parse, cancellation), options.Symbols);
        foreach (var stage in Enum.GetValues<SynthesisStage>()) all.Add(Stage(stage));
        return all;
    }

    private static Command Stage(SynthesisStage stage)
    {
        var options = new SynthesizeOptions(stage);
        var (does, example) = stage switch
        {
            SynthesisStage.Label => ("Rewrite questions openly and measure how hard they are; labels.jsonl.", "--questions questions.jsonl --expert clinic --weak \"clinic?fallibility=1\" --strong \"clinic?fallibility=0\""),
            SynthesisStage.Reason => ("Walk the questions along a pathway; traces.jsonl.", "--pathway DualExpert --expert clinic"),
            SynthesisStage.Verify => ("Hold the traces' answers against the truth; verified.jsonl.", ""),
            SynthesisStage.Narrate => ("Retell the verified traces as thought and answer; narratives.jsonl.", "--narrator clinic"),
            _ => ("Filter the narratives and write data files and card. Asks nobody, so filters can be tried freely.", "--min-words 20 --format alpaca --format parquet"),
        };
        var name = stage.ToString().ToLowerInvariant();
        return Verb.Create(name, does + " Takes up what earlier stages left in the folder.", $"citrus synthesize {name} {example}{(example.Length > 0 ? " " : "")}--out data/dual", (parse, cancellation) => Run(options, stage, parse, cancellation), options.Symbols);
    }

    private static VerbResult Run(SynthesizeOptions read, SynthesisStage? only, ParseResult parse, CancellationToken cancellation)
    {
        var world = read.World(parse);
        var (questions, options) = read.Read(parse, out var skipped);
        foreach (var line in skipped.Take(3)) Console.Error.WriteLine("left out: " + line.Message);
        if (skipped.Count > 0) Console.Error.WriteLine($"{Inputs.N(skipped.Count)} lines of {options.QuestionsFile} could not be read and were left out.");
        var display = new ProgressDisplay();
        var start = DateTime.UtcNow;
        var at = (SynthesisStage?)null;
        options = options with
        {
            Knowledge = world.Knowledge,
            Progress = new Told<SynthesisProgress>(p =>
            {
                if (at != p.Stage) (at, start) = (p.Stage, DateTime.UtcNow);
                if (p.Total == 0) return;
                display.Show($"{(p.Stage == SynthesisStage.Reason ? options.Pathway : p.Stage.ToString().ToLowerInvariant())} {Inputs.N(p.Done)}/{Inputs.N(p.Total)}", (double)p.Done / p.Total,
                    Inputs.Left(start, p.Done - p.Resumed, p.Total - p.Done), p.Problems > 0 ? [$"{Inputs.N(p.Problems)} without a reply"] : []);
            }),
        };
        // The folder first: a second run must not touch the first one's cache or ledger.
        ExpertSession? session = null;
        using var pipeline = new SynthesisPipeline(spec => (session ??= read.Desk.Open(parse, world.Knowledge, options.Folder)).Open(spec), options);
        try
        {
            SynthesisOutcome made = null!;
            display.Run(() => made = pipeline.RunAsync(questions, only, cancellation).GetAwaiter().GetResult());
            if (made.Problems.Count > 0) Console.Error.WriteLine(Problems(made, options.Folder));
            return only is null or SynthesisStage.Emit ? Whole(options, made, skipped.Count) : Part(only.Value, made, skipped.Count);
        }
        finally
        {
            session?.Dispose();
        }
    }

    private static string Problems(SynthesisOutcome made, string folder) =>
        $"{Inputs.N(made.Problems.Select(p => p.Question).Distinct().Count())} questions were cost by calls without a reply ({string.Join(", ", made.Problems.GroupBy(p => p.Fault).OrderByDescending(g => g.Count()).Select(g => $"{Inputs.N(g.Count())} {g.Key}"))}), "
        + $"e.g. {made.Problems[0].Question}: {made.Problems[0].Cause}. They are in {Path.Combine(folder, SynthesisPipeline.ProblemsFile)}; the same command tries them again.";

    private static VerbResult Part(SynthesisStage stage, SynthesisOutcome made, int skipped)
    {
        (int Done, string Text, (string, object?)[] Figures) told = stage switch
        {
            SynthesisStage.Label => Labels(made),
            SynthesisStage.Reason => (made.Traces.Count(t => t is not null), $"{Inputs.N(made.Traces.Count(t => t is { Unusable: null }))} traces with an answer, {Inputs.N(made.Traces.Count(t => t is { Unusable: not null }))} unusable or abstained", []),
            SynthesisStage.Verify => (made.Verified.Count(v => v is not null), $"{Inputs.N(made.Verified.Count(v => v is { Kept: true }))} end right", [("kept", made.Verified.Count(v => v is { Kept: true })), ("rejected", Counted(made.Verified.Where(v => v is { Kept: false }).Select(v => v!.Reason)))]),
            _ => (made.Told.Count(t => t is not null), $"{Inputs.N(made.Told.Count(t => t is { Answer: not null }))} narratives", [("told", made.Told.Count(t => t is { Answer: not null })), ("rejected", Counted(made.Told.Where(t => t is { Answer: null }).Select(t => t!.Reason)))]),
        };
        Verb.Say($"{stage.ToString().ToLowerInvariant()}: {Inputs.N(told.Done)} of {Inputs.N(made.Questions.Count)} questions are through{(made.Resumed > 0 ? $" ({Inputs.N(made.Resumed)} were there already)" : "")}; {told.Text}");
        return new VerbResult(made.Files, [("questions", made.Questions.Count), ("done", told.Done), ("resumed", made.Resumed), ("problems", made.Problems.Count), ("skippedLines", skipped), .. told.Figures]);
    }

    private static (int, string, (string, object?)[]) Labels(SynthesisOutcome made)
    {
        var labels = made.Labels.OfType<QuestionLabel>().ToList();
        var difficulty = Counted(labels.Select(l => l.Difficulty ?? "not measured"));
        foreach (var label in labels.Where(l => l.Problem is not null).Take(3)) Console.Error.WriteLine($"no open stem for {label.Question}: {label.Problem}");
        return (labels.Count, $"{Inputs.N(labels.Count(l => l.Open is not null))} have an open stem, {Inputs.N(labels.Count(l => l.Problem is not null))} rewritings failed the check; difficulty: {string.Join(", ", difficulty.Select(d => $"{Inputs.N(d.Value)} {d.Key}"))}",
            [("open", labels.Count(l => l.Open is not null)), ("failed", labels.Count(l => l.Problem is not null)), ("difficulty", difficulty)]);
    }

    private static VerbResult Whole(SynthesisPipelineOptions options, SynthesisOutcome made, int skipped)
    {
        var card = made.Card!;
        var rejected = Counted(made.Rejected.Select(r => r.Reason));
        Verb.Say($"{options.Pathway}, expert {options.Expert}{(options.Reflector is null ? "" : ", reflector " + options.Reflector)}: {Inputs.N(card.Kept)} of {Inputs.N(made.Questions.Count)} questions gave an example{(made.ResumedTraces > 0 ? $" ({Inputs.N(made.ResumedTraces)} traces were there already)" : "")}");
        foreach (var (reason, n) in rejected) Verb.Say($"  {Inputs.N(n),7}  {reason}");
        if (made.Traces.Where(t => t?.Unusable is not null).GroupBy(t => t!.Unusable!).MaxBy(g => g.Count()) is { } why) Verb.Say($"  most often said where unusable or abstained: {why.Key}");
        if (card.Kept == 0) throw new StudyException($"No trace could be kept ({string.Join(", ", rejected.Select(r => $"{r.Value} {r.Key}"))}), so there is nothing to learn from. The traces are in {Path.Combine(options.Folder, SynthesisPipeline.TracesFile)}; try another expert or other questions.");
        Verb.Say($"  {Inputs.N(card.Words)} words, {Inputs.N(card.LearnedWords)} of them learned; {Inputs.N(card.WithCaughtError)} examples with an error that was caught");
        Verb.Say(options.Knowledge is null || made.Kept.All(k => k.Question.Benchmark != options.Knowledge.World) ? "  faithfulness: not known, for these questions have no simulated case"
            : card.Faithfulness is { } f ? $"  faithfulness: {Inputs.F(f.Fraction)} of {Inputs.N(f.Claims)} checked claims hold" : "  faithfulness: nothing is claimed on this pathway");
        if (card.Labels is { } labels) Verb.Say($"  open stems: {Inputs.N(labels.Given)} came with the question, {Inputs.N(labels.Written)} written, {Inputs.N(labels.Failed)} failed the check; difficulty of the examples: {string.Join(", ", card.Difficulty.Select(d => $"{Inputs.N(d.Value)} {d.Key}"))}");
        var use = card.Use.Values.Aggregate(ExpertUse.None, (a, b) => a + b);
        Verb.Say($"  {Inputs.N(use.Calls)} calls, {Inputs.N(use.TokensIn)} tokens in, {Inputs.N(use.TokensOut)} out; cost {(card.Cost is { } cost ? Inputs.F(cost, 4) + " US dollars" : $"unknown for {Inputs.N(use.UnknownCost)} calls")}");
        Verb.Say("");
        var first = made.Kept[0].Example;
        Verb.Say($"  {first.Turns[0].Text.Replace("\n", "\n  ")}\n  -> {first.Turns[1].Text}");
        return new VerbResult(made.Files, ("pathway", options.Pathway), ("questions", made.Questions.Count), ("kept", card.Kept), ("rejected", rejected), ("resumed", made.ResumedTraces), ("words", card.Words),
            ("faithfulness", card.Faithfulness?.Fraction), ("problems", made.Problems.Count), ("skippedLines", skipped), ("cost", card.Cost));
    }

    private static SortedDictionary<string, int> Counted(IEnumerable<string> names) => new(names.GroupBy(n => n).ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal);
}
