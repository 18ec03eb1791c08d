using System.Text.Json;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Json.Schema;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Pathways;

public sealed class PathwayDriverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-driver").FullName;

    private string Journal => Path.Combine(_folder, "traces.jsonl");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traces_come_back_in_the_order_of_the_questions_whatever_the_concurrency()
    {
        var exam = Some.Exam(40);
        var way = PathwayNames.Create("DualExpert");
        var one = await new PathwayDriver(new Clinician(Some.Knowledge), options: new() { Concurrency = 1 }).RunAsync(way, exam, Register.Chart, Token);
        var many = await new PathwayDriver(new Clinician(Some.Knowledge), options: new() { Concurrency = 8 }).RunAsync(way, exam, Register.Chart, Token);
        Assert.Equal(exam.Select(q => q.Id), one.Select(t => t.Question));
        Assert.Equal(Lines(one), Lines(many));
    }

    [Fact]
    public async Task A_run_that_was_cut_off_and_resumed_equals_an_undisturbed_one_and_asks_only_what_is_missing()
    {
        var exam = Some.Exam(20);
        var way = PathwayNames.Create("HypotheticoDeductive");
        var undisturbed = await new PathwayDriver(new Clinician(Some.Knowledge)).RunAsync(way, exam, Register.Chart, Token);

        using var cut = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stopAfter7 = new Told(p => { if (p.Done == 7) cut.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new PathwayDriver(
            new Clinician(Some.Knowledge), options: new() { Concurrency = 1, Journal = Journal, Progress = stopAfter7 }).RunAsync(way, exam, Register.Chart, cut.Token));
        var written = await File.ReadAllBytesAsync(Journal, Token);
        await File.WriteAllBytesAsync(Journal, written[..^20], Token);

        var progress = new Told();
        var resumed = await new PathwayDriver(new Clinician(Some.Knowledge), options: new() { Journal = Journal, Progress = progress }).RunAsync(way, exam, Register.Chart, Token);
        Assert.Equal(Lines(undisturbed), Lines(resumed));
        Assert.Equal(6, progress.Reports.Min(p => p.Resumed));
        Assert.Equal(20, progress.Reports.Max(p => p.Done));

        var silent = new ScriptedExpert(_ => throw new InvalidOperationException("must not be asked"));
        Assert.Equal(Lines(undisturbed), Lines(await new PathwayDriver(silent, options: new() { Journal = Journal }).RunAsync(way, exam, Register.Chart, Token)));
    }

    [Fact]
    public async Task What_was_made_from_other_inputs_is_made_again()
    {
        var expert = new ScriptedExpert(_ => """{"answer":"B"}""");
        var options = new PathwayDriverOptions { Journal = Journal, ReasoningSpec = "a" };
        var way = PathwayNames.Create("Direct");
        await new PathwayDriver(expert, options: options).RunAsync(way, [Some.Question()], Register.Vignette, Token);
        await new PathwayDriver(expert, options: options).RunAsync(way, [Some.Question()], Register.Vignette, Token);
        Assert.Equal(1, expert.Calls);
        await new PathwayDriver(expert, options: options with { ReasoningSpec = "b" }).RunAsync(way, [Some.Question()], Register.Vignette, Token);
        await new PathwayDriver(expert, options: options).RunAsync(way, [Some.Question() with { Stem = "Another?" }], Register.Vignette, Token);
        await new PathwayDriver(expert, options: options).RunAsync(PathwayNames.Create("Direct", options: new() { Retries = 5 }), [Some.Question()], Register.Vignette, Token);
        Assert.Equal(4, expert.Calls);
    }

    [Fact]
    public async Task An_expert_from_elsewhere_may_talk_garbage_or_fail_without_stopping_the_others()
    {
        var questions = Enumerable.Range(0, 6).Select(i => Some.Question($"q{i}") with { Stem = $"Case {i}?" }).ToList();
        var expert = new ScriptedExpert(text =>
            text.Contains("Case 1?", StringComparison.Ordinal) ? "\u0000{{{\"answer\":"
            : text.Contains("Case 3?", StringComparison.Ordinal) ? throw new HttpRequestException("503")
            : text.Contains("Case 5?", StringComparison.Ordinal) ? "Sure! ```{\"answer\": \"asthma\"}```"
            : """{"answer":"B"}""");
        var driver = new PathwayDriver(expert, options: new() { Journal = Journal });
        var traces = await driver.RunAsync(PathwayNames.Create("Direct"), questions, Register.Vignette, Token);
        Assert.Equal(["B", null, "B", null, "B", "B"], traces.Select(t => t.AnswerLabel));
        Assert.Contains("no usable reply", traces[1].Unusable, StringComparison.Ordinal);
        Assert.Contains("503", traces[3].Unusable, StringComparison.Ordinal);
        Assert.Equal(1, traces[5].Repaired);

        // The failure is not in the journal: the next run asks again, and only that.
        var calls = expert.Calls;
        await driver.RunAsync(PathwayNames.Create("Direct"), questions, Register.Vignette, Token);
        Assert.Equal(calls + 1, expert.Calls);
    }

    [Fact]
    public async Task A_call_without_a_reply_costs_its_question_and_says_why()
    {
        var questions = Enumerable.Range(0, 4).Select(i => Some.Question($"q{i}") with { Stem = $"Case {i}?" }).ToList();
        var expert = new ScriptedExpert(text => text.Contains("Case 2?", StringComparison.Ordinal) ? throw new ExpertException(ExpertFault.ContentFilter, "refused") : """{"answer":"B"}""");
        var traces = await new PathwayDriver(expert, options: new() { Journal = Journal }).RunAsync(PathwayNames.Create("Direct"), questions, Register.Vignette, Token);
        Assert.Equal([null, null, ExpertFault.ContentFilter, null], traces.Select(t => t.Fault));
        Assert.Equal("reasoning-expert failed: ContentFilter: refused", traces[2].Unusable);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Journal, Token)).Length);
    }

    [Theory]
    [InlineData(ExpertFault.Unauthorised)]
    [InlineData(ExpertFault.UnknownModel)]
    [InlineData(ExpertFault.BudgetSpent)]
    public async Task A_fault_that_every_call_would_share_ends_the_run_and_what_had_finished_is_kept(ExpertFault fault)
    {
        var questions = Enumerable.Range(0, 40).Select(i => Some.Question($"q{i}") with { Stem = $"Case {i}?" }).ToList();
        var calls = 0;
        var expert = new ScriptedExpert(_ => Interlocked.Increment(ref calls) > 10 ? throw new ExpertException(fault, "no more") : """{"answer":"B"}""");
        var options = new PathwayDriverOptions { Journal = Journal, Concurrency = 4 };
        var thrown = await Assert.ThrowsAsync<ExpertException>(() => new PathwayDriver(expert, options: options).RunAsync(PathwayNames.Create("Direct"), questions, Register.Vignette, Token));
        Assert.Equal(fault, thrown.Fault);
        Assert.Matches("^Question q[0-9]+: no more$", thrown.Message);
        Assert.True(expert.Calls <= 14, $"{expert.Calls} calls");
        // Every reply that came is kept, and the next run asks for the others alone.
        Assert.Equal(10, (await File.ReadAllLinesAsync(Journal, Token)).Length);
        var mended = new ScriptedExpert(_ => """{"answer":"B"}""");
        await new PathwayDriver(mended, options: options).RunAsync(PathwayNames.Create("Direct"), questions, Register.Vignette, Token);
        Assert.Equal(30, mended.Calls);
    }

    [Fact]
    public async Task Where_replies_cannot_be_kept_the_run_ends_instead_of_paying_for_them_in_vain()
    {
        var expert = new ScriptedExpert(_ => throw new IOException("No space left for the reply cache.", 28));
        var questions = Enumerable.Range(0, 20).Select(i => Some.Question($"q{i}")).ToList();
        var thrown = await Assert.ThrowsAsync<ExpertException>(() => new PathwayDriver(expert, options: new() { Concurrency = 2 }).RunAsync(PathwayNames.Create("Direct"), questions, Register.Vignette, Token));
        Assert.Equal(ExpertFault.NotKept, thrown.Fault);
        Assert.InRange(expert.Calls, 1, 2);
    }

    [Fact]
    public async Task Never_more_calls_are_in_flight_than_allowed_and_that_many_are()
    {
        var (now, peak) = (0, 0);
        var gate = new Lock();
        var expert = new WaitingExpert(async () =>
        {
            lock (gate) peak = Math.Max(peak, ++now);
            await Task.Delay(2, Token);
            lock (gate) now--;
            return """{"step":{"kind":"conclusion","text":"It is asthma."},"answer":"B"}""";
        });
        var questions = Enumerable.Range(0, 60).Select(i => Some.Question($"q{i}")).ToList();
        await new PathwayDriver(expert, options: new() { Concurrency = 7 }).RunAsync(PathwayNames.Create("HypotheticoDeductive"), questions, Register.Vignette, Token);
        Assert.Equal(7, peak);
    }

    [Fact]
    public async Task Reasoning_and_reflection_may_be_different_experts()
    {
        var reasoning = new ScriptedExpert(_ => """{"step":{"kind":"conclusion","text":"It is asthma."},"answer":"B"}""");
        var reflection = new ScriptedExpert(text => text.Contains("role: sufficiency-judge", StringComparison.Ordinal) ? """{"sufficient":true}""" : """{"rating":1,"feedback":"ok"}""");
        var trace = await new PathwayDriver(reasoning, reflection, new() { ReasoningSpec = "r", ReflectionSpec = "f" })
            .RunAsync(PathwayNames.Create("DualExpert"), Some.Question(), Register.Vignette, Token);
        Assert.Equal(["r", "f", "f"], trace.Steps.Select(s => s.Expert));
        Assert.Equal((1, 2), (reasoning.Calls, reflection.Calls));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("DualExpert")]
    [InlineData("TreeSearch")]
    public async Task Every_journalled_trace_conforms_to_the_published_schema(string pathway)
    {
        var schema = JsonSchema.FromText(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "data", "schemas", "trace.schema.json"), Token));
        foreach (var register in Enum.GetValues<Register>())
            await new PathwayDriver(new Clinician(Some.Knowledge), options: new() { Journal = Journal, ReasoningSpec = "clinic" }).RunAsync(PathwayNames.Create(pathway), Some.Exam(10, register), register, Token);
        var lines = await File.ReadAllLinesAsync(Journal, Token);
        Assert.Equal(20, lines.Length);
        Assert.All(lines, l => Assert.True(schema.Evaluate(JsonDocument.Parse(l).RootElement).IsValid, l));
    }

    [Fact]
    public async Task Questions_that_share_an_id_are_refused() => await Assert.ThrowsAsync<ArgumentException>(() =>
        new PathwayDriver(new ScriptedExpert(_ => "")).RunAsync(PathwayNames.Create("Direct"), [Some.Question(), Some.Question()], Register.Vignette, Token));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<string> Lines(IEnumerable<Trace> traces) => [.. traces.Select(t => JsonSerializer.Serialize(t, Trace.Json))];

    private sealed class WaitingExpert(Func<Task<string>> reply) : DelegatingChatClient(new ScriptedExpert(_ => ""))
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            new(new ChatMessage(ChatRole.Assistant, await reply()));
    }

    private sealed class Told(Action<PathwayProgress>? then = null) : IProgress<PathwayProgress>
    {
        private readonly Lock _lock = new();

        public List<PathwayProgress> Reports { get; } = [];

        public void Report(PathwayProgress value)
        {
            lock (_lock) Reports.Add(value);
            then?.Invoke(value);
        }
    }
}
