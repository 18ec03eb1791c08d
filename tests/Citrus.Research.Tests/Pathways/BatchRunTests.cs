using System.Text.Json;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Pathways;

public sealed class BatchRunTests
{
    private const string Fallible = "clinic?fallibility=0.4&seed=3";

    private static readonly Clinician Expert = new(Some.Knowledge, new ClinicianOptions { Fallibility = 0.4, Seed = 3 });
    private static readonly IReadOnlyList<Question> Exam = Some.Exam(20, Register.Vignette);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Direct")]
    [InlineData("HypotheticoDeductive")]
    [InlineData("DualExpert")]
    public async Task The_traces_are_those_of_the_live_driver(string pathway)
    {
        using var folder = new TempFolder();
        using var server = new BatchServer(Expert) { Looks = 1 };
        using (var run = Begin(folder.Root, server.Spec, pathway)) Assert.True((await FinishAsync(run)).IsFinished);
        Assert.Equal(await LiveAsync(pathway, server.Spec), Traces(folder.Root));
        Assert.False(File.Exists(folder["problems.jsonl"]));

        // What a driver is given to go on from, it takes as its own.
        var silent = new ScriptedExpert(_ => throw new InvalidOperationException("must not be asked"));
        await new PathwayDriver(silent, options: new() { Journal = folder["traces.jsonl"], ReasoningSpec = server.Spec }).RunAsync(PathwayNames.Create(pathway), Exam, Register.Vignette, Token);
    }

    [Fact]
    public async Task Experts_at_hand_answer_all_rounds_with_the_same_traces()
    {
        using var folder = new TempFolder();
        using (var run = Begin(folder.Root, Fallible, "DualExpert", p => p with { Offline = true }))
            Assert.Equal((true, Exam.Count), (await run.AnswerAsync(_ => Expert, Token) is var report && report.IsFinished, report.Finished));
        Assert.Equal(await LiveAsync("DualExpert", Fallible), Traces(folder.Root));
    }

