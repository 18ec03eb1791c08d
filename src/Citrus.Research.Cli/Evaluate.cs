using System.CommandLine;
using System.Text.Json;
using Citrus.Research.Evaluation;
using Citrus.Research.Experts;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;
using Citrus.Research.Tokenization;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Cli;

/// <summary><c>citrus evaluate</c>.</summary>
internal static class Evaluate
{
    public static Command Create()
    {
        var questions = Inputs.Questions();
        var model = new Option<string>("--model") { Description = "student:DIR or clinic[?fallibility=0..1&seed=N].", Required = true };
        var protocol = new Option<string>("--protocol") { Description = "generation: the model writes, its answer is read. likelihood: the likeliest option counts (students only).", DefaultValueFactory = _ => "generation" };
        protocol.AcceptOnlyFromAmong("generation", "likelihood");
        var limit = Inputs.Limit();
        var tokens = new Option<int>("--max-tokens") { Description = "Most tokens a student writes.", DefaultValueFactory = _ => 200 };
        var world = Inputs.World();
        var output = new Option<string>("--out") { Description = "Folder for samples.jsonl and score.json.", Required = true };
        return Verb.Create("evaluate", "Put questions to a model and print its accuracy with intervals, the chance of guessing right, and the ceiling where it is known.",
            "citrus evaluate --questions test.jsonl --model student:students/dual --out results/runs/dual",
            (parse, cancellation) => Run(parse.GetValue(questions)!, Inputs.Read(parse.GetValue(questions)!, parse.GetValue(limit)), parse.GetValue(model)!,
                parse.GetValue(protocol) == "likelihood", Inputs.AtLeast(parse.GetValue(tokens), 1, "--max-tokens"), parse.GetValue(world)!, parse.GetValue(output)!, cancellation),
            questions, model, protocol, limit, tokens, world, output);
    }

