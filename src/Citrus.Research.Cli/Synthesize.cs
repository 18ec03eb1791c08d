using System.CommandLine;
using System.Text.Json;
using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus synthesize</c>.</summary>
internal static class Synthesize
{
    public static Command Create()
    {
        var questions = Inputs.Questions();
        var pathway = new Option<string>("--pathway") { Description = $"How to think: {string.Join(", ", PathwayNames.All)}.", Required = true };
        pathway.AcceptOnlyFromAmong([.. PathwayNames.All]);
        var expert = new Option<string>("--expert") { Description = "The reasoning expert: clinic[?fallibility=0..1&seed=N] or student:DIR.", DefaultValueFactory = _ => "clinic" };
        var reflector = new Option<string?>("--reflector") { Description = "The reflection expert and judge. Default: the same." };
        var world = Inputs.World();
        var limit = Inputs.Limit();
        var concurrency = new Option<int>("--concurrency") { Description = "Questions in flight at once.", DefaultValueFactory = _ => 8 };
        var output = new Option<string>("--out") { Description = "Folder for traces.jsonl, examples.jsonl and card.json. A run that was stopped goes on from its traces.", Required = true };
        return Verb.Create("synthesize", "Walk questions along an expert pathway, keep the traces that end right, and write them as training examples.",
            "citrus synthesize --questions questions.jsonl --pathway DualExpert --expert \"clinic?fallibility=0.3&seed=7\" --out data/dual",
            (parse, cancellation) => Run(
                StudyWorld.Open(parse.GetValue(world)!), parse.GetValue(questions)!, Inputs.Read(parse.GetValue(questions)!, parse.GetValue(limit)),
                PathwayNames.Create(parse.GetValue(pathway)!), parse.GetValue(expert)!, parse.GetValue(reflector),
                Inputs.AtLeast(parse.GetValue(concurrency), 1, "--concurrency"), parse.GetValue(output)!, cancellation),
            questions, pathway, expert, reflector, world, limit, concurrency, output);
    }

