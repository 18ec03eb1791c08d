using System.CommandLine;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Experts;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Questions.Benchmarks;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;
using Citrus.Research.Tokenization;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Cli;

/// <summary><c>citrus evaluate</c>.</summary>
internal static class Evaluate
{
    private const int StudentTokens = 200, StudentsInFlight = 64, OthersInFlight = 8;

    public static Command Create()
    {
        var questions = Inputs.Questions();
        var model = new Option<string>("--model") { Description = "Who is examined: openai:MODEL, azure:DEPLOYMENT, ollama:MODEL, http://HOST/v1#MODEL, student:DIR, clinic or replay:DIR, with options after a question mark, e.g. student:DIR?temperature=0.7. `citrus experts` lists them.", Required = true };
        var protocol = new Option<string>("--protocol") { Description = "How it is asked and scored, name[?option=value&option=value]; see below.", DefaultValueFactory = _ => GenerationProtocol.Name };
        var judge = new Option<string?>("--judge") { Description = "Expert that says which option an output means where no rule can tell. Its answers are counted apart (tier Judge)." };
        var limit = Inputs.Limit();
        var tokens = new Option<int?>("--max-tokens") { Description = $"Most tokens of an output. Default: what the model's spec says; for a student {StudentTokens}." };
        var concurrency = new Option<int?>("--concurrency") { Description = $"Requests in flight at once; a student answers them as one batch. Default: {OthersInFlight}, for a student {StudentsInFlight}." };
        var world = Inputs.World();
        var output = new Option<string>("--out") { Description = $"Folder of the run: {EvaluationFolder.SamplesFile}, {EvaluationFolder.QuestionsFile}, {EvaluationFolder.ScoreFile}. A run that was stopped or killed goes on with the same command; a folder of another run is refused.", Required = true };
        var desk = new ExpertDesk();
        return Verb.Create("evaluate", $"""
            Put questions to a model by a protocol, and print its accuracy with interval, the chance of guessing right, and the ceiling where it is known.

            Protocols:
            {string.Join("\n", ExamProtocols.All.Select(p => $"  {p.Name}: {string.Join("\n      ", p.Meaning)}"))}

            A question without a reply or a readable answer counts as wrong and is told apart. Chinese questions are asked in Chinese. Where a benchmark has questions with several right options, exactly these must be chosen.
            """,
            "citrus evaluate --questions test.jsonl --model student:students/dual --out results/runs/dual\n"
            + "  citrus evaluate --questions medqa_test.jsonl --model openai:gpt-4o-mini --protocol \"self-consistency?n=8&temperature=0.7\" --budget-usd 5 --out results/runs/mini",
            (parse, cancellation) => Run(new Request(parse.GetValue(questions)!, Inputs.Read(parse.GetValue(questions)!, parse.GetValue(limit)), parse.GetValue(model)!, parse.GetValue(protocol)!, parse.GetValue(judge),
                parse.GetValue(tokens) is { } most ? Inputs.AtLeast(most, 1, "--max-tokens") : null, parse.GetValue(concurrency) is { } flight ? Inputs.AtLeast(flight, 1, "--concurrency") : null,
                StudyWorld.Open(parse.GetValue(world)!), parse.GetValue(output)!), desk, parse, cancellation),
            [questions, model, protocol, judge, limit, tokens, concurrency, world, .. desk.Options, output]);
    }

    /// <summary>An option as the student would write it, in the question's register.</summary>
    public static string Continuation(Question question, Questions.Option option) =>
        ChartSynthesis.RegisterOf(question) == Register.Chart ? $" <answer> {option.Text} {option.Label} </answer>" : $" <answer>{option.Label}. {option.Text}</answer>";

