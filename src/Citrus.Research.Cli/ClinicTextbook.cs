using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Questions;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus clinic textbook</c>.</summary>
internal static class ClinicTextbook
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many passages. Each round tells every disease once, in new words.", DefaultValueFactory = _ => 2000 };
        var register = new Option<string>("--register") { Description = "chart or vignette (prose).", DefaultValueFactory = _ => "chart" };
        register.AcceptOnlyFromAmong("chart", "vignette");
        var seed = Inputs.Seed();
        var world = Inputs.World();
        var output = new Option<string>("--out") { Description = "File to write: .jsonl (id and text a line), anything else is plain text with an empty line between passages.", Required = true };
        return Verb.Create("textbook", "Write the knowledge as a textbook, for continued pre-training (`citrus train --stage cpt`).",
            "citrus clinic textbook --count 2000 --register chart --out textbook.jsonl",
            (parse, cancellation) =>
            {
                var file = Inputs.OutputFile(parse.GetValue(output)!);
                var n = Inputs.AtLeast(parse.GetValue(count), 1, "--count");
                var knowledge = StudyWorld.Open(parse.GetValue(world)!).Knowledge;
                var words = 0L;
                var passages = Textbook.Passages(knowledge, parse.GetValue(register) == "chart" ? Register.Chart : Register.Vignette, parse.GetValue(seed)).Take(n).Select((p, i) =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (i < 2) Verb.Say($"  {p.Text}\n");
                    words += p.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
                    return p;
                });
                ExampleFiles.WritePassages(file, passages);
                Verb.Say($"{Inputs.N(n)} passages, {Inputs.N(words)} words, in {file}");
                return new VerbResult([file], ("passages", n), ("words", words), ("sha256", Inputs.Sha256(file)));
            }, count, register, seed, world, output);
    }
}
