using System.CommandLine;
using Citrus.Research.Examples;
using Citrus.Research.Models;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus pairs</c>.</summary>
internal static class Pairs
{
    public static Command Create()
    {
        var usual = new PreferenceSamplingOptions();
        var questions = Inputs.Questions();
        var model = new Option<string>("--model") { Description = "Folder of the student that is to learn from its own answers.", Required = true };
        var samples = new Option<int>("--samples") { Description = "Answers sampled per question.", DefaultValueFactory = _ => usual.Samples };
        var temperature = new Option<double>("--temperature") { Description = "Sampling temperature, above 0.", DefaultValueFactory = _ => usual.Temperature };
        var most = new Option<int>("--per-question") { Description = "Most pairs of one question.", DefaultValueFactory = _ => 4 };
        var random = new Option<bool>("--random") { Description = "Pair right and wrong answers at random. Default: each wrong one with the right one that begins most like it." };
        var tokens = new Option<int>("--max-tokens") { Description = "Most tokens of an answer; longer ones are left out.", DefaultValueFactory = _ => usual.MaxNewTokens };
        var limit = Inputs.Limit();
        var seed = Inputs.Seed();
        var output = new Option<string>("--out") { Description = "File to write, .jsonl: prompt, chosen, rejected.", Required = true };
        return Verb.Create("pairs", "Sample a student's answers to training questions and pair right with wrong ones, for `citrus train --stage preference`.",
            "citrus pairs --questions train.jsonl --model students/dual --out data/pairs.jsonl",
            (parse, cancellation) =>
            {
                var file = Inputs.OutputFile(parse.GetValue(output)!);
                var asked = Inputs.Read(parse.GetValue(questions)!, parse.GetValue(limit));
                if (parse.GetValue(temperature) is not > 0 and var t) throw new ArgumentException($"--temperature is {Inputs.F(t)}; equal answers make no pairs, so it must be above 0.");
                var perQuestion = Inputs.AtLeast(parse.GetValue(most), 1, "--per-question");
                var options = new PreferenceSamplingOptions
                {
                    Questions = asked.Count,
                    Samples = Inputs.AtLeast(parse.GetValue(samples), 2, "--samples"),
                    Temperature = parse.GetValue(temperature),
                    MaxNewTokens = Inputs.AtLeast(parse.GetValue(tokens), 1, "--max-tokens"),
                };
                using var student = Student.Load(Inputs.StudentFolder(parse.GetValue(model)!));
                var display = new ProgressDisplay();
                var start = DateTime.UtcNow;
                IReadOnlyList<SampledAnswer> answers = [];
                display.Run(() => answers = PreferenceSampling.Of(student.Decoder, student.Tokenizer, asked, options, parse.GetValue(seed),
                    f => display.Show($"{Inputs.N(asked.Count)} questions, {options.Samples} answers each", f, Inputs.Left(start, (int)(f * 10_000), (int)((1 - f) * 10_000)), []), cancellation));
                var pairs = PreferencePairs.From(answers, parse.GetValue(seed), perQuestion, closest: !parse.GetValue(random));
                var right = answers.Count == 0 ? 0 : answers.Average(a => a.Correct ? 1.0 : 0);
                Verb.Say($"{Inputs.N(asked.Count)} questions, {Inputs.N(answers.Count)} answers that ended, {Inputs.F(right)} of them right");
                if (pairs.Count == 0) throw new StudyException("No question had both a right and a wrong answer, so there is nothing to prefer; give more questions or samples, or a higher temperature.");
                ExampleFiles.WritePairs(file, pairs);
                Verb.Say($"  {Inputs.N(pairs.Count)} pairs of {Inputs.N(pairs.Select(p => p.Prompt[0].Text).Distinct().Count())} questions in {file}\n");
                Verb.Say($"  {pairs[0].Prompt[0].Text.Replace("\n", "\n  ", StringComparison.Ordinal)}\n  better: {pairs[0].Chosen}\n  worse:  {pairs[0].Rejected}");
                return new VerbResult([file], ("questions", asked.Count), ("answers", answers.Count), ("right", Math.Round(right, 4)), ("pairs", pairs.Count), ("sha256", Inputs.Sha256(file)));
            }, questions, model, samples, temperature, most, random, tokens, limit, seed, output);
    }
}
