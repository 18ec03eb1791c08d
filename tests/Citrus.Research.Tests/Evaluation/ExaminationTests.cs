using System.Runtime.CompilerServices;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Evaluation;

public sealed class ExaminationTests : IDisposable
{
    private static readonly IReadOnlyList<Question> Questions = [.. Enumerable.Range(1, 4).Select(i => Some.Question($"q{i}") with { Stem = $"Case {i}: what is most likely?", Benchmark = "ours" })];

    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_leaves_a_folder_that_says_everything()
    {
        var client = new Answering(_ => "<think>chest pain</think><answer>A. angina</answer>");
        var result = await Examination.RunAsync(Questions, ExamProtocols.Parse("generation"), client, Options("generation"), Token);
        Assert.Equal(new Rate(4, 4), result.Parts[0].Score.Correct);
        var folder = EvaluationFolder.Open(_folder["run"]);
        Assert.Empty(folder.Problems);
        Assert.Equal(("some:model", "ours", "greedy generation, expert think/answer prompt v1"), (folder.Model, folder.Benchmark, folder.Protocol.ToString()));
        Assert.Equal(Questions.Select(q => q.Id), folder.Predictions.Select(p => p.QuestionId));
        Assert.Equal(new Rate(4, 4), folder.Score.Correct);
        var sample = folder.Samples[0];
        Assert.Equal(("chest pain", 7, 3), (sample.Thinking, sample.InputTokens, sample.OutputTokens));
        Assert.Equal(["system", "user"], sample.Messages!.Select(m => m.Role));
        Assert.True(sample.LatencyMs >= 0);
    }

    [Fact]
    public async Task What_is_sent_does_not_hang_on_the_right_answer()
    {
        async Task<List<string>> Sent(IReadOnlyList<Question> questions, string folder)
        {
            var sent = new List<string>();
            var client = new Answering(text =>
            {
                sent.Add(text);
                return "<answer>A</answer>";
            });
            await Examination.RunAsync(questions, ExamProtocols.Parse("generation"), client, Options("generation") with { Folder = _folder[folder], Card = Options("generation").Card with { QuestionsSha256 = EvaluationCard.HashOf(questions) } }, Token);
            return sent;
        }

        var sent = await Sent(Questions, "right");
        Assert.Equal(4, sent.Distinct().Count());
        Assert.Equal(sent.Order(), (await Sent([.. Questions.Select(q => q with { Answers = ["D"] })], "wrong")).Order());
    }

    [Fact]
    public async Task What_was_answered_is_not_asked_again_even_after_a_kill()
    {
        var client = new Answering(_ => "<answer>A</answer>");
        await Examination.RunAsync(Questions, ExamProtocols.Parse("generation"), client, Options("generation"), Token);
        // A kill tears the last line.
        var log = Path.Combine(_folder["run"], EvaluationFolder.SamplesFile);
        var lines = await File.ReadAllLinesAsync(log, Token);
        await File.WriteAllTextAsync(log, string.Join('\n', lines.Take(2)) + "\n" + lines[2][..30], Token);
        Assert.Equal(2, EvaluationFolder.Open(_folder["run"]).Problems.Count(p => p.Kind == EvaluationProblemKind.Missing));
        client.Calls = 0;
        var result = await Examination.RunAsync(Questions, ExamProtocols.Parse("generation"), client, Options("generation"), Token);
        Assert.Equal((2, 2, 4), (client.Calls, result.Resumed, result.Samples.Count));
    }