    private static VerbResult Run(Request request, ExpertDesk desk, ParseResult parse, CancellationToken cancellation)
    {
        var (questions, folder) = (request.Questions, request.Folder);
        if (File.Exists(folder)) throw new IOException($"--out {folder} is a file; name a folder.");
        var spec = ExpertSpec.Parse(request.Model);
        // What cannot be meant is refused before a folder is made.
        ExamProtocols.Parse(request.Protocol);
        using var held = FolderLock.Take(folder);
        using var session = desk.Open(parse, request.World.Knowledge, folder);
        var client = session.Open(request.Model);
        var student = client.GetService<Student>();
        var ours = student?.IsOurs == true || spec.Kind == "clinic";
        var protocol = ExamProtocols.Parse(request.Protocol, new ExamSetting
        {
            Style = ours ? PromptStyle.Bare : PromptStyle.Expert,
            ModelSetsTemperature = spec.Parameters.ContainsKey("temperature"),
            Several = Ballot.Several(questions),
            Text = Inputs.Text,
            Continuation = Continuation,
        }, questions);
        if (protocol.ScoresOptions && student is null) throw new ArgumentException($"--protocol {request.Protocol} needs a model that scores texts; {spec.Kind} does not. Use student:DIR, or --protocol generation.");
        var maxTokens = request.MaxTokens ?? (student is not null && !spec.Parameters.ContainsKey("max_tokens") ? StudentTokens : null);

        UnknownWords? unknown = student is null ? null : UnknownWords.In(student.Tokenizer, questions.Select(q => student.Tokenizer.Encode(Inputs.Text(q))));
        var shown = student is null ? [] : Fitted(student, protocol, questions, maxTokens ?? StudentTokens);
        var shortened = questions.Count(q => shown.TryGetValue(q.Id, out var cut) && cut != q);
        var check = BenchmarkManifest.Default.Check(QuestionFiles.PathOf(request.File), BenchmarkManifest.Default.Find(request.File)?.Name);
        var card = new EvaluationCard
        {
            Model = student is null || spec.Kind != "student" ? spec.ToString() : $"student:{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(spec.Target)))}{(spec.Parameters.Count > 0 ? "?" + string.Join('&', spec.Parameters.Select(p => $"{p.Key}={p.Value}")) : "")}",
            Weights = spec.Kind == "student" ? Inputs.WeightsSha256(spec.Target) : null,
            Spec = protocol.ToString(),
            Protocol = protocol.Label,
            Benchmark = EvaluationCard.BenchmarkOf(questions),
            QuestionsFile = Path.GetFileName(request.File),
            PublishedFile = check.ToString(),
            QuestionsSha256 = EvaluationCard.HashOf(questions),
            Judge = request.Judge is { } named ? ExpertSpec.Parse(named).ToString() : null,
            MaxTokens = maxTokens,
        };
        var display = new ProgressDisplay();
        var start = DateTime.UtcNow;
        var options = new ExaminationOptions
        {
            Folder = folder,
            Card = card,
            Shown = q => shown.GetValueOrDefault(q.Id, q),
            Concurrency = request.Concurrency ?? (student is null ? OthersInFlight : StudentsInFlight),
            MaxTokens = maxTokens,
            Judge = request.Judge is { } judge ? session.Open(judge) : null,
            Progress = new Told<ExaminationProgress>(p => display.Show($"{Inputs.N(p.Done)}/{Inputs.N(p.Total)} answers", (double)p.Done / p.Total, Inputs.Left(start, p.Done - p.Resumed, p.Total - p.Done),
                [$"{Inputs.F((double)p.Correct / Math.Max(1, p.Done))} right so far", .. p.Failed > 0 ? [$"{Inputs.N(p.Failed)} without a reply"] : (string[])[]])),
        };
        using var writer = spec.Kind == "clinic" ? new ClinicAnswers(client) : null;
        ExaminationResult? result = null;
        try
        {
            display.Run(() => result = (protocol.ScoresOptions
                ? Examination.RunAsync(questions, protocol, (pairs, token) => Task.FromResult<IReadOnlyList<double>>([.. student!.Score(pairs, token).Select(s => s.LogProbability)]), m => student!.Tokenizer.ChatFormat.Prompt(Turns(m)), options, cancellation)
                : Examination.RunAsync(questions, protocol, writer ?? client, options, cancellation)).GetAwaiter().GetResult());
        }
        catch (ExpertException error) when (error.EndsRun)
        {
            throw new ExpertException(error.Fault, $"{error.Message.TrimEnd('.')}. The answers in {folder} are kept; once this is mended, the same command goes on from there.", error);
        }

        var about = new ScoreExtras(shortened, student is null ? null : student.IsOurs ? "citrus" : student.Tokenizer.ChatFormat.Name, unknown is { } u ? Math.Round(u.Share, 4) : null);
        var file = ScoreCard.Write(folder, card, questions.Count, result!, about);
        ScoreCard.Say(card, result!.Parts, result.Problems);
        Verb.Say($"  questions: {check}");
        if (result.Resumed > 0) Verb.Say($"  {Inputs.N(result.Resumed)} of {Inputs.N(result.Samples.Count)} answers were there already.");
        if (shortened > 0) Verb.Say($"  {Inputs.N(shortened)} questions were longer than the model reads; it saw them without the beginning.");
        if (unknown is { Unknown: > 0 } w)
            Verb.Say($"  The student's vocabulary does not cover this text: {w} are unknown to it.{(w.Share > 0.2 ? " Expect chance: it cannot read these questions." : "")}");
        if (maxTokens is { } bound && result.Samples.Count(s => s.OutputTokens == bound) is > 0 and var cut) Verb.Say($"  {Inputs.N(cut)} answers were cut off at {Inputs.N(bound)} tokens; --max-tokens allows more.");
        if (session.Ledger.Total.Calls > 0 && student is null && spec.Kind != "clinic") Verb.Say($"  {ExpertDesk.Spent(session.Ledger.Total)}");
        if (result.Samples.Count == 0) throw new StudyException($"No question has a reply: {result.Problems[0].Text}");
        return new VerbResult([.. new[] { EvaluationFolder.SamplesFile, EvaluationFolder.QuestionsFile }.Select(f => Path.Combine(folder, f)), file],
            [.. ScoreCard.Figures(card, result.Parts, result.Problems), ("unknownTokens", about.UnknownTokens), ("resumed", result.Resumed), ("publishedFile", check.State.ToString()), ("cost", session.Ledger.Total.Calls == 0 || session.Ledger.Total.UnknownCost > 0 ? null : session.Ledger.Total.Cost)]);
    }

