using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Cli;

/// <summary>The command against a real HTTP server: real questions, faults, budgets, keys.</summary>
public sealed class EndpointRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-endpoint").FullName;

    private string Out => Path.Combine(_folder, "out");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> RealQuestions => new()
    {
        { "en", "citrus_repo/datas/download_files/medqa/phrases_no_exclude_test.jsonl" },
        { "zh", "citrus_repo/datas/download_files/jmed/20250122_sample_multiple_choice_1094_qwenscored_adjusted.xlsx" },
        { "labelled", "citrus_repo/datas/origin_files/origin_files_w_data_label/medqa_train_small.jsonl" },
    };

    [Theory]
    [MemberData(nameof(RealQuestions))]
    public void Real_questions_go_through_every_stage(string what, string path)
    {
        var file = RealData.File(path.Split('/'));
        using var server = new LoopbackProcess("--answers", file);
        var run = CitrusProcess.Run("synthesize", "--questions", file, "--limit", "25", "--pathway", "DualExpert", "--expert", server.Spec, "--label", "--weak", $"{server.Address}/v1#weak", "--strong", $"{server.Address}/v1#strong",
            "--narrator", server.Spec, "--concurrency", "32", "--format", "alpaca", "--format", "sharegpt", "--format", "parquet", "--licence", "MIT", "--out", Out);
        Assert.True(run.Exit == 0, run.Error);
        Assert.InRange(run.Line["kept"]!.GetValue<int>(), 18, 25);
        var card = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "card.json")))!;
        Assert.Equal(25, card["kept"]!.GetValue<int>() + card["rejected"]!.AsObject().Sum(s => s.Value!.AsObject().Sum(r => r.Value!.GetValue<int>())));
        Assert.Equal(25, File.ReadLines(Path.Combine(Out, "traces.jsonl")).Count());
        var narratives = File.ReadLines(Path.Combine(Out, "examples.jsonl")).Select(l => JsonNode.Parse(l)!["messages"]![1]!["content"]!.GetValue<string>()).ToList();
        Assert.All(narratives, n => Assert.Matches("^<think>.+</think><answer>.+</answer>$", n.ReplaceLineEndings(" ")));
        Assert.All(narratives, n => Assert.Equal(what == "zh" ? QuestionLanguage.Chinese : QuestionLanguage.English, QuestionLanguage.Of(n)));
        // The authors' own labels are kept, nobody is asked for them again.
        if (what == "labelled") Assert.Equal((25, 0), (card["labels"]!["given"]!.GetValue<int>(), card["labels"]!["written"]!.GetValue<int>()));
        if (what == "labelled") Assert.DoesNotContain(File.ReadLines(Path.Combine(Out, "ledger.jsonl")), l => l.Contains("open-rewriter", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public void Real_questions_become_preference_pairs_and_dialogues(string what)
    {
        var file = RealData.File(((string)RealQuestions.First(q => q.Data.Item1 == what).Data.Item2).Split('/'));
        using var server = new LoopbackProcess("--answers", file);
        var pairs = CitrusProcess.Run("pairs", "--questions", file, "--limit", "12", "--sampler", server.Spec + "?seed=1", "--judge", server.Spec, "--samples", "6", "--min-thought", "10", "--concurrency", "32", "--out", Path.Combine(_folder, "pairs"));
        Assert.True(pairs.Exit == 0, pairs.Error);
        Assert.NotEmpty(File.ReadLines(Path.Combine(_folder, "pairs", "pairs.jsonl")));
        var dialogues = CitrusProcess.Run("dialogues", "--cases", file, "--limit", "6", "--doctor", server.Spec, "--patient", server.Spec, "--out", Path.Combine(_folder, "dialogues"));
        Assert.True(dialogues.Exit == 0, dialogues.Error);
        Assert.Equal(6, File.ReadLines(Path.Combine(_folder, "dialogues", "consultations.jsonl")).Count());
    }

    [Fact]
    public void Faults_are_survived_or_reported_with_question_and_cause_and_counted()
    {
        var questions = Questions(60);
        using var server = new LoopbackProcess("--answers", questions, "--retry-after", "0.2",
            "--faults", "429:0.03,429-after:0.03,500:0.03,503:0.02,reset:0.02,hang:0.004,truncate:0.02,json:0.02,shape:0.02,empty:0.02,filter:0.006,filter-400:0.004,context:0.004");
        var run = Synthesize(questions, server, "?timeout=2", "--concurrency", "32");
        Assert.True(run.Exit == 0, run.Error);
        var problems = File.ReadLines(Path.Combine(Out, "problems.jsonl")).Select(l => JsonNode.Parse(l)!).ToList();
        var ids = QuestionFiles.Read(questions).Select(q => q.Id).ToHashSet();
        // What asking again would not mend costs its question, and nothing else does.
        Assert.NotEmpty(problems);
        Assert.All(problems, p => Assert.Contains(p["fault"]!.GetValue<string>(), (string[])["ContentFilter", "BadRequest"]));
        Assert.All(problems, p => Assert.Contains(p["question"]!.GetValue<string>(), ids));
        Assert.All(problems, p => Assert.NotEqual("", p["cause"]!.GetValue<string>()));
        var card = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "card.json")))!;
        Assert.Equal(problems.Count, card["faults"]!.AsObject().Sum(f => f.Value!.GetValue<int>()));
        Assert.Equal(problems.Count, run.Line["problems"]!.GetValue<int>());
        Assert.Equal(60 - problems.Count, File.ReadLines(Path.Combine(Out, "traces.jsonl")).Count());
        var attempts = File.ReadLines(Path.Combine(Out, "ledger.jsonl")).Select(l => JsonNode.Parse(l)!["attempts"]!.GetValue<int>()).ToList();
        Assert.Contains(attempts, a => a > 1);
    }

    [Theory]
    [InlineData("401", "Unauthorised", "key")]
    [InlineData("404", "UnknownModel", "model")]
    public void A_key_that_expires_and_a_model_that_goes_end_the_run_in_order_and_it_goes_on_once_that_is_mended(string status, string fault, string says)
    {
        var questions = Questions(20);
        string address;
        int port;
        using (var server = new LoopbackProcess("--answers", questions, "--fail-after", "60", "--fail-with", status))
        {
            (address, port) = (server.Address, server.Port);
            var stopped = Synthesize(questions, server, "", "--concurrency", "4");
            Assert.Equal(1, stopped.Exit);
            Assert.Contains(says, stopped.Error, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Question clinic-train", stopped.Error, StringComparison.Ordinal);
            Assert.Contains("same command", stopped.Error, StringComparison.Ordinal);
            Assert.Contains(File.ReadLines(Path.Combine(Out, "ledger.jsonl")), l => l.Contains(fault, StringComparison.Ordinal));
        }

        using var mended = new LoopbackProcess("--answers", questions, "--port", port.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(address, mended.Address);
        var finished = Synthesize(questions, mended, "", "--concurrency", "4");
        Assert.True(finished.Exit == 0, finished.Error);
        Assert.Equal(20, File.ReadLines(Path.Combine(Out, "traces.jsonl")).Count());
    }

    [Fact]
    public async Task A_budget_stops_the_run_cleanly_and_a_larger_one_goes_on_from_there()
    {
        var questions = Questions(20);
        using var server = new LoopbackProcess("--answers", questions);
        var stopped = Synthesize(questions, server, "", "--concurrency", "4", "--budget-tokens", "40000");
        Assert.Equal(1, stopped.Exit);
        Assert.Contains("budget", stopped.Error, StringComparison.OrdinalIgnoreCase);
        long Spent() => File.ReadLines(Path.Combine(Out, "ledger.jsonl")).Select(l => JsonNode.Parse(l)!).Sum(l => l["tokensIn"]!.GetValue<long>() + l["tokensOut"]!.GetValue<long>());
        Assert.InRange(Spent(), 30_000, 41_000);
        // The same budget is still spent; a larger one goes on, and what was paid for is not paid for again.
        Assert.Equal(1, Synthesize(questions, server, "", "--concurrency", "4", "--budget-tokens", "40000").Exit);
        var finished = Synthesize(questions, server, "", "--concurrency", "4", "--budget-tokens", "4000000");
        Assert.True(finished.Exit == 0, finished.Error);
        Assert.Equal(File.ReadLines(Path.Combine(Out, "ledger.jsonl")).Count(), (await server.StatsAsync(Token)).GetProperty("requests").GetInt32());
        Assert.Equal(20, File.ReadLines(Path.Combine(Out, "traces.jsonl")).Count());
    }

    [Fact]
    public async Task A_planted_key_is_found_nowhere_after_a_run_even_where_the_server_sends_it_back()
    {
        const string Key = "sk-planted-0123456789abcdef";
        var questions = Questions(10);
        using var server = new LoopbackProcess("--answers", questions, "--key", Key, "--echo-key", "--faults", "500:0.05,context:0.02");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CITRUS_API_KEY"] = Key;
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "citrus.dll"), "synthesize", "--questions", questions, "--pathway", "DualExpert", "--expert", server.Spec, "--record", Path.Combine(_folder, "record"), "--out", Out])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var reading = process.StandardError.ReadToEndAsync(Token);
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        var error = await reading;
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, error);
        Assert.DoesNotContain(Key, output + error, StringComparison.Ordinal);
        var files = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).ToList();
        Assert.Contains(files, f => f.EndsWith("replies.sqlite", StringComparison.Ordinal));
        Assert.Contains(files, f => f.EndsWith("exchanges.jsonl", StringComparison.Ordinal));
        Assert.All(files, f => Assert.Equal(-1, File.ReadAllBytes(f).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Key))));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Questions(int count)
    {
        var path = Path.Combine(_folder, "questions.jsonl");
        UnifiedQuestions.Write(path, Pathways.Some.Exam(count, Register.Vignette));
        return path;
    }

    private CitrusProcess Synthesize(string questions, LoopbackProcess server, string options, params string[] more) =>
        CitrusProcess.Run(["synthesize", "--questions", questions, "--pathway", "DualExpert", "--expert", server.Spec + options, "--out", Out, .. more]);
}
