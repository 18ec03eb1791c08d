using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Questions;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus clinic generate</c>.</summary>
internal static class ClinicGenerate
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many questions.", DefaultValueFactory = _ => 1000 };
        var split = Inputs.Split();
        var seed = Inputs.Seed();
        var world = Inputs.World();
        var register = new Option<string>("--register") { Description = "chart (terse words, for small students), vignette (prose), or both: the same questions in two files.", DefaultValueFactory = _ => "chart" };
        register.AcceptOnlyFromAmong("chart", "vignette", "both");
        var output = new Option<string>("--out") { Description = "File to write, JSON Lines. With both registers FILE.chart.jsonl and FILE.vignette.jsonl are written.", Required = true };
        return Verb.Create("generate", "Write exam questions, as many as you like, and tell the best accuracy anyone can have on them.",
            "citrus clinic generate --count 2000 --split train --register chart --out questions.jsonl",
            (parse, cancellation) => Run(StudyWorld.Open(parse.GetValue(world)!), Inputs.AtLeast(parse.GetValue(count), 1, "--count"), parse.GetValue(split)!,
                parse.GetValue(seed), parse.GetValue(register)!, Inputs.OutputFile(parse.GetValue(output)!), cancellation),
            count, split, seed, register, world, output);
    }

    private static VerbResult Run(StudyWorld world, int count, string split, long seed, string register, string output, CancellationToken cancellation)
    {
        Register[] registers = register switch { "chart" => [Register.Chart], "vignette" => [Register.Vignette], _ => [Register.Chart, Register.Vignette] };
        var samples = new List<ClinicQuestion>();
        var sums = new SortedDictionary<string, (double Ceiling, int Count, int Unseen)>(StringComparer.Ordinal);
        var files = new List<string>();
        var display = new ProgressDisplay();
        display.Run(() =>
        {
            foreach (var r in registers)
            {
                var file = registers.Length == 1 ? output : Path.ChangeExtension(output, r == Register.Chart ? ".chart.jsonl" : ".vignette.jsonl");
                var start = DateTime.UtcNow;
                UnifiedQuestions.Write(file, ClinicExam.Generate(world.Knowledge, new ExamOptions(), split, seed).Take(count).Select((q, i) =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    display.Show(Path.GetFileName(file), (double)i / count, Inputs.Left(start, i, count - i), []);
                    if (r == registers[0]) Count(q);
                    return q.In(r);
                }));
                files.Add(file);
            }
        });

        var total = sums.Values.Sum(s => s.Count);
        var all = sums.Values.Sum(s => s.Ceiling) / total;
        Verb.Say($"{Inputs.N(total)} {split} questions of {world.Spec}, seed {seed}, in {string.Join(" and ", files)}");
        foreach (var q in samples)
        {
            Verb.Say("");
            Verb.Say($"{q.Id} ({q.Kind}), answer {q.Chart.Answer}:");
            foreach (var r in registers) Verb.Say("  " + Inputs.Text(q.In(r)).Replace("\n", "\n  "));
        }

        Verb.Say("");
        Verb.Say("The best accuracy anyone can have (Bayes ceiling):");
        foreach (var (kind, s) in sums) Verb.Say($"  {kind,-10} {Inputs.F(s.Ceiling / s.Count)}  ({Inputs.N(s.Count)} questions{(s.Unseen > 0 ? $", {Inputs.N(s.Unseen)} of unseen combinations" : "")})");
        Verb.Say($"  {"all",-10} {Inputs.F(all)}");
        return new VerbResult(files, ("questions", total), ("ceiling", Math.Round(all, 4)), ("ceilingByKind", sums.ToDictionary(s => s.Key, s => Math.Round(s.Value.Ceiling / s.Value.Count, 4))),
            ("sha256", files.Select(Inputs.Sha256)));

        void Count(ClinicQuestion q)
        {
            var (ceiling, n, unseen) = sums.GetValueOrDefault(q.Kind);
            if (n == 0) samples.Add(q);
            sums[q.Kind] = (ceiling + q.Ceiling, n + 1, unseen + (q.Unseen ? 1 : 0));
        }
    }
}
