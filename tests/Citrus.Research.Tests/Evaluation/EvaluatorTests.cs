using Citrus.Research.Evaluation;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Evaluation;

public sealed class EvaluatorTests
{
    private static readonly IReadOnlyList<Question> Four = [.. Enumerable.Range(0, 4).Select(i => Some.Question($"q{i}", answer: "ABCD"[i].ToString()) with { Stem = new string('x', 9 - i) + " ?" })];

    private static Task<IReadOnlyList<GeneratedText>> AlwaysA(IReadOnlyList<string> prompts, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<GeneratedText>>([.. prompts.Select(_ => new GeneratedText("<answer> angina A </answer>", 4))]);

    [Fact]
    public async Task Predictions_come_in_the_order_of_the_questions_and_batches_by_length()
    {
        var seen = new List<string[]>();
        var last = default(EvaluationProgress);
        var predictions = await Evaluator.GenerateAsync(Four, (prompts, _) =>
        {
            seen.Add([.. prompts]);
            return Task.FromResult<IReadOnlyList<GeneratedText>>([.. prompts.Select(p => new GeneratedText($"<answer> {"ABCD"[9 - p.IndexOf(' ')]} </answer>"))]);
        }, new EvaluatorOptions { BatchSize = 3 }, new Direct(p => last = p), TestContext.Current.CancellationToken);
        Assert.Equal(["q0", "q1", "q2", "q3"], predictions.Select(p => p.QuestionId));
        Assert.All(predictions, p => Assert.True(p.Correct));
        Assert.Equal([3, 1], seen.Select(b => b.Length));
        Assert.True(seen[0].Max(p => p.Length) <= seen[1][0].Length);
        Assert.Equal(new EvaluationProgress(4, 4, 4), last);
    }

    [Fact]
    public async Task A_log_is_continued_where_question_and_prompt_are_the_same()
    {
        using var folder = new TempFolder();
        var options = new EvaluatorOptions { SampleLog = folder["samples.jsonl"], Resume = true, BatchSize = 2 };
        await Evaluator.GenerateAsync([.. Four.Take(2)], AlwaysA, options, null, TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(folder["samples.jsonl"], "{\"question\":\"q2\",\"pro", TestContext.Current.CancellationToken);
        var asked = 0;
        var predictions = await Evaluator.GenerateAsync([Four[0] with { Stem = "other" }, .. Four.Skip(1)], (prompts, token) =>
        {
            asked += prompts.Count;
            return AlwaysA(prompts, token);
        }, options, null, TestContext.Current.CancellationToken);
        Assert.Equal(3, asked);
        Assert.Equal(4, predictions.Count);
        var samples = Sample.Read(folder["samples.jsonl"]);
        Assert.Equal(5, samples.Count);
        Assert.Contains("<answer> angina A </answer>", await File.ReadAllTextAsync(folder["samples.jsonl"], TestContext.Current.CancellationToken));
        await Evaluator.GenerateAsync(Four, AlwaysA, options with { Resume = false }, null, TestContext.Current.CancellationToken);
        Assert.Equal(4, Sample.Read(folder["samples.jsonl"]).Count);
    }

    [Fact]
    public async Task A_generator_that_loses_an_answer_is_an_error() =>
        Assert.Contains("0 texts for 4 prompts", (await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Evaluator.GenerateAsync(Four, (_, _) => Task.FromResult<IReadOnlyList<GeneratedText>>([]), cancellationToken: TestContext.Current.CancellationToken))).Message);

    [Fact]
    public async Task A_chat_client_reads_the_question_and_never_the_answer()
    {
        using var client = new EchoClient();
        var predictions = await Evaluator.GenerateAsync(Four, client, new EvaluatorOptions { SystemPrompt = "Answer." }, null, TestContext.Current.CancellationToken);
        Assert.Equal([true, false, false, false], predictions.Select(p => p.Correct));
        Assert.All(predictions, p => Assert.Equal(7, p.OutputTokens));
        Assert.All(client.Heard, h => Assert.Equal("Answer.", h[0]));
        Assert.Equal(Four.Select(QuestionText.Chart).Order(), client.Heard.Select(h => h[1]).Order());
    }

    [Fact]
    public async Task The_likeliest_option_is_the_answer()
    {
        var question = Some.Question(answer: "D", options: ["a", "bb", "cccc", "dddddddd"]);
        Task<IReadOnlyList<double>> Score(string prompt, IReadOnlyList<string> continuations, CancellationToken token)
        {
            Assert.Equal(" <answer> bb B </answer>", continuations[1]);
            return Task.FromResult<IReadOnlyList<double>>([-3, -2, -2, -4]);
        }

        var summed = Assert.Single(await Evaluator.LikelihoodAsync([question], Score, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(("B", false), (summed.Extracted.Label, summed.Correct));
        var perCharacter = Assert.Single(await Evaluator.LikelihoodAsync([question], Score, perCharacter: true, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(("C", -0.5), (perCharacter.Extracted.Label, perCharacter.OptionScores![2]));
    }

    [Fact]
    public async Task A_score_that_is_no_number_is_an_error() =>
        Assert.Contains("q0", (await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Evaluator.LikelihoodAsync(Four, (_, _, _) => Task.FromResult<IReadOnlyList<double>>([0, double.NaN, 0, 0]), cancellationToken: TestContext.Current.CancellationToken))).Message);

    private sealed class Direct(Action<EvaluationProgress> report) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => report(value);
    }

    private sealed class EchoClient : IChatClient
    {
        public System.Collections.Concurrent.ConcurrentBag<string[]> Heard { get; } = [];

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Heard.Add([.. messages.Select(m => m.Text)]);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "<answer> angina A </answer>")) { Usage = new UsageDetails { OutputTokenCount = 7 } });
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