    private static VerbResult Run(
        string file, IReadOnlyList<Question> questions, string spec, bool likelihood, int maxTokens, string world, string folder, CancellationToken cancellation)
    {
        var parsed = ExpertSpec.Parse(spec);
        var isStudent = parsed.Kind == "student";
        if (isStudent) parsed.RefuseOthers();
        if (likelihood && !isStudent) throw new ArgumentException($"--protocol likelihood needs a model that scores texts; {parsed.Kind} does not. Use student:DIR, or --protocol generation.");
        using var student = isStudent ? Student.Load(Inputs.StudentFolder(parsed.Target)) : null;
        using var expert = isStudent ? null : Inputs.Experts(StudyWorld.Open(world).Knowledge).Create(spec);

        var shown = questions;
        UnknownWords? unknown = null;
        var shortened = 0;
        if (student is not null)
        {
            unknown = UnknownWords.In(student.Tokenizer, questions.Select(q => student.Tokenizer.Encode(Inputs.Text(q))));
            // Room for an answer; a question that is too long loses the beginning of its stem, and that is told.
            var room = student.Decoder.Config.MaxPositions - Math.Min(maxTokens, student.Decoder.Config.MaxPositions / 4) - 8;
            shown = [.. questions.Select(q => Fit(student.Tokenizer, q, room, ref shortened))];
        }

        Directory.CreateDirectory(folder);
        var samples = Path.Combine(folder, "samples.jsonl");
        var display = new ProgressDisplay();
        var start = DateTime.UtcNow;
        var progress = new Told<EvaluationProgress>(p => display.Show($"{Inputs.N(p.Done)}/{Inputs.N(p.Total)} questions", (double)p.Done / p.Total,
            Inputs.Left(start, p.Done, p.Total - p.Done), [$"{Inputs.F((double)p.Correct / Math.Max(1, p.Done))} right so far"]));
        IReadOnlyList<Prediction> predictions = [];
        var options = new EvaluatorOptions { Prompt = Inputs.Text, SampleLog = samples };
        display.Run(() => predictions = likelihood ? Likeliest(student!, shown, samples, progress, cancellation)
            : Evaluator.GenerateAsync(shown, student is not null ? (prompts, token) => Write(student, prompts, maxTokens, token) : (prompts, token) => Ask(expert!, prompts, token), options, progress, cancellation)
                .GetAwaiter().GetResult());

        var score = Score.Of(questions, predictions, likelihood ? Protocol.Likelihood : Protocol.Generation);
        var card = Path.Combine(folder, "score.json");
        RunStore.WriteAtomically(card, JsonSerializer.Serialize(new
        {
            model = isStudent ? "student:" + Path.GetFileName(Path.TrimEndingDirectorySeparator(parsed.Target)) : spec,
            weights = isStudent ? Inputs.WeightsSha256(parsed.Target) : null,
            questions = new { file = Path.GetFileName(file), sha256 = Inputs.Sha256(file), asked = questions.Count, shortened },
            template = student is null ? null : student.IsOurs ? "citrus" : student.Tokenizer.ChatFormat.Name,
            unknownTokens = unknown is { } u ? Math.Round(u.Share, 4) : (double?)null,
            score,
        }, new JsonSerializerOptions(StepHash.Json) { WriteIndented = true }) + "\n");
        Print(spec, score, unknown, shortened);
        if (predictions.Count(p => p.OutputTokens >= maxTokens) is > 0 and var cut) Verb.Say($"  {Inputs.N(cut)} answers were cut off at {Inputs.N(maxTokens)} tokens; --max-tokens allows more.");
        return new VerbResult([samples, card], ("n", score.N), ("accuracy", Math.Round(score.Accuracy, 4)), ("interval", new[] { Math.Round(score.Interval.Low, 4), Math.Round(score.Interval.High, 4) }),
            ("chance", Math.Round(score.Chance, 4)), ("ceiling", score.Ceiling is { } c ? Math.Round(c, 4) : null), ("protocol", score.Protocol.ToString()), ("noAnswer", score.NoAnswer.Count),
            ("unknownTokens", unknown is { } share ? Math.Round(share.Share, 4) : null),
            ("byKind", score.Groups.Where(g => g.By == "kind").Select(g => new { kind = g.Value, n = g.Correct.N, accuracy = Math.Round(g.Correct.Fraction, 4) })));
    }

    private static void Print(string spec, Score score, UnknownWords? unknown, int shortened)
    {
        Verb.Say($"{spec}, {Inputs.N(score.N)} questions, protocol: {score.Protocol}");
        Verb.Say($"  {"",-22} {"n",6}  accuracy  95% interval   chance  ceiling");
        Line("all", score.Correct, score.Chance, score.Ceiling);
        foreach (var g in score.Groups) Line($"{g.By} {g.Value}", g.Correct, g.Chance, g.Ceiling);
        Verb.Say($"  by letter {Inputs.F(score.ByLetter.Fraction)}, by named option {Inputs.F(score.ByName.Fraction)}; no answer in {Inputs.N(score.NoAnswer.Count)}"
            + $"{(score.MeanOutputTokens is { } mean ? $"; {Inputs.F(mean, 1)} tokens an answer" : "")}");
        if (shortened > 0) Verb.Say($"  {Inputs.N(shortened)} questions were longer than the model reads; it saw them without the beginning.");
        if (unknown is { Unknown: > 0 } u)
            Verb.Say($"  The student's vocabulary does not cover this text: {u} are unknown to it.{(u.Share > 0.2 ? " Expect chance: it cannot read these questions." : "")}");
        if (score.Interval.Low <= score.Chance && score.Interval.High >= score.Chance) Verb.Say($"  Not distinguishable from guessing, which is right in {Inputs.F(score.Chance)}.");
        else if (score.Interval.High < score.Chance)
            Verb.Say($"  Below guessing, which is right in {Inputs.F(score.Chance)}: {(score.NoAnswer.Count > 0 ? "where no answer can be read it counts as wrong." : "what decides here (a letter, the length of an option) is not what makes an option right.")}");

        static void Line(string name, Rate rate, double chance, double? ceiling) =>
            Verb.Say($"  {name,-22} {Inputs.N(rate.N),6}  {Inputs.F(rate.Fraction),8}  {Inputs.F(rate.Interval.Low)} - {Inputs.F(rate.Interval.High)}  {Inputs.F(chance),6}  {(ceiling is { } c ? Inputs.F(c) : "-"),7}");
    }