    [Fact]
    public async Task Two_models_get_files_of_their_own()
    {
        using var folder = new TempFolder();
        using var server = new BatchServer(Expert);
        var reflector = server.Address + "#other";
        using (var run = Begin(folder.Root, server.Spec, "DualExpert", p => p with { Reflector = reflector, MaxRequests = 15 })) await FinishAsync(run);
        Assert.Equal(await LiveAsync("DualExpert", server.Spec, reflector), Traces(folder.Root));
        Assert.Contains(server.Made, n => n.EndsWith("round-001-reasoning-2.jsonl", StringComparison.Ordinal));
        Assert.Contains(server.Made, n => n.EndsWith("round-002-reflection.jsonl", StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(folder["rounds"], "*-reflection*.input.jsonl").SelectMany(File.ReadLines), l => Assert.Contains("\"model\":\"other\"", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shuffled_twice_torn_and_foreign_lines_are_survived_and_reported()
    {
        using var folder = new TempFolder();
        using var server = new BatchServer(Expert)
        {
            Output = (number, lines) => number != 1 ? Enumerable.Reverse(lines) :
            [
                .. lines.Skip(10).Reverse(), lines[12], """{"custom_id":"nobody#0","response":{"status_code":200,"body":{}}}""", lines[3].Replace("#0\"", "#7\"", StringComparison.Ordinal),
                "{\"custom_id\":\"\\ud800\"}", "[]", "not json", .. lines.Take(9), new string('x', 5 << 20), lines[9][..^30],
            ],
        };
        var notes = new List<string>();
        using (var run = Begin(folder.Root, server.Spec, "HypotheticoDeductive")) Assert.True((await FinishAsync(run, notes)).IsFinished);
        Assert.Equal(await LiveAsync("HypotheticoDeductive", server.Spec), Traces(folder.Root));
        Assert.Contains("round-001: 2 lines answer nothing that this round asked; they were left out.", notes);
        Assert.Contains("round-001: 1 lines answer what an earlier line had answered; the first counts.", notes);
        Assert.Contains(notes, n => n.Contains("are broken", StringComparison.Ordinal));
        Assert.Single(File.ReadLines(folder["failures.jsonl"]));
    }

    [Fact]
    public async Task What_fails_for_a_passing_reason_is_asked_again_and_what_fails_for_good_is_reported()
    {
        using var folder = new TempFolder();
        var (limited, filtered, refused) = (Exam[2].Id + "#0", Exam[5].Id + "#0", Exam[7].Id + "#0");
        using var server = new BatchServer(Expert)
        {
            Output = (number, lines) => lines.Where(l => !(number == 1 && l.Contains(limited, StringComparison.Ordinal)) && !l.Contains(filtered, StringComparison.Ordinal) && !l.Contains(refused, StringComparison.Ordinal)),
            Errors = (number, _) => number > 1 ? [] :
            [
                $$$$$"""{"custom_id":"{{{{{limited}}}}}","response":{"status_code":429,"body":{"error":{"message":"slow down","code":"rate_limit_exceeded"}}},"error":null}""",
                $$$$$"""{"custom_id":"{{{{{filtered}}}}}","response":{"status_code":400,"body":{"error":{"message":"no","code":"content_filter"}}},"error":null}""",
                $$$$$"""{"custom_id":"{{{{{refused}}}}}","response":{"status_code":200,"body":{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"I will not."}}]}}}""",
            ],
        };
        using (var run = Begin(folder.Root, server.Spec, "Direct"))
        {
            var report = await FinishAsync(run);
            Assert.Equal((18, 2, 2), (report.Finished, report.GivenUp, report.Round!.Number));
        }

        Assert.Equal((await LiveAsync("Direct", server.Spec)).Where(t => !t.Contains($"\"{Exam[5].Id}\"", StringComparison.Ordinal) && !t.Contains($"\"{Exam[7].Id}\"", StringComparison.Ordinal)), Traces(folder.Root));
        var problems = File.ReadAllLines(folder["problems.jsonl"]).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([Exam[5].Id, Exam[7].Id], problems.Select(p => p.GetProperty("question").GetString()));
        Assert.All(problems, p => Assert.Equal("ContentFilter", p.GetProperty("fault").GetString()));
    }

    [Fact]
    public async Task What_fails_again_and_again_is_given_up()
    {
        using var folder = new TempFolder();
        using var server = new BatchServer(Expert) { Output = (_, lines) => lines.Skip(1) };
        using var run = Begin(folder.Root, server.Spec, "Direct", p => p with { Attempts = 3 }, 1);
        var report = await FinishAsync(run);
        Assert.Equal((0, 1, 3), (report.Finished, report.GivenUp, report.Round!.Number));
        Assert.Contains("no line came back", File.ReadAllText(folder["problems.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_batch_keeps_what_it_did_and_the_rest_goes_into_the_next_round()
    {
        using var folder = new TempFolder();
        using var server = new BatchServer(Expert) { End = n => n == 1 ? "expired" : "completed", Output = (n, lines) => n == 1 ? lines.Take(5) : lines };
        using (var run = Begin(folder.Root, server.Spec, "Direct")) await FinishAsync(run);
        Assert.Equal(2, server.Made.Count());
        Assert.Equal(15, File.ReadLines(folder["rounds/round-002.input.jsonl"]).Count());
        Assert.Equal(await LiveAsync("Direct", server.Spec), Traces(folder.Root));
    }

    [Fact]
    public async Task A_refused_file_and_a_wrong_model_cost_no_question_and_stop_the_next_round()
    {
        using var folder = new TempFolder();
        using var server = new BatchServer(Expert)
        {
            End = n => n == 1 ? "failed" : "completed",
            Output = (n, lines) => n < 3 ? [] : lines,
            Errors = (n, ids) => n != 2 ? [] : ids.Select(id => $$$$$"""{"custom_id":"{{{{{id}}}}}","response":{"status_code":404,"body":{"error":{"message":"no such model","code":"model_not_found"}}}}"""),
        };
        using var run = Begin(folder.Root, server.Spec, "Direct", p => p with { Attempts = 1 });
        await run.SubmitAsync(Token);
        Assert.Contains("refused round-001", (await run.CollectAsync(cancellationToken: Token)).Blocked, StringComparison.Ordinal);
        await run.SubmitAsync(Token);
        var report = await run.CollectAsync(cancellationToken: Token);
        Assert.Contains("no such model", report.Blocked, StringComparison.Ordinal);
        Assert.Equal(0, report.GivenUp);
        Assert.Equal(20, (await FinishAsync(run)).Finished);
    }

    [Fact]
    public async Task A_torn_download_is_downloaded_again_before_anything_is_asked_again()
    {
        using var folder = new TempFolder();
        var downloads = 0;
        using var server = new BatchServer(Expert);
        server.Download = bytes => ++downloads == 1 ? bytes[..(bytes.Length / 2)] : bytes;
        using var run = Begin(folder.Root, server.Spec, "Direct");
        Assert.True((await FinishAsync(run)).IsFinished);
        Assert.Equal((1, 2), (server.Made.Count(), downloads));
    }

    [Fact]
    public async Task A_server_that_stumbles_is_asked_again_and_a_lost_answer_makes_no_second_batch()
    {
        using var folder = new TempFolder();
        using var server = new BatchServer(Expert) { LosesTheAnswer = true };
        var requests = 0;
        server.Fault = _ => ++requests % 3 == 2 ? (503, """{"error":{"message":"busy"}}""") : null;
        using var run = Begin(folder.Root, server.Spec, "Direct");
        Assert.True((await FinishAsync(run)).IsFinished);
        Assert.Single(server.Made);
    }

    [Fact]
    public async Task A_wrong_key_ends_in_order_without_being_told_and_the_same_folder_goes_on()
    {
        using var folder = new TempFolder();
        using var server = new BatchServer(Expert);
        server.Fault = r => (401, $$$$$"""{"error":{"message":"Incorrect API key provided: {{{{{r.Headers["Authorization"]![7..]}}}}}","code":"invalid_api_key"}}""");
        using (var run = Begin(folder.Root, server.Spec, "Direct"))
        {
            var fault = await Assert.ThrowsAsync<ExpertException>(() => run.SubmitAsync(Token));
            Assert.True(fault.EndsRun);
            Assert.DoesNotContain("planted", fault.ToString(), StringComparison.Ordinal);
        }

        server.Fault = _ => null;
        using (var run = Begin(folder.Root, server.Spec, "Direct")) Assert.True((await FinishAsync(run)).IsFinished);
        Assert.Contains("Bearer planted-key-000", server.Keys);
        Assert.All(Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories), f => Assert.DoesNotContain("planted", File.ReadAllText(f), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Killed_after_any_write_or_call_it_goes_on_to_the_same_traces_and_makes_no_batch_twice()
    {
        using var whole = new TempFolder();
        var moments = new List<string>();
        using (var server = Lossy())
        using (var run = Begin(whole.Root, server.Spec, "Direct", count: 3, persisted: moments.Add)) await FinishAsync(run);
        Assert.Superset(new HashSet<string>(["plan", "input", "round", "uploaded, not noted", "created, not noted", "downloaded", "reply", "failure", "closed", "trace"]), moments.ToHashSet());

        for (var moment = 0; moment < moments.Count; moment++)
        {
            using var folder = new TempFolder();
            using var server = Lossy();
            await LiveOnAsync(folder.Root, server, "Direct", 3, life => life == 0 ? moment : int.MaxValue);
            AssertUndisturbed(whole.Root, folder.Root, server);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    public async Task Killed_many_times_it_still_ends(int between)
    {
        using var whole = new TempFolder();
        using var folder = new TempFolder();
        using (var server = Lossy())
        using (var run = Begin(whole.Root, server.Spec, "DualExpert", count: 2)) await FinishAsync(run);
        using var other = Lossy();
        Assert.InRange(await LiveOnAsync(folder.Root, other, "DualExpert", 2, life => between + (life * 7 % 5)), 4, 500);
        AssertUndisturbed(whole.Root, folder.Root, other);
    }

    [Fact]
    public async Task Without_a_server_files_go_out_and_come_back_in_any_order_and_number()
    {
        using var folder = new TempFolder();
        var spec = "http://localhost:1/v1#Qwen/Qwen2.5-7B-Instruct?temperature=0.2&max_tokens=900&seed=4";
        using (var run = Begin(folder.Root, spec, "HypotheticoDeductive", p => p with { Offline = true }))
        {
            var report = await run.SubmitAsync(Token);
            for (var round = 1; !report.IsFinished; round++)
            {
                Assert.True((await run.CollectAsync(cancellationToken: Token)).IsUnderWay);
                var (input, output) = BatchLook.FilesOf(folder.Root, report.Round!.Jobs.Single());
                Assert.Contains("\"model\":\"Qwen/Qwen2.5-7B-Instruct\"", File.ReadLines(input).First(), StringComparison.Ordinal);
                Assert.Contains("\"temperature\":0.2,\"max_tokens\":900,\"seed\":4}", File.ReadLines(input).First(), StringComparison.Ordinal);
                await BatchAnswerer.AnswerAsync(input, output, Expert, 2, cancellationToken: Token);
                var lines = File.ReadAllLines(output).Reverse().ToList();
                await File.WriteAllLinesAsync(output, lines.Skip(round == 1 ? 4 : 0), Token);
                report = await run.CollectAsync(cancellationToken: Token);
                if (round == 1)
                {
                    Assert.True(report.IsUnderWay);
                    Assert.Equal(16, report.Round!.Jobs.Single().Completed);
                    report = await run.CollectAsync(partial: true, cancellationToken: Token);
                }

                Assert.False(report.IsUnderWay);
                report = await run.SubmitAsync(Token);
            }
        }

        Assert.Equal((await LiveAsync("HypotheticoDeductive", spec)).Order(StringComparer.Ordinal), Traces(folder.Root).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Answering_a_file_goes_on_where_it_was_cut_off_and_notes_what_failed()
    {
        using var folder = new TempFolder();
        var target = BatchTarget.Of("clinic");
        var input = folder.With("in.jsonl", string.Concat(Enumerable.Range(0, 4).Select(i => System.Text.Encoding.UTF8.GetString(BatchRequestLine.Of($"q{i}#0", target, "role: reasoning-expert", $"Case {i}")))));
        var expert = new ScriptedExpert(text => text.Contains("Case 2", StringComparison.Ordinal) ? throw new ExpertException(ExpertFault.ContentFilter, "no") : "yes");
        Assert.Equal(4, await BatchAnswerer.AnswerAsync(input, folder["out.jsonl"], expert, 1, cancellationToken: Token));
        var bytes = await File.ReadAllBytesAsync(folder["out.jsonl"], Token);
        await File.WriteAllBytesAsync(folder["out.jsonl"], bytes[..^5], Token);
        Assert.Equal(4, await BatchAnswerer.AnswerAsync(input, folder["out.jsonl"], expert, 1, cancellationToken: Token));
        Assert.Equal(5, expert.Calls);
        var lines = File.ReadAllBytes(folder["out.jsonl"]).AsMemory();
        Assert.Equal(bytes, lines.ToArray());
        Assert.Equal(ExpertFault.ContentFilter, BatchResponseLine.Read(System.Text.Encoding.UTF8.GetBytes(File.ReadAllLines(folder["out.jsonl"])[2])).Fault!.Fault);
    }

    [Fact]
    public async Task A_folder_is_for_one_thing_and_one_process()
    {
        using var folder = new TempFolder();
        using (var run = Begin(folder.Root, "clinic", "Direct"))
        {
            await run.SubmitAsync(Token);
            Assert.Contains("in use", Assert.Throws<IOException>(() => Begin(folder.Root, "clinic", "Direct")).Message, StringComparison.Ordinal);
            Assert.Equal(1, (await BatchLook.AtAsync(folder.Root, cancellationToken: Token)).Report.Round!.Number);
        }

        Assert.Contains("other expert", Assert.Throws<ArgumentException>(() => Begin(folder.Root, Fallible, "Direct")).Message, StringComparison.Ordinal);
        Assert.Contains("other questions", Assert.Throws<ArgumentException>(() => Begin(folder.Root, "clinic", "Direct", count: 3)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => BatchRun.Open(folder["elsewhere"], _ => Register.Vignette));
        await File.AppendAllTextAsync(folder["questions.jsonl"], "\n", Token);
        Assert.Throws<InvalidDataException>(() => BatchRun.Open(folder.Root, _ => Register.Vignette));
    }

    private static BatchRun Begin(string folder, string spec, string pathway, Func<BatchPlan, BatchPlan>? change = null, int count = 20, Action<string>? persisted = null)
    {
        var way = PathwayNames.Create(pathway);
        var plan = new BatchPlan { Pathway = way.Name, Fingerprint = way.Fingerprint, Expert = spec, Questions = 0, QuestionsSha256 = "" };
        return BatchRun.Begin(folder, change?.Invoke(plan) ?? plan, [.. Exam.Take(count)], _ => Register.Vignette,
            new BatchRunOptions { Api = target => new BatchApi(target, "planted-key-000", TimeSpan.FromMilliseconds(1)), Persisted = persisted });
    }

    private static async Task<BatchReport> FinishAsync(BatchRun run, List<string>? notes = null)
    {
        BatchReport report;
        for (var turn = 0; !(report = await run.SubmitAsync(Token)).IsFinished; turn++)
        {
            Assert.InRange(turn, 0, 60);
            while (report.IsUnderWay)
            {
                report = await run.CollectAsync(cancellationToken: Token);
                notes?.AddRange(report.Notes);
            }
        }

        return report;
    }

    /// <summary>Loses one line of the second batch.</summary>
    private static BatchServer Lossy() => new(Expert) { Output = (n, lines) => lines.Skip(n == 2 ? 1 : 0).Where((_, i) => n != 1 || i != 1) };

    /// <summary>Lives until it is finished, each life killed after so many moments.</summary>
    /// <returns>How many lives it took.</returns>
    private static async Task<int> LiveOnAsync(string folder, BatchServer server, string pathway, int count, Func<int, int> moments)
    {
        for (var life = 0; ; life++)
        {
            Assert.InRange(life, 0, 500);
            var left = moments(life);
            try
            {
                using var run = Begin(folder, server.Spec, pathway, count: count, persisted: _ =>
                {
                    if (left-- == 0) throw new KilledException();
                });
                if ((await FinishAsync(run)).IsFinished) return life + 1;
            }
            catch (KilledException)
            {
                // A killed process tears the line that it was writing.
                foreach (var journal in (string[])["replies.jsonl", "failures.jsonl", "traces.jsonl"])
                    if (File.Exists(Path.Combine(folder, journal))) await File.AppendAllTextAsync(Path.Combine(folder, journal), "{\"question\":\"to", Token);
            }
        }
    }

    private static void AssertUndisturbed(string whole, string folder, BatchServer server)
    {
        Assert.Equal(Traces(whole).Select(WithoutInputs).Order(StringComparer.Ordinal), Traces(folder).Select(WithoutInputs).Order(StringComparer.Ordinal));
        Assert.Equal(server.Made.Distinct(), server.Made);
        Assert.Equal(server.Made.Count(), server.Uploads);
        Assert.Equal(Directory.GetFiles(Path.Combine(whole, "rounds"), "*.ids.json").Length, server.Made.Count());
    }

    private static async Task<IReadOnlyList<string>> LiveAsync(string pathway, string spec, string? reflector = null) =>
        [.. (await new PathwayDriver(Expert, options: new() { ReasoningSpec = spec, ReflectionSpec = reflector }).RunAsync(PathwayNames.Create(pathway), Exam, Register.Vignette, Token))
            .Select(t => JsonSerializer.Serialize(t, Trace.Json)).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Traces(string folder) => [.. File.ReadAllLines(Path.Combine(folder, "traces.jsonl")).Order(StringComparer.Ordinal)];

    /// <summary>Servers of two runs listen on different ports, which specs and so the hashes say.</summary>
    private static string WithoutInputs(string line)
    {
        var trace = JsonSerializer.Deserialize<Trace>(line, Trace.Json)!;
        return JsonSerializer.Serialize(trace with { Inputs = "", Steps = [.. trace.Steps.Select(s => s with { Expert = "" })] }, Trace.Json);
    }

    private sealed class KilledException : Exception;
}
