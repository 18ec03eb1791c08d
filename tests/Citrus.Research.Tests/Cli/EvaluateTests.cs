using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Evaluation;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Models;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Cli;

/// <summary><c>citrus evaluate</c> against a real HTTP server, and <c>citrus score</c> on what it left.</summary>
public sealed class EvaluateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Out => _folder["out"];

    private string Questions
    {
        get
        {
            var path = _folder["questions.jsonl"];
            if (!File.Exists(path)) UnifiedQuestions.Write(path, Pathways.Some.Exam(20, Register.Vignette));
            return path;
        }
    }

    public void Dispose() => _folder.Dispose();

    private CitrusProcess Evaluate(LoopbackProcess server, params string[] more) => CitrusProcess.Run(["evaluate", "--questions", Questions, "--model", server.Spec, "--out", Out, .. more]);

    [Fact]
    public void An_endpoint_is_examined_and_its_folder_scores_the_same_without_it()
    {
        JsonNode line;
        using (var server = new LoopbackProcess("--answers", Questions))
        {
            var run = Evaluate(server);
            Assert.True(run.Exit == 0, run.Error);
            line = run.Line;
            Assert.Equal((20, "greedy generation, expert think/answer prompt v1", 0), ((int)line["n"]!, (string)line["protocol"]!, (int)line["noAnswer"]!));
            Assert.InRange((double)line["accuracy"]!, 0.3, 0.9);
        }

        var scored = CitrusProcess.Run("score", "--run", Out);
        Assert.True(scored.Exit == 0, scored.Error);
        Assert.Equal(((double)line["accuracy"]!, 0), ((double)scored.Line["accuracy"]!, (int)scored.Line["changed"]!));
        Assert.Contains("is read as it was", scored.Out, StringComparison.Ordinal);
        // The log alone, as somebody else's file.
        var foreign = CitrusProcess.Run("score", "--predictions", Path.Combine(Out, "samples.jsonl"), "--fields", "id=question,answer=answers", "--questions", Questions, "--out", _folder["again"]);
        Assert.True(foreign.Exit == 0, foreign.Error);
        Assert.Equal((double)line["accuracy"]!, (double)foreign.Line["accuracy"]!);
        Assert.Equal(20, EvaluationFolder.Open(_folder["again"]).Samples.Count);
    }

    [Fact]
    public async Task A_spent_budget_stops_the_run_and_a_larger_one_goes_on_without_paying_twice()
    {
        using var server = new LoopbackProcess("--answers", Questions);
        var stopped = Evaluate(server, "--budget-tokens", "3000", "--concurrency", "2");
        Assert.Equal(1, stopped.Exit);
        Assert.Contains("budget", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("the same command goes on", stopped.Error, StringComparison.Ordinal);
        Assert.NotEmpty(EvaluationFolder.Open(Out).Samples);
        var finished = Evaluate(server, "--budget-tokens", "3000000", "--concurrency", "2");
        Assert.True(finished.Exit == 0, finished.Error);
        Assert.Equal(20, (await server.StatsAsync(TestContext.Current.CancellationToken)).GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task A_killed_run_loses_no_reply_that_was_paid_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no kill -9 on Windows");
        using var server = new LoopbackProcess("--answers", Questions, "--latency-ms", "150");
        CitrusProcess.Run(p =>
        {
            Thread.Sleep(900);
            p.Kill();
        }, ["evaluate", "--questions", Questions, "--model", server.Spec, "--concurrency", "1", "--out", Out]);
        var before = EvaluationFolder.Open(Out).Samples.Count;
        Assert.InRange(before, 1, 19);
        var finished = Evaluate(server);
        Assert.True(finished.Exit == 0, finished.Error);
        Assert.Equal(20, EvaluationFolder.Open(Out).Samples.Count);
        // One request was in flight when it was killed.
        Assert.InRange((await server.StatsAsync(TestContext.Current.CancellationToken)).GetProperty("requests").GetInt32(), 20, 21);
    }

    [Fact]
    public void Another_protocol_or_model_in_the_same_folder_is_refused()
    {
        using var server = new LoopbackProcess("--answers", Questions);
        Assert.Equal(0, Evaluate(server, "--protocol", "generation?prompt=plain").Exit);
        var refused = Evaluate(server);
        Assert.Equal(1, refused.Exit);
        Assert.Contains("another protocol generation?prompt=plain&temperature=0, not generation?prompt=expert&temperature=0", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--out", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Chinese_questions_with_several_answers_are_asked_in_Chinese_and_scored_exactly()
    {
        var file = RealData.File("citrus_repo", "datas", "download_files", "jmed", "20250122_sample_multiple_choice_1094_qwenscored_adjusted.xlsx");
        using var server = new LoopbackProcess("--answers", file);
        var run = CitrusProcess.Run("evaluate", "--questions", file, "--limit", "30", "--model", server.Spec, "--protocol", "self-consistency?n=3", "--out", Out);
        Assert.True(run.Exit == 0, run.Error);
        var samples = EvaluationFolder.Open(Out).Samples;
        Assert.Equal(90, samples.Count);
        Assert.All(samples, s => Assert.Equal(QuestionLanguage.Chinese, QuestionLanguage.Of(s.Messages![0].Text)));
    }

    [Theory]
    [InlineData("content")]
    [InlineData("inline")]
    public void A_thought_is_kept_wherever_the_server_puts_it(string where)
    {
        using var server = new LoopbackProcess("--answers", Questions, "--reasoning", where);
        Assert.Equal(0, Evaluate(server, "--limit", "3").Exit);
        Assert.All(EvaluationFolder.Open(Out).Samples, s => Assert.Contains("The question is of", s.Thinking, StringComparison.Ordinal));
    }

    /// <summary>Untrained and tiny: what is looked at is that everything runs on the real file, whose 1,273 questions are too many for a test.</summary>
    [Theory]
    [InlineData("generation", "greedy generation, think/answer v1")]
    [InlineData("likelihood", "likelihood of options, summed v1")]
    [InlineData("shuffling?n=2&ask=likelihood", "option shuffling, 2 orders (seed 0), mean un-shuffled score; likelihood of options, summed v1")]
    [InlineData("thinking?budgets=0,4&answer=4", "thinking budgets 0, 4 tokens, greedy, bare question v1")]
    public void A_student_is_examined_on_the_real_MedQA_test(string protocol, string label)
    {
        var file = RealData.File("citrus_repo", "datas", "download_files", "medqa", "phrases_no_exclude_test.jsonl");
        var tokenizer = WordTokenizer.Of(["a", "man", "fever", "A", "B", "C", "D"]);
        using (var student = new Student(new Decoder(Tiny.Config with { VocabularySize = tokenizer.VocabularySize, MaxPositions = 256 }, 2, new DecoderInitialisation { Head = 0.5, FeedForwardOut = 1 }), tokenizer)) student.Save(_folder["student"]);
        var run = CitrusProcess.Run("evaluate", "--questions", file, "--limit", "24", "--model", "student:" + _folder["student"], "--protocol", protocol, "--max-tokens", "8", "--out", Out);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal((24, label, 0), ((int)run.Line["n"]!, (string)run.Line["protocol"]!, (int)run.Line["missing"]!));
        Assert.Contains("Expect chance", run.Out, StringComparison.Ordinal);
        var folder = EvaluationFolder.Open(Out);
        Assert.Equal(("student:student", 64), (folder.Model, folder.Card.Weights!.Length));
        Assert.Equal(24, folder.Predictions.Count);
        Assert.DoesNotContain(folder.Problems, p => p.Kind != EvaluationProblemKind.LabelOutsideOptions);
    }

    [Fact]
    public async Task A_judge_named_on_the_command_line_is_asked_about_every_output_that_no_rule_can_read_and_about_no_other()
    {
        // A student that has learned nothing writes nothing that could be read.
        var tokenizer = WordTokenizer.Of(["a", "man", "fever"]);
        using (var student = new Student(new Decoder(Tiny.Config with { VocabularySize = tokenizer.VocabularySize, MaxPositions = 256 }, 2, new DecoderInitialisation { Head = 0.5, FeedForwardOut = 1 }), tokenizer)) student.Save(_folder["student"]);
        using var server = new LoopbackProcess("--answers", Questions);
        var judged = CitrusProcess.Run("evaluate", "--questions", Questions, "--limit", "6", "--model", "student:" + _folder["student"], "--judge", server.Spec, "--max-tokens", "8", "--out", Out);
        Assert.True(judged.Exit == 0, judged.Error);
        var folder = EvaluationFolder.Open(Out);
        // Of an empty output nobody has to be asked.
        var written = folder.Samples.Count(s => !string.IsNullOrWhiteSpace(s.Output));
        Assert.InRange(written, 1, 6);
        Assert.Equal(written, (await server.StatsAsync(TestContext.Current.CancellationToken)).GetProperty("requests").GetInt32());
        Assert.Equal(server.Spec, folder.Card.Judge);
        Assert.Contains(server.Spec, judged.Out, StringComparison.Ordinal);
        var read = CitrusProcess.Run("evaluate", "--questions", Questions, "--limit", "6", "--model", server.Spec, "--judge", server.Spec, "--out", _folder["read"]);
        Assert.True(read.Exit == 0, read.Error);
        Assert.Equal(written + 6, (await server.StatsAsync(TestContext.Current.CancellationToken)).GetProperty("requests").GetInt32());
    }

    [Fact]
    public void Refusals_of_a_provider_are_counted_and_told()
    {
        using var server = new LoopbackProcess("--answers", Questions, "--faults", "filter-400:0.3", "--seed", "5");
        var run = Evaluate(server);
        Assert.True(run.Exit == 0, run.Error);
        var missing = (int)run.Line["missing"]!;
        Assert.InRange(missing, 1, 15);
        Assert.Equal((20, missing, missing), ((int)run.Line["n"]!, (int)run.Line["problems"]!["Missing"]!, (int)run.Line["problems"]!["NoReply"]!));
        Assert.Contains("NoReply", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_files_and_what_is_wrong_with_them()
    {
        var questions = UnifiedQuestions.Read(Questions).ToList();
        var lines = questions.Take(18).Select(q => JsonSerializer.Serialize(new { nr = q.Id, said = $"The answer is ({q.Answer})." })).ToList();
        lines.AddRange([lines[0], """{"nr": "nobody", "said": "A"}""", "{broken", JsonSerializer.Serialize(new { nr = questions[18].Id, said = "<answer>Z</answer>" })]);
        var file = _folder.With("theirs.jsonl", string.Join('\n', lines));
        var run = CitrusProcess.Run("score", "--predictions", file, "--fields", "id=nr,output=said", "--questions", Questions);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal((20, 0.9), ((int)run.Line["n"]!, (double)run.Line["accuracy"]!));
        Assert.Equal(["Missing=1", "UnknownQuestion=1", "Duplicated=1", "LabelOutsideOptions=1", "Unreadable=1"], run.Line["problems"]!.AsObject().Select(p => $"{p.Key}={p.Value}"));
        Assert.Contains("line 21", run.Error, StringComparison.Ordinal);
        var unmapped = CitrusProcess.Run("score", "--predictions", file, "--questions", Questions);
        Assert.Equal(1, unmapped.Exit);
        Assert.Contains("--fields", unmapped.Error, StringComparison.Ordinal);
    }
}