    private static List<ChatTurn> Turns(IReadOnlyList<SampleMessage> messages) => [.. messages.Select(m => new ChatTurn(m.Role, m.Text))];

    /// <summary>What a student sees: a question that is too long loses the beginning of its stem, so that there is room for an answer.</summary>
    private static Dictionary<string, Question> Fitted(Student student, ExamProtocol protocol, IReadOnlyList<Question> questions, int maxTokens)
    {
        var room = student.Decoder.Config.MaxPositions - Math.Min(maxTokens, student.Decoder.Config.MaxPositions / 4) - 8;
        int Length(Question question) => student.Prompt(Turns(protocol.Asks(question)[0].Messages)).Count;
        var shown = new Dictionary<string, Question>(StringComparer.Ordinal);
        foreach (var question in questions)
        {
            var cut = question;
            while (Length(cut) > room)
            {
                var words = cut.Stem.Split(' ');
                if (words.Length < 2) throw new ArgumentException($"Question {question.Id}: its options and the prompt alone are longer than the {Inputs.N(room)} tokens the student reads.");
                cut = cut with { Stem = string.Join(' ', words[Math.Max(1, words.Length / 10)..]) };
            }

            if (cut != question) shown[question.Id] = cut;
        }

        return shown;
    }

    private sealed record Request(string File, IReadOnlyList<Question> Questions, string Model, string Protocol, string? Judge, int? MaxTokens, int? Concurrency, StudyWorld World, string Folder);
}