    private static VerbResult Run(
        StudyWorld world, string file, IReadOnlyList<Question> questions, IPathway pathway, string expert, string? reflector, int concurrency, string folder, CancellationToken cancellation)
    {
        var registry = Inputs.Experts(world.Knowledge);
        using var reasoning = registry.Create(expert);
        using var reflection = reflector is null ? null : registry.Create(reflector);
        Directory.CreateDirectory(folder);
        var journal = Path.Combine(folder, "traces.jsonl");
        var display = new ProgressDisplay();
        var (start, resumed) = (DateTime.UtcNow, 0);
        var traces = new Trace[questions.Count];
        display.Run(() =>
        {
            var before = 0;
            foreach (var group in questions.Select((q, i) => (Question: q, Index: i)).GroupBy(x => ChartSynthesis.RegisterOf(x.Question)))
            {
                var members = group.ToList();
                var driver = new PathwayDriver(reasoning, reflection, new PathwayDriverOptions
                {
                    Concurrency = concurrency,
                    Journal = journal,
                    ReasoningSpec = expert,
                    ReflectionSpec = reflector,
                    Progress = new Told<PathwayProgress>(p =>
                    {
                        var (done, fresh) = (before + p.Done, p.Done - p.Resumed);
                        display.Show($"{pathway.Name} {Inputs.N(done)}/{Inputs.N(questions.Count)}", (double)done / questions.Count,
                            Inputs.Left(start, fresh, questions.Count - done), [$"{Inputs.N(p.Unusable)} unusable"]);
                        if (p.Done == p.Total) resumed += p.Resumed;
                    }),
                });
                var done = driver.RunAsync(pathway, [.. members.Select(m => m.Question)], group.Key, cancellation).GetAwaiter().GetResult();
                for (var k = 0; k < members.Count; k++) traces[members[k].Index] = done[k];
                before += members.Count;
            }
        });

        var check = new StepCheck(world.Knowledge);
        var (faithfulness, corrections) = (Faithfulness.None, new Corrections(0, 0, 0, 0));
        var (examples, rejected, seen) = (new List<Example>(), new SortedDictionary<string, int>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var (words, learned, caught, known) = (0L, 0L, 0, 0);
        for (var i = 0; i < questions.Count; i++)
        {
            var verdict = Verification.Of(questions[i], traces[i]);
            var narrative = verdict.Kept ? Narrator.Tell(questions[i], traces[i]) : null;
            var example = narrative is null ? null : ExampleWriter.Write(questions[i], narrative, "pathway:" + pathway.Name);
            if (example is null || !seen.Add(example.Turns[0].Text + "\n" + example.Turns[1].Text))
            {
                var reason = example is null ? verdict.Reason : ChartSynthesis.Duplicate;
                rejected[reason] = rejected.GetValueOrDefault(reason) + 1;
                continue;
            }

            examples.Add(example);
            if (traces[i].Rejections > 0) caught++;
            foreach (var segment in example.Turns[1].Segments)
            {
                var n = segment.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
                (words, learned) = (words + n, learned + (segment.Weight > 0 ? n : 0));
            }

            // Only questions of this very world have a case whose posterior is known.
            if (questions[i].Benchmark != world.Knowledge.World) continue;
            var verdicts = check.Check(questions[i], narrative!.ThinkText);
            (faithfulness, corrections, known) = (faithfulness + verdicts.Faithfulness, corrections + verdicts.Corrections, known + 1);
        }

        var output = Path.Combine(folder, "examples.jsonl");
        var card = Path.Combine(folder, "card.json");
        ExampleFiles.WriteExamples(output, examples);
        var text = JsonSerializer.Serialize(new
        {
            pathway = pathway.Name,
            expert,
            reflector = reflector ?? expert,
            prompts = PromptCatalog.Default[PromptSet.English].Hash,
            questions = new { file = Path.GetFileName(file), sha256 = Inputs.Sha256(file), asked = questions.Count },
            kept = examples.Count,
            rejected,
            withCaughtError = caught,
            words,
            learnedWords = learned,
            calls = traces.Sum(t => (long)t.Calls),
            repaired = traces.Sum(t => (long)t.Repaired),
            retried = traces.Sum(t => (long)t.Retried),
            faithfulness = faithfulness.Fraction is { } f ? new { examples = known, claims = faithfulness.Claims, holds = faithfulness.True, fraction = Math.Round(f, 4) } : null,
            corrections = known > 0 ? corrections : null,
            examples = new { file = "examples.jsonl", sha256 = Inputs.Sha256(output) },
        }, new JsonSerializerOptions(StepHash.Json) { WriteIndented = true });
        RunStore.WriteAtomically(card, text + "\n");

        Verb.Say($"{pathway.Name}, expert {expert}{(reflector is null ? "" : ", reflector " + reflector)}: {Inputs.N(examples.Count)} of {Inputs.N(questions.Count)} questions gave an example{(resumed > 0 ? $" ({Inputs.N(resumed)} traces were there already)" : "")}");
        foreach (var (reason, n) in rejected) Verb.Say($"  {Inputs.N(n),7}  {reason}");
        if (traces.Where(t => t.Unusable is not null).GroupBy(t => t.Unusable!).MaxBy(g => g.Count()) is { } why) Verb.Say($"  most often said where unusable or abstained: {why.Key}");
        if (examples.Count == 0) throw new StudyException($"No trace could be kept ({string.Join(", ", rejected.Select(r => $"{r.Value} {r.Key}"))}), so there is nothing to learn from. The traces are in {journal}; try another expert or other questions.");
        Verb.Say($"  {Inputs.N(words)} words, {Inputs.N(learned)} of them learned; {Inputs.N(caught)} examples with an error that was caught");
        Verb.Say(known == 0 ? "  faithfulness: not known, for these questions have no simulated case"
            : faithfulness.Fraction is { } fraction ? $"  faithfulness: {Inputs.F(fraction)} of {Inputs.N(faithfulness.Claims)} checked claims hold" : "  faithfulness: nothing is claimed on this pathway");
        Verb.Say("");
        Verb.Say($"  {examples[0].Turns[0].Text.Replace("\n", "\n  ")}\n  -> {examples[0].Turns[1].Text}");
        return new VerbResult([output, journal, card], ("pathway", pathway.Name), ("questions", questions.Count), ("kept", examples.Count), ("rejected", rejected), ("resumed", resumed), ("words", words),
            ("faithfulness", faithfulness.Fraction is { } share ? Math.Round(share, 4) : null));
    }
}
