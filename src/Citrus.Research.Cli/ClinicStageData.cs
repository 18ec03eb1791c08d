using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus clinic stage-data</c>.</summary>
internal static class ClinicStageData
{
    private const string Cpt = "cpt", General = "sft-1", Complex = "sft-2", Reasoning = "sft-3";

    public static Command Create()
    {
        var stage = new Option<string>("--stage") { Description = "cpt: the textbook. sft-1: general instructions, facts and tasks. sft-2: complex ones, orders of several hops. sft-3: long reasoning, pathways told over training questions.", Required = true }
            .AcceptOnlyFromAmong(Cpt, General, Complex, Reasoning);
        var count = new Option<int>("--count") { Description = "How many records (questions, for sft-3, of which a few give no narrative).", DefaultValueFactory = _ => 4000 };
        var share = new Option<double>("--general-share") { Description = "Share of the records of sft-2 and sft-3 that are tasks without medical content, strewn in, 0..1 (sft-1 is half of them anyway).", DefaultValueFactory = _ => 0 };
        var pathway = new Option<string>("--pathway") { Description = "sft-3: how the expert thinks.", DefaultValueFactory = _ => PathwayNames.DualExpert };
        var seed = Inputs.Seed();
        var world = Inputs.World();
        var output = new Option<string>("--out") { Description = "File to write, .jsonl.", Required = true };
        return Verb.Create("stage-data", "Write the data of one training stage, in the chart's words (for small students; `citrus synthesize` makes prose).",
            "citrus clinic stage-data --stage sft-2 --count 8000 --out orders.jsonl",
            (parse, cancellation) => Run(parse.GetValue(stage)!, Inputs.AtLeast(parse.GetValue(count), 1, "--count"), parse.GetValue(share), parse.GetValue(pathway)!,
                parse.GetValue(seed), StudyWorld.Open(parse.GetValue(world)!), Inputs.OutputFile(parse.GetValue(output)!), cancellation),
            stage, count, share, pathway, seed, world, output);
    }

    private static VerbResult Run(string stage, int count, double share, string pathway, long seed, StudyWorld world, string file, CancellationToken cancellation)
    {
        if (!(share is >= 0 and < 1)) throw new ArgumentException($"--general-share is {Inputs.F(share)}; it must be in 0..1, 1 excluded.");
        if (share > 0 && stage is Cpt or General) throw new ArgumentException($"--general-share is for {Complex} and {Reasoning}; {(stage == Cpt ? "the textbook has no tasks" : "general instructions hold tasks of themselves")}.");
        if (!file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) throw new ArgumentException($"--out {file} must end in .jsonl.");
        if (stage == Cpt)
        {
            ExampleFiles.WritePassages(file, Watched(Textbook.Passages(world.Knowledge, Register.Chart, seed).Take(count), p => p.Text));
            return Told(count);
        }

        var examples = stage switch
        {
            General => StageData.General(world.Knowledge, seed).Take(count),
            Complex => StageData.Complex(world.Knowledge, seed).Take(count),
            _ => ChartSynthesis.Examples(world.Knowledge, world.Questions(new ExamOptions(), ExamSplit.Train, seed, count).Select(q => q.Chart), pathway,
                new ChartSynthesisOptions { Seed = (int)seed, Fallibility = new FineTuneRecipe().Fallibility }).Examples,
        };
        var kept = examples.ToList();
        var tasks = share > 0 ? StageData.Tasks(world.Knowledge, seed).Take((int)Math.Round(kept.Count * share / (1 - share))).ToList() : [];
        if (tasks.Count > 0)
        {
            kept.AddRange(tasks);
            SeededRandom.For(seed, "stage data", stage).Shuffle(kept);
        }

        ExampleFiles.WriteExamples(file, Watched(kept, e => $"{e.Turns[0].Text}\n  -> {e.Turns[^1].Text}"));
        return Told(kept.Count);

        IEnumerable<T> Watched<T>(IEnumerable<T> records, Func<T, string> text) => records.Select((r, i) =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (i < 2) Verb.Say($"  {text(r)}\n");
            return r;
        });

        VerbResult Told(int records)
        {
            Verb.Say($"{Inputs.N(records)} records of {stage} in {file}; learn them: citrus train --stage {(stage == Cpt ? Cpt : "sft")} --data {file} ...");
            return new VerbResult([file], ("stage", stage), ("records", records), ("sha256", Inputs.Sha256(file)));
        }
    }
}
