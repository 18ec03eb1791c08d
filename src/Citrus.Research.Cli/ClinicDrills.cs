using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus clinic drills</c>.</summary>
internal static class ClinicDrills
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many drills.", DefaultValueFactory = _ => 8000 };
        var brief = new Option<double>("--brief") { Description = "Share of short ones among them, 0..1. A fresh student needs them first.", DefaultValueFactory = _ => 1 };
        var seed = Inputs.Seed();
        var world = Inputs.World();
        var output = new Option<string>("--out") { Description = "File to write, JSON Lines of messages.", Required = true };
        return Verb.Create("drills", "Write drills without medical content that teach a small student which letter belongs to which option. Train them first (`citrus train --stage sft`).",
            "citrus clinic drills --count 8000 --out drills.jsonl",
            (parse, cancellation) =>
            {
                var file = Inputs.OutputFile(parse.GetValue(output)!);
                var n = Inputs.AtLeast(parse.GetValue(count), 1, "--count");
                var share = parse.GetValue(brief) is >= 0 and <= 1 and var b ? b : throw new ArgumentException($"--brief is {Inputs.F(parse.GetValue(brief))}; it must be in 0..1.");
                ExampleFiles.WriteExamples(file, BindingDrills.Generate(StudyWorld.Open(parse.GetValue(world)!).Knowledge, parse.GetValue(seed), share).Take(n).Select((e, i) =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (i == 0) Verb.Say($"  {e.Turns[0].Text}\n  -> {e.Turns[1].Text}\n");
                    return e;
                }));
                Verb.Say($"{Inputs.N(n)} drills in {file}");
                return new VerbResult([file], ("drills", n), ("sha256", Inputs.Sha256(file)));
            }, count, brief, seed, world, output);
    }
}
