using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Examples;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus pairs --sampler --judge</c>.</summary>
internal static class JudgedPairs
{
    public static VerbResult Run(
        StudyWorld world, ExpertDesk desk, ParseResult parse, string file, IReadOnlyList<Question> questions, PreferenceRunOptions options, string format, string folder, CancellationToken cancellation)
    {
        if (File.Exists(folder)) throw new IOException($"--out {folder} is a file; with --sampler, name a folder.");
        using var held = FolderLock.Take(folder);
        using var session = desk.Open(parse, world.Knowledge, folder);
        var (sampler, judge, matcher) = (session.Open(options.SamplerSpec), session.Open(options.JudgeSpec), session.Open(options.MatcherSpec));
        var display = new ProgressDisplay();
        var (start, stage) = (DateTime.UtcNow, "");
        var resumed = 0;
        var gate = new Lock();
        options = options with
        {
            Folder = folder,
            Progress = new Told<PreferenceProgress>(p =>
            {
                lock (gate)
                {
                    if (stage != p.Stage) (stage, start, resumed) = (p.Stage, DateTime.UtcNow, resumed + p.Resumed);
                }

                display.Show($"{(p.Stage == "samples" ? "1/2 samples" : "2/2 verdicts")} {Inputs.N(p.Done)}/{Inputs.N(p.Total)}", p.Total == 0 ? 1 : (double)p.Done / p.Total,
                    Inputs.Left(start, p.Done - p.Resumed, p.Total - p.Done), p.Problems == 0 ? [] : [$"{Inputs.N(p.Problems)} calls gave nothing"]);
            }),
        };
        var run = new PreferenceRun(sampler, judge, matcher, options);
        var problems = Path.Combine(folder, "problems.jsonl");
        PreferenceResult? result = null;
        try
        {
            display.Run(() => result = run.RunAsync(questions, cancellation).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new StoppedException($"Stopped. The samples and verdicts in {folder} are kept; the same command goes on from there.");
        }
        catch (ExpertException error) when (error.EndsRun)
        {
            PreferenceFiles.WriteLines(problems, run.Problems);
            throw new ExpertException(error.Fault, $"{error.Message.TrimEnd('.')}. The samples and verdicts in {folder} are kept; once this is mended, the same command goes on from there.", error);
        }

        var card = PreferenceCard.Of(result!, options);
        var pairs = result!.Pairs;
        var output = Path.Combine(folder, "pairs.jsonl");
        ExampleFiles.WritePairs(output, pairs);
        List<string> outputs = [output];
        if (format != PreferenceFiles.Trl) outputs.AddRange(PreferenceFiles.Write(folder, pairs, format));
        PreferenceFiles.WriteLines(problems, result.Problems);
        var (source, sha) = (Inputs.Sha256(file), Inputs.Sha256(output));
        var json = JsonSerializer.SerializeToNode(card, PreferenceFiles.Json)!.AsObject();
        json["questionFile"] = new JsonObject { ["file"] = Path.GetFileName(file), ["sha256"] = source };
        json["pairsFile"] = new JsonObject { ["file"] = "pairs.jsonl", ["sha256"] = sha };
        var (cardJson, cardText) = (Path.Combine(folder, "card.json"), Path.Combine(folder, "card.md"));
        PreferenceFiles.WriteText(cardJson, json.ToJsonString(new JsonSerializerOptions(PreferenceFiles.Json) { WriteIndented = true }) + "\n");
        PreferenceFiles.WriteText(cardText, PreferenceCardText.Of(card, Path.GetFileName(file), source, sha));
        outputs.AddRange([cardText, cardJson, Path.Combine(folder, "samples.jsonl"), Path.Combine(folder, "verdicts.jsonl"), problems]);

        Verb.Say($"{Inputs.N(questions.Count)} questions, {Inputs.N(card.SamplesAsked)} samples: {Inputs.N(card.SamplesKept)} kept, {Inputs.N(card.SamplesRejected.Values.Sum())} rejected, {Inputs.N(card.SamplesFailed)} failed{(resumed > 0 ? $" ({Inputs.N(resumed)} samples and verdicts were there already)" : "")}");
        foreach (var (reason, n) in card.SamplesRejected) Verb.Say($"  {Inputs.N(n),7}  {reason}");
        Verb.Say($"  {Inputs.N(card.Candidates)} candidates: {Inputs.N(card.Pairs)} pairs hold");
        foreach (var (reason, n) in card.CandidatesRejected) Verb.Say($"  {Inputs.N(n),7}  {reason}");
        foreach (var (fault, n) in card.Problems) Verb.Say($"  {Inputs.N(n),7}  calls gave nothing: {fault}; see {problems}");
        Verb.Say($"  order decides: {card.Position.OrderDecides}; toward the first place: {card.Position.TowardFirst}");
        Verb.Say($"  scores and truth: kappa {(card.Agreement.Kappa is { } kappa ? Inputs.F(kappa) : "does not exist")}, agreement {card.Agreement.ScoresWithTruth}");
        if (pairs.Count == 0)
            throw new StudyException($"No pair holds ({string.Join(", ", card.Questions.Select(q => $"{q.Value} questions: {q.Key}"))}), so there is nothing to prefer. See {cardText}; give more questions or samples, a higher temperature, or another --min-score.");
        Verb.Say("");
        Verb.Say($"  {pairs[0].Prompt[0].Text.Replace("\n", "\n  ", StringComparison.Ordinal)}\n  better ({Inputs.F(pairs[0].ChosenScore!.Value, 1)}): {pairs[0].Chosen}\n  worse ({Inputs.F(pairs[0].RejectedScore!.Value, 1)}):  {pairs[0].Rejected}");
        return new VerbResult(outputs, ("questions", questions.Count), ("samples", card.SamplesAsked), ("kept", card.SamplesKept), ("rejected", card.SamplesRejected), ("failed", card.SamplesFailed),
            ("candidates", card.Candidates), ("pairs", card.Pairs), ("position", card.Position.TowardFirst), ("kappa", card.Agreement.Kappa), ("resumed", resumed), ("cost", card.Usage.Cost), ("sha256", sha));
    }
}
