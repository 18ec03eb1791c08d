using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;

namespace Citrus.Research.Tests.Evaluation;

public sealed class ExamProtocolsTests
{
    private static readonly Question Prose = Some.Question() with { Stem = "A man has chest pain. What is most likely?" };

    [Theory]
    [InlineData("generation", "greedy generation, expert think/answer prompt v1")]
    [InlineData("generation?prompt=plain&temperature=0.5", "generation at temperature 0.5, plain answer prompt v1")]
    [InlineData("generation?prompt=bare", "greedy generation, think/answer v1")]
    [InlineData("likelihood", "likelihood of options, summed v1")]
    [InlineData("likelihood-per-character", "likelihood of options, per character v1")]
    [InlineData("likelihood?of=letter", "likelihood of the option's letter, summed, bare question v1")]
    [InlineData("self-consistency?n=3", "self-consistency, majority of 3 samples at temperature 0.7, ties to the first given, expert think/answer prompt v1")]
    [InlineData("shuffling?n=6&seed=2", "option shuffling, 6 orders (seed 2), majority of un-shuffled answers; greedy generation, expert think/answer prompt v1")]
    [InlineData("shuffling?ask=likelihood", "option shuffling, 4 orders (seed 0), mean un-shuffled score; likelihood of options, summed v1")]
    [InlineData("thinking?budgets=256,0", "thinking budgets 0, 256 tokens, greedy, expert think/answer prompt v1")]
    public void A_protocol_has_a_name_that_says_what_was_done_and_reads_back_from_its_own_text(string spec, string label)
    {
        var protocol = ExamProtocols.Parse(spec);
        Assert.Equal(label, protocol.Label.ToString());
        var again = ExamProtocols.Parse(protocol.ToString());
        Assert.Equal((protocol.ToString(), protocol.Label), (again.ToString(), again.Label));
    }

    [Fact]
    public void The_names_of_studies_stay() =>
        Assert.Equal((Protocol.Generation, Protocol.Likelihood, Protocol.LikelihoodPerCharacter),
            (ExamProtocols.Parse("generation?prompt=bare").Label, ExamProtocols.Parse("likelihood").Label, ExamProtocols.Parse("likelihood?per=character").Label));

    [Theory]
    [InlineData("generatio", "there are generation, few-shot")]
    [InlineData("generation?prompt=loud", "bare or expert or plain")]
    [InlineData("generation?n=3", "knows no 'n'")]
    [InlineData("self-consistency?n=1", "from 2 to 1000")]
    [InlineData("self-consistency?temperature=0", "0.01")]
    [InlineData("self-consistency?n=2&n=3", "twice")]
    [InlineData("thinking", "needs budgets=")]
    [InlineData("thinking?budgets=1,x", "joined by commas")]
    [InlineData("few-shot", "needs from=FILE")]
    [InlineData("likelihood?of=letter&per=character", "letters have one length")]
    [InlineData("generation?prompt", "option=value")]
    public void What_cannot_be_meant_is_refused_with_what_can(string spec, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => ExamProtocols.Parse(spec)).Message, StringComparison.Ordinal);

    [Fact]
    public void Chinese_questions_are_asked_in_Chinese_and_several_answers_are_asked_for_where_there_may_be_some()
    {
        var chinese = Prose with { Stem = "男，45岁。胸痛2小时。最可能的诊断是" };
        var asked = ExamProtocols.Parse("generation", new ExamSetting { Several = true }).Asks(chinese)[0];
        Assert.Equal(("system", QuestionLanguage.Chinese), (asked.Messages[0].Role, QuestionLanguage.Of(asked.Messages[0].Text)));
        Assert.Contains("<answer>A、C</answer>", asked.Messages[0].Text, StringComparison.Ordinal);
        Assert.Equal(QuestionText.Prose(chinese), asked.Messages[1].Text);
        Assert.Contains("<answer>B. ...</answer>", ExamProtocols.Parse("generation").Asks(Prose)[0].Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_question_that_is_asked_is_shown_as_an_example()
    {
        using var folder = new TempFolder();
        var train = Enumerable.Range(0, 6).Select(i => Some.Question($"t{i}") with { Stem = $"Case {i}: what is it?" }).ToList();
        UnifiedQuestions.Write(folder["train.jsonl"], train);
        // The same question in another typesetting, under another id.
        IReadOnlyList<Question> asked = [Some.Question("x") with { Stem = "CASE 3 what is it" }];
        var protocol = ExamProtocols.Parse($"few-shot?k=5&from={folder["train.jsonl"]}", asked: asked);
        var messages = protocol.Asks(asked[0])[0].Messages;
        Assert.Equal(12, messages.Count);
        Assert.DoesNotContain(messages.SkipLast(1), m => m.Text.Contains("Case 3", StringComparison.Ordinal));
        Assert.All(messages.Where(m => m.Role == "assistant"), m => Assert.Equal("<answer>A. angina</answer>", m.Text));
        Assert.Contains("5 questions", Assert.Throws<FormatException>(() => ExamProtocols.Parse($"few-shot?k=6&from={folder["train.jsonl"]}", asked: asked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sample_order_and_budget_is_a_request_of_its_own()
    {
        Assert.Equal([0, 1, 2], ExamProtocols.Parse("self-consistency?n=3").Asks(Prose).Select(a => a.Repeat));
        var orders = ExamProtocols.Parse("shuffling?n=4").Asks(Prose);
        Assert.Equal(4, orders.Select(a => a.Variant).Distinct().Count());
        Assert.Equal(4, orders.Select(a => a.Messages[^1].Text).Distinct().Count());
        var thinking = ExamProtocols.Parse("thinking?budgets=0,100&answer=50").Asks(Prose);
        Assert.Equal([("thinking=0", 0, 50), ("thinking=100", 100, 150)], thinking.Select(a => (a.Variant, a.ThinkingTokens!.Value, a.MaxTokens!.Value)));
        Assert.Contains("about 100 tokens", thinking[1].Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_protocol_is_on_the_help_page() =>
        Assert.All(["generation", "few-shot?from=x", "likelihood", "self-consistency", "shuffling", "thinking?budgets=1"], spec =>
            Assert.Contains(ExamProtocols.All, p => p.Name == spec.Split('?')[0] && p.Meaning.Count > 0));
}
