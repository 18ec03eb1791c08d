using Citrus.Research.Experts;
using Citrus.Research.Models;
using Citrus.Research.Tokenization;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Models;

public sealed class StudentTests : IDisposable
{
    private static readonly string[] Words = ["has", "cough", "fever", "ask", "?", "flu", "cold", "A", "B"];

    private readonly Student _student = Made();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_a_chat_client_it_says_what_the_student_says()
    {
        using var client = new StudentChatClient(_student);
        var said = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "has cough ask ?")], new ChatOptions { MaxOutputTokens = 5 }, Stop);
        var expected = _student.Answer(["has cough ask ?"], new GenerationOptions { MaxNewTokens = 5 }, cancellation: Stop)[0];
        Assert.Equal(expected.Text, said.Text);
        Assert.Equal(6, said.Usage!.InputTokenCount);
        Assert.Equal(expected.Tokens, said.Usage.OutputTokenCount);
        Assert.Equal(expected.Stopped ? ChatFinishReason.Stop : ChatFinishReason.Length, said.FinishReason);
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([], cancellationToken: Stop));
    }

    [Fact]
    public async Task Samples_of_one_request_differ_at_a_temperature_and_each_stays_the_same()
    {
        using var client = new StudentChatClient(_student);
        async Task<string> Said(int sample, float? temperature) => (await client.GetResponseAsync([new ChatMessage(ChatRole.User, "has cough ask ?")],
            new ChatOptions { MaxOutputTokens = 5, Temperature = temperature, AdditionalProperties = new() { [ExpertProperties.Sample] = sample } }, Stop)).Text;
        var texts = new List<string>();
        for (var i = 0; i < 8; i++) texts.Add(await Said(i, 1));
        Assert.True(texts.Distinct().Count() > 2);
        Assert.Equal(texts[3], await Said(3, 1));
        Assert.Equal(await Said(0, null), await Said(1, null));
    }

    [Fact]
    public void Every_request_and_every_sample_draws_for_itself_and_the_same_the_next_time()
    {
        var seeds = (from seed in (long[])[3, 4] from prompt in (int[][])[[5, 6], [5, 7], [56]] from sample in (int[])[0, 1] select StudentChatClient.SeedOf(seed, prompt, sample)).ToList();
        Assert.Equal(12, seeds.Distinct().Count());
        Assert.All(seeds, s => Assert.True(s >= 0));
        Assert.Equal(seeds[0], StudentChatClient.SeedOf(3, [5, 6], 0));
    }

    [Fact]
    public async Task What_it_streams_is_what_it_answers()
    {
        using var client = new StudentChatClient(_student);
        var options = new ChatOptions { MaxOutputTokens = 12, StopSequences = ["cold B", "?"], Temperature = 1, TopK = 6, TopP = 0.95f, Seed = 5 };
        var whole = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "has cough ask ?")], options, Stop);
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "has cough ask ?")], options, Stop)) updates.Add(update);
        Assert.Equal(whole.Text, string.Concat(updates.Select(u => u.Text)));
        Assert.Equal(whole.FinishReason, updates[^1].FinishReason);
        Assert.Equal(whole.Usage!.OutputTokenCount, updates[^1].Contents.OfType<UsageContent>().Single().Details.OutputTokenCount);
        Assert.True(updates.Count > 2);
    }

    [Fact]
    public async Task Many_ask_at_once_and_each_gets_its_own_answer()
    {
        using var client = new StudentChatClient(_student);
        string[] questions = [.. Enumerable.Range(0, 20).Select(i => string.Join(' ', Words.Skip(i % 5).Take(1 + i % 4)))];
        var said = await Task.WhenAll(questions.Select(q => client.GetResponseAsync([new ChatMessage(ChatRole.User, q)], new ChatOptions { MaxOutputTokens = 8 }, Stop)));
        Assert.Equal(_student.Answer(questions, new GenerationOptions { MaxNewTokens = 8 }, cancellation: Stop).Select(a => a.Text), said.Select(s => s.Text));
    }

    [Fact]
    public void A_limit_on_thinking_is_kept_and_the_answer_goes_on()
    {
        var prompt = "has cough ask ? " + SpecialTokens.Assistant + " " + SpecialTokens.Think;
        var answer = _student.Continue([prompt], new GenerationOptions { MaxNewTokens = 9, MaxThinkingTokens = 3, StopId = _student.Tokenizer.PadId }, cancellation: Stop)[0];
        Assert.Equal((3, true, 9), (answer.ThinkingTokens, answer.ThoughtCut, answer.Tokens));
        Assert.Equal(SpecialTokens.EndThink, answer.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]);
    }

    [Fact]
    public async Task Its_scorer_gives_the_probability_of_each_option()
    {
        using var client = new StudentChatClient(_student);
        var scorer = client.GetService<IContinuationScorer>()!;
        var scores = await scorer.ScoreAsync(ChatTemplate.Prompt("has fever ask ?"), [" flu A", " cold B"], Stop);
        Assert.Equal([2, 2], scores.Select(s => s.Tokens));
        var tokenizer = _student.Tokenizer;
        var likely = Likelihood.PerToken(_student.Decoder, [(tokenizer.Encode(ChatTemplate.Prompt("has fever ask ?")), tokenizer.Encode("flu A"))], cancellation: Stop)[0];
        Assert.Equal(likely.Sum(), scores[0].LogProbability, 1e-4);
    }

    [Fact]
    public void A_saved_student_answers_as_before()
    {
        var folder = Directory.CreateTempSubdirectory("citrus-test-").FullName;
        try
        {
            _student.Save(Path.Combine(folder, "s"));
            using var loaded = Student.Load(Path.Combine(folder, "s"));
            string[] questions = ["has cough ask ?", "has fever A flu B cold", "?"];
            Assert.Equal(_student.Answer(questions, cancellation: Stop), loaded.Answer(questions, cancellation: Stop));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => _student.Dispose();

    private static Student Made()
    {
        var tokenizer = WordTokenizer.Of(Words);
        return new Student(new Decoder(Tiny.Config with { VocabularySize = tokenizer.VocabularySize }, 2, new DecoderInitialisation { Head = 0.5, FeedForwardOut = 1 }), tokenizer);
    }
}