    private static async Task<IReadOnlyList<GeneratedText>> Write(Student student, IReadOnlyList<string> prompts, int maxTokens, CancellationToken token)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var answers = student.Answer(prompts, new GenerationOptions { MaxNewTokens = maxTokens }, cancellation: token);
        return [.. answers.Select(a => new GeneratedText(a.Text.Trim(), a.Tokens))];
    }

    /// <summary>The clinician answers in JSON; an abstention stays as it said it, and is no answer.</summary>
    private static async Task<IReadOnlyList<GeneratedText>> Ask(IChatClient expert, IReadOnlyList<string> prompts, CancellationToken token)
    {
        var texts = new List<GeneratedText>();
        foreach (var prompt in prompts)
        {
            var text = (await expert.GetResponseAsync([new ChatMessage(ChatRole.User, prompt)], cancellationToken: token).ConfigureAwait(false)).Text;
            using var reply = JsonDocument.Parse(text);
            texts.Add(reply.RootElement.TryGetProperty("answer", out var answer) ? new GeneratedText($"<answer>{answer.GetString()}</answer>")
                : new GeneratedText("I abstain."));
        }

        return texts;
    }

    private static List<Prediction> Likeliest(Student student, IReadOnlyList<Question> questions, string log, IProgress<EvaluationProgress> progress, CancellationToken cancellation)
    {
        var predictions = new List<Prediction>();
        File.Delete(log);
        using var samples = JsonLinesJournal<Sample>.Open(log, Sample.Json);
        foreach (var batch in questions.Chunk(16))
        {
            cancellation.ThrowIfCancellationRequested();
            var scores = student.Score([.. batch.SelectMany(q => q.Options.Select(o => (student.Tokenizer.ChatFormat.Prompt(Inputs.Text(q)), Continuation(q, o))))], cancellation).Select(s => s.LogProbability).ToList();
            var at = 0;
            foreach (var question in batch)
            {
                var mine = scores.GetRange(at, question.Options.Count);
                at += question.Options.Count;
                var prediction = Evaluator.LikelihoodAsync([question], (_, _, _) => Task.FromResult<IReadOnlyList<double>>(mine), cancellationToken: cancellation).GetAwaiter().GetResult()[0];
                predictions.Add(prediction);
                samples.Append(new Sample(question.Id, Inputs.Text(question), prediction.Output, null, question.Answers, prediction.Extracted, prediction.Correct));
                progress.Report(new EvaluationProgress(predictions.Count, questions.Count, predictions.Count(p => p.Correct)));
            }
        }

        return predictions;
    }

    /// <summary>An option as the student would write it, in the question's register.</summary>
    private static string Continuation(Question question, Questions.Option option) =>
        ChartSynthesis.RegisterOf(question) == Register.Chart ? $" <answer> {option.Text} {option.Label} </answer>" : $" <answer>{option.Label}. {option.Text}</answer>";

    private static Question Fit(StudentTokenizer tokenizer, Question question, int room, ref int shortened)
    {
        var cut = question;
        while (tokenizer.Encode(Inputs.Text(cut)).Count > room)
        {
            var words = cut.Stem.Split(' ');
            if (words.Length < 2) throw new ArgumentException($"Question {question.Id}: its options alone are longer than the {Inputs.N(room)} tokens the student reads.");
            cut = cut with { Stem = string.Join(' ', words[Math.Max(1, words.Length / 10)..]) };
        }

        if (cut != question) shortened++;
        return cut;
    }
}
