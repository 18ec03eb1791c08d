using System.CommandLine;
using Citrus.Research.Examples;
using Citrus.Research.Models;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus pairs</c>: sampled and judged by experts, or, the short way offline, a student's own answers by the truth alone.</summary>
internal static class Pairs
{
    public static Command Create()
    {
        var (usual, judged) = (new PreferenceSamplingOptions(), new PreferenceRunOptions());
        var questions = Inputs.Questions();
        var sampler = new Option<string?>("--sampler") { Description = "Expert that answers each question several times: clinic, student:DIR, ..." };
        var judge = new Option<string?>("--judge") { Description = "Expert that scores and compares the answers, knowing the truth." };
        var matcher = new Option<string?>("--matcher") { Description = "Expert that says which option an answer means where no rule can tell. Default: the judge." };
        var model = new Option<string?>("--model") { Description = "Instead of --sampler and --judge: folder of a student whose own answers are paired, right against wrong by the truth alone." };
        var samples = new Option<int?>("--samples") { Description = $"Answers sampled per question. Default: {judged.Samples}; with --model {usual.Samples}." };
        var temperature = new Option<double?>("--temperature") { Description = $"Sampling temperature, above 0. Default: {Inputs.F(judged.Temperature!.Value, 1)}; with --model {Inputs.F(usual.Temperature, 1)}." };
        var most = new Option<int?>("--per-question") { Description = $"Most pairs of one question. Default: {judged.Worst}; with --model 4." };
        var score = new Option<double?>("--min-score") { Description = $"Score from which an answer may be chosen; below it may be rejected. Default: {judged.MinimumScore}." };
        var thought = new Option<int?>("--min-thought") { Description = $"Fewest characters of a thought in prose, on both sides. Default: {judged.MinimumThought}." };
        var format = new Option<string?>("--format") { Description = "A further file for a trainer: llamafactory (ShareGPT with ranking, and its dataset_info.json) or implicit (whole conversations on both sides). pairs.jsonl is always written in the form of trl, which `citrus train` reads too." };
        format.AcceptOnlyFromAmong([.. PreferenceFiles.Formats]);
        var concurrency = new Option<int?>("--concurrency") { Description = $"Calls in flight at once. Default: {judged.Concurrency}." };
        var random = new Option<bool>("--random") { Description = "With --model: pair right and wrong answers at random. Default: each wrong one with the right one that begins most like it." };
        var tokens = new Option<int?>("--max-tokens") { Description = $"With --model: most tokens of an answer; longer ones are left out. Default: {usual.MaxNewTokens}." };
        var seed = new Option<long?>("--seed") { Description = "With --model: same seed, same result. Default: 0. An expert's seed stands in its spec, e.g. clinic?seed=7." };
        var world = Inputs.World();
        var limit = Inputs.Limit();
        var output = new Option<string>("--out") { Description = "Folder for pairs.jsonl, card.md, card.json, samples.jsonl, verdicts.jsonl and problems.jsonl; a run that was stopped goes on from there. With --model: the file to write, .jsonl.", Required = true };
        var desk = new ExpertDesk();

        return Verb.Create("pairs", "Sample several answers to each question, score and compare them, and pair better with worse, for `citrus train --stage preference`.",
            "citrus pairs --questions train.jsonl --sampler \"clinic?fallibility=0.6\" --judge clinic --samples 10 --out data/pairs",
            (parse, cancellation) =>
            {
                var student = parse.GetValue(model);
                // Each option belongs to one of the two ways; one that would be ignored is an error.
                Option[] ofExperts = [sampler, judge, matcher, score, thought, format, concurrency, .. desk.Options];
                Option[] ofStudent = [random, tokens, seed];
                bool Given(Option option) => parse.GetResult(option) is { Implicit: false };
                if (student is not null && ofExperts.FirstOrDefault(Given) is { } expert)
                    throw new ArgumentException($"{expert.Name} does not go with --model, which pairs a student's answers by the truth alone. Leave out {expert.Name}, or write --sampler student:{student} --judge SPEC instead of --model {student}.");
                if (student is null && (parse.GetValue(sampler) is null || parse.GetValue(judge) is null))
                    throw new ArgumentException(parse.GetValue(sampler) is null && parse.GetValue(judge) is null
                        ? "Who is to answer? Give --sampler SPEC and --judge SPEC, e.g. --sampler \"clinic?fallibility=0.6\" --judge clinic; or --model DIR for a student's own answers by the truth alone."
                        : parse.GetValue(judge) is null ? "--sampler needs --judge SPEC, who scores and compares the answers, e.g. --judge clinic." : "--judge needs --sampler SPEC, who answers the questions, e.g. --sampler student:DIR.");
                if (student is null && ofStudent.FirstOrDefault(Given) is { } own)
                    throw new ArgumentException($"{own.Name} goes with --model only. {(own == random ? "With --sampler the scores decide who is paired." : $"With --sampler it stands in the expert's spec, e.g. --sampler \"SPEC?{(own == seed ? "seed=7" : "max_tokens=2000")}\".")} Leave out {own.Name}.");
                if (parse.GetValue(temperature) is { } t && !(t > 0)) throw new ArgumentException($"--temperature is {Inputs.F(t)}; equal answers make no pairs, so it must be above 0.");

                // Whoever writes it into the spec means it; twice is once too often.
                var inSpec = parse.GetValue(sampler)?.Contains("temperature=", StringComparison.Ordinal) == true;
                if (inSpec && Given(temperature)) throw new ArgumentException($"--temperature and the temperature in --sampler {parse.GetValue(sampler)} are two; leave out one of them.");

                if (student is null)
                {
                    return JudgedPairs.Run(StudyWorld.Open(parse.GetValue(world)!), desk, parse, parse.GetValue(questions)!, Inputs.Read(parse.GetValue(questions)!, parse.GetValue(limit)), new PreferenceRunOptions
                    {
                        SamplerSpec = parse.GetValue(sampler)!,
                        JudgeSpec = parse.GetValue(judge)!,
                        MatcherSpec = parse.GetValue(matcher) ?? parse.GetValue(judge)!,
                        // A student knows questions, not prompts about them.
                        BareQuestion = parse.GetValue(sampler)!.StartsWith("student:", StringComparison.Ordinal),
                        Samples = Inputs.AtLeast(parse.GetValue(samples) ?? judged.Samples, 2, samples.Name),
                        Temperature = inSpec ? null : (float?)parse.GetValue(temperature) ?? judged.Temperature,
                        Worst = Inputs.AtLeast(parse.GetValue(most) ?? judged.Worst, 1, most.Name),
                        MinimumScore = parse.GetValue(score) is { } bound ? bound is > 0 and <= 100 ? bound : throw new ArgumentException($"--min-score is {Inputs.F(bound)}; a score above 0 and up to 100 is needed.") : judged.MinimumScore,
                        MinimumThought = Inputs.AtLeast(parse.GetValue(thought) ?? judged.MinimumThought, 0, thought.Name),
                        Concurrency = Inputs.AtLeast(parse.GetValue(concurrency) ?? judged.Concurrency, 1, concurrency.Name),
                    }, parse.GetValue(format) ?? PreferenceFiles.Trl, parse.GetValue(output)!, cancellation);
                }

                var file = Inputs.OutputFile(parse.GetValue(output)!);
                var asked = Inputs.Read(parse.GetValue(questions)!, parse.GetValue(limit));
                return OfStudent(student, asked, new PreferenceSamplingOptions
                {
                    Questions = asked.Count,
                    Samples = Inputs.AtLeast(parse.GetValue(samples) ?? usual.Samples, 2, samples.Name),
                    Temperature = parse.GetValue(temperature) ?? usual.Temperature,
                    MaxNewTokens = Inputs.AtLeast(parse.GetValue(tokens) ?? usual.MaxNewTokens, 1, tokens.Name),
                }, Inputs.AtLeast(parse.GetValue(most) ?? 4, 1, most.Name), parse.GetValue(random), parse.GetValue(seed) ?? 0, file, cancellation);
            },
            [questions, sampler, judge, matcher, model, samples, temperature, most, score, thought, format, concurrency, random, tokens, limit, seed, world, .. desk.Options, output]);
    }

    private static VerbResult OfStudent(
        string folder, IReadOnlyList<Questions.Question> asked, PreferenceSamplingOptions options, int perQuestion, bool random, long seed, string file, CancellationToken cancellation)
    {
        using var student = Student.Load(Inputs.StudentFolder(folder));
        var display = new ProgressDisplay();
        var start = DateTime.UtcNow;
        IReadOnlyList<SampledAnswer> answers = [];
        display.Run(() => answers = PreferenceSampling.Of(student.Decoder, student.Tokenizer, asked, options, seed,
            f => display.Show($"{Inputs.N(asked.Count)} questions, {options.Samples} answers each", f, Inputs.Left(start, (int)(f * 10_000), (int)((1 - f) * 10_000)), []), cancellation));
        var pairs = PreferencePairs.From(answers, seed, perQuestion, closest: !random);
        var right = answers.Count == 0 ? 0 : answers.Average(a => a.Correct ? 1.0 : 0);
        Verb.Say($"{Inputs.N(asked.Count)} questions, {Inputs.N(answers.Count)} answers that ended, {Inputs.F(right)} of them right");
        if (pairs.Count == 0) throw new StudyException("No question had both a right and a wrong answer, so there is nothing to prefer; give more questions or samples, or a higher temperature.");
        ExampleFiles.WritePairs(file, pairs);
        Verb.Say($"  {Inputs.N(pairs.Count)} pairs of {Inputs.N(pairs.Select(p => p.Prompt[0].Text).Distinct().Count())} questions in {file}\n");
        Verb.Say($"  {pairs[0].Prompt[0].Text.Replace("\n", "\n  ", StringComparison.Ordinal)}\n  better: {pairs[0].Chosen}\n  worse:  {pairs[0].Rejected}");
        return new VerbResult([file], ("questions", asked.Count), ("answers", answers.Count), ("right", Math.Round(right, 4)), ("pairs", pairs.Count), ("sha256", Inputs.Sha256(file)));
    }
}