    [Fact]
    public async Task A_folder_of_another_protocol_model_or_benchmark_is_refused()
    {
        await Examination.RunAsync(Questions, ExamProtocols.Parse("generation"), new Answering(_ => "A"), Options("generation"), Token);
        async Task<string> Refused(string protocol, Func<EvaluationCard, EvaluationCard> change) => (await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Examination.RunAsync(Questions, ExamProtocols.Parse(protocol), new Answering(_ => "A"), Options(protocol) with { Card = change(Options(protocol).Card) }, Token))).Message;
        Assert.Contains("another protocol generation", await Refused("self-consistency?n=2", c => c), StringComparison.Ordinal);
        Assert.Contains("another model some:model, not other:model", await Refused("generation", c => c with { Model = "other:model" }), StringComparison.Ordinal);
        Assert.Contains("another questions q.jsonl", await Refused("generation", c => c with { QuestionsSha256 = "ffff" }), StringComparison.Ordinal);
        Assert.Contains("another weights none, not abc", await Refused("generation", c => c with { Weights = "abc" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_a_reply_is_told_counts_as_wrong_and_is_asked_again_next_time()
    {
        var client = new Answering(text => text.Contains("Case 3", StringComparison.Ordinal) ? throw new ExpertException(ExpertFault.ContentFilter, "the filter refused") : "<answer>A</answer>");
        var result = await Examination.RunAsync(Questions, ExamProtocols.Parse("generation"), client, Options("generation"), Token);
        Assert.Equal((new Rate(3, 4), new Rate(1, 4)), (result.Parts[0].Score.Correct, result.Parts[0].Score.Missing));
        Assert.Equal([EvaluationProblemKind.NoReply, EvaluationProblemKind.Missing], result.Problems.Select(p => p.Kind));
        Assert.Contains("the filter refused", result.Problems[0].Text, StringComparison.Ordinal);
        var mended = await Examination.RunAsync(Questions, ExamProtocols.Parse("generation"), new Answering(_ => "<answer>A</answer>"), Options("generation"), Token);
        Assert.Equal((new Rate(4, 4), 3), (mended.Parts[0].Score.Correct, mended.Resumed));
    }

    [Fact]
    public async Task A_spent_budget_ends_the_run_and_keeps_what_was_answered()
    {
        var calls = 0;
        var client = new Answering(_ => ++calls > 2 ? throw new ExpertException(ExpertFault.BudgetSpent, "the budget is spent") : "<answer>A</answer>");
        await Assert.ThrowsAsync<ExpertException>(() => Examination.RunAsync(Questions, ExamProtocols.Parse("generation"), client, Options("generation") with { Concurrency = 1 }, Token));
        Assert.Equal(2, EvaluationFolder.Open(_folder["run"]).Samples.Count);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task A_judge_is_asked_only_where_no_rule_can_tell_and_its_answers_are_told_apart()
    {
        var judge = new Answering(_ => "{\"option\": \"A\"}");
        var client = new Answering(text => text.Contains("Case 1", StringComparison.Ordinal) ? "It is the heart." : "<answer>B</answer>");
        var result = await Examination.RunAsync(Questions, ExamProtocols.Parse("generation"), client, Options("generation") with { Judge = judge }, Token);
        Assert.Equal((1, new Rate(1, 4)), (judge.Calls, result.Parts[0].Score.Correct));
        Assert.Equal(("Judge", 1), (Assert.Single(result.Parts[0].Score.Tiers, t => t.Key == "Judge").Key, result.Parts[0].Score.Tiers["Judge"]));
        Assert.DoesNotContain("angina", string.Concat(judge.Last!.Take(1).Select(m => m.Text)), StringComparison.Ordinal);
        Assert.Equal(new Rate(1, 4), EvaluationFolder.Open(_folder["run"]).Score.Correct);
    }

    [Fact]
    public async Task Samples_of_one_request_differ_by_their_number_and_vote()
    {
        var client = new Answering((_, sample) => sample == 1 ? "<answer>B</answer>" : "<answer>A</answer>");
        var result = await Examination.RunAsync(Questions, ExamProtocols.Parse("self-consistency?n=3"), client, Options("self-consistency?n=3"), Token);
        Assert.Equal((12, new Rate(4, 4), new Rate(8, 12), new Rate(0, 4)), (client.Calls, result.Parts[0].Score.Correct, result.Parts[0].Spread!.Single, result.Parts[0].Spread!.Consistent));
        Assert.Equal(0.7f, client.LastOptions!.Temperature);
    }

    [Fact]
    public async Task An_option_order_that_a_model_falls_for_shows_in_the_consistency()
    {
        // Always the first option shown: right only where the truth stands there.
        var client = new Answering(_ => "<answer>A</answer>");
        var result = await Examination.RunAsync(Questions, ExamProtocols.Parse("shuffling?n=24"), client, Options("shuffling?n=24"), Token);
        Assert.Equal((new Rate(0, 4), new Rate(24, 96)), (result.Parts[0].Spread!.Consistent, result.Parts[0].Spread!.Single));
        Assert.All(result.Samples, s => Assert.Equal(s.Variant.StartsWith("order=A", StringComparison.Ordinal), s.Correct));
        var folder = EvaluationFolder.Open(_folder["run"]);
        Assert.Empty(folder.Problems);
        Assert.Equal(result.Parts[0].Score.Correct, folder.Score.Correct);
    }

    [Fact]
    public async Task Likelihoods_come_back_in_the_questions_own_order_and_are_kept()
    {
        // Likes one text, wherever it stands.
        Task<IReadOnlyList<double>> Score(IReadOnlyList<(string Prompt, string Continuation)> pairs, CancellationToken token) =>
            Task.FromResult<IReadOnlyList<double>>([.. pairs.Select(p => p.Continuation.Contains("angina", StringComparison.Ordinal) ? -1.0 : -2.0)]);
        var result = await Examination.RunAsync(Questions, ExamProtocols.Parse("shuffling?ask=likelihood&n=3"), Score, m => m[^1].Text, Options("shuffling?ask=likelihood&n=3"), Token);
        Assert.Equal((new Rate(4, 4), new Rate(4, 4)), (result.Parts[0].Score.Correct, result.Parts[0].Spread!.Consistent));
        Assert.All(result.Samples, s => Assert.Equal([-1, -2, -2, -2], s.OptionScores!));
        var perCharacter = await Examination.RunAsync(Questions, ExamProtocols.Parse("likelihood-per-character"), Score, m => m[^1].Text, Options("likelihood-per-character") with { Folder = _folder["other"] }, Token);
        Assert.Equal([-1.0 / 6, -2.0 / 18, -2.0 / 3, -2.0 / 4], perCharacter.Samples[0].OptionScores!);
    }

    [Fact]
    public async Task Likelihoods_that_are_no_numbers_are_kept_told_and_wrong()
    {
        var result = await Examination.RunAsync(Questions, ExamProtocols.Parse("likelihood"), (pairs, _) => Task.FromResult<IReadOnlyList<double>>([.. pairs.Select((_, i) => i == 1 ? double.NaN : -1.0)]), m => m[^1].Text, Options("likelihood"), Token);
        Assert.Equal(new Rate(3, 4), result.Parts[0].Score.Correct);
        Assert.Equal(EvaluationProblemKind.BadLikelihood, Assert.Single(result.Problems).Kind);
        Assert.Equal(EvaluationProblemKind.BadLikelihood, Assert.Single(EvaluationFolder.Open(_folder["run"]).Problems).Kind);
    }

    private ExaminationOptions Options(string protocol) => new()
    {
        Folder = _folder["run"],
        Card = new EvaluationCard { Model = "some:model", Spec = ExamProtocols.Parse(protocol).ToString(), Protocol = ExamProtocols.Parse(protocol).Label, Benchmark = "ours", QuestionsFile = "q.jsonl", QuestionsSha256 = EvaluationCard.HashOf(Questions) },
    };

    private sealed class Answering(Func<string, int, string> answer) : IChatClient
    {
        private readonly Lock _lock = new();

        public Answering(Func<string, string> answer)
            : this((text, _) => answer(text))
        {
        }

        public int Calls { get; set; }

        public IReadOnlyList<ChatMessage>? Last { get; private set; }

        public ChatOptions? LastOptions { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                (Calls, Last, LastOptions) = (Calls + 1, [.. messages], options);
                var sample = options?.AdditionalProperties?.TryGetValue(ExpertProperties.Sample, out var value) == true && value is int number ? number : 0;
                return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer(Last[^1].Text, sample))) { Usage = new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 } });
            }
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
