using Citrus.Research.Examples;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Examples;

public sealed class ExampleFilesTests
{
    private static readonly Gen<string> Words = Gen.String[Gen.Char["ab <>/\"\\\n\té€"], 1, 12].Where(s => !string.IsNullOrWhiteSpace(s));

    private static readonly Gen<Turn> Assistant = Gen.Select(Words, Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0), Gen.Const(0.25), Gen.Const(4.0))).Select((t, w) => new Segment(t, w)).Array[1, 4]
        .Where(s => s.Any(x => x.Weight > 0)).Select(s => new Turn("assistant", s));

    private static readonly Gen<Example> AnyExample = Gen.Select(Gen.Int[0, 999_999], Words, Assistant)
        .Select((n, user, assistant) => new Example { Id = $"e{n}", Turns = [new Turn("user", user), assistant], Source = n % 2 == 0 ? "pathway:Direct" : "" });

    [Fact]
    public void Examples_come_back_with_their_weights_and_are_written_again_with_the_same_bytes()
    {
        AnyExample.Array[1, 5].Sample(examples =>
        {
            using var folder = new TempFolder();
            ExampleFiles.WriteExamples(folder["a.jsonl"], examples);
            var read = ExampleFiles.ReadExamples(folder["a.jsonl"]).ToList();
            Assert.Equal(examples.Select(e => (e.Id, e.Source)), read.Select(e => (e.Id, e.Source)));
            Assert.Equal(examples.SelectMany(e => e.Turns).SelectMany(t => t.Segments), read.SelectMany(e => e.Turns).SelectMany(t => t.Segments));
            ExampleFiles.WriteExamples(folder["b.jsonl"], read);
            Assert.Equal(File.ReadAllBytes(folder["a.jsonl"]), File.ReadAllBytes(folder["b.jsonl"]));
        }, iter: 200);
    }

    [Fact]
    public void A_file_from_elsewhere_needs_nothing_but_messages()
    {
        using var folder = new TempFolder();
        var path = folder.With("a.jsonl", "\n{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"a\"}],\"topic\":\"heart\"}\n");
        var example = Assert.Single(ExampleFiles.ReadExamples(path));
        Assert.Equal("line 2", example.Id);
        Assert.Equal([new Segment("a", 1)], example.Turns[1].Segments);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"q"}]}""", "messages", "assistant")]
    [InlineData("""{"messages":[]}""", "messages", "empty")]
    [InlineData("""{"messages":"q"}""", "messages", "a list")]
    [InlineData("""{"text":"q"}""", "messages", "passage")]
    [InlineData("""{"prompt":"q","chosen":"a","rejected":"b"}""", "messages", "pair")]
    [InlineData("""{"messages":[{"role":"bot","content":"q"}]}""", "messages[0].role", "bot")]
    [InlineData("""{"messages":[{"role":"user","content":" "}]}""", "messages[0].content", "blank")]
    [InlineData("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a b","segments":[{"text":"a"}]}]}""", "messages[1].segments", "content")]
    [InlineData("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","segments":[{"text":"a","weight":-1}]}]}""", "messages[1].segments[0].weight", "0 or above")]
    [InlineData("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","segment":[]}]}""", "messages[1].segment", "unknown field")]
    [InlineData("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":0}]}""", "messages", "nothing to learn")]
    public void A_broken_example_is_refused_with_its_line_and_field(string line, string field, string says)
    {
        using var folder = new TempFolder();
        var path = folder.With("a.jsonl", """{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}""" + "\n" + line + "\n");
        var error = Assert.Throws<QuestionFormatException>(() => ExampleFiles.ReadExamples(path).Count());
        Assert.Equal((2, field), (error.Line, error.Field));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_come_back_as_they_were()
    {
        using var folder = new TempFolder();
        Pair[] pairs =
        [
            new() { Id = "p1", Prompt = [new Turn("user", "q")], Chosen = "<answer> x A </answer>", Rejected = "<answer> y B </answer>", ChosenScore = 100, RejectedScore = 0 },
            new() { Id = "p2", Prompt = [new Turn("system", "s"), new Turn("user", "q")], Chosen = "a", Rejected = "b" },
        ];
        ExampleFiles.WritePairs(folder["p.jsonl"], pairs);
        var read = ExampleFiles.ReadPairs(folder["p.jsonl"]).ToList();
        Assert.Equal(pairs.Select(p => (p.Id, p.Chosen, p.Rejected, p.ChosenScore, p.RejectedScore)), read.Select(p => (p.Id, p.Chosen, p.Rejected, p.ChosenScore, p.RejectedScore)));
        Assert.Equal(pairs.SelectMany(p => p.Prompt).Select(t => (t.Role, t.Text)), read.SelectMany(p => p.Prompt).Select(t => (t.Role, t.Text)));
    }

    [Fact]
    public void Pairs_may_be_plain_texts()
    {
        using var folder = new TempFolder();
        var pair = Assert.Single(ExampleFiles.ReadPairs(folder.With("p.jsonl", """{"prompt":"q","chosen":"a","rejected":"b"}""")));
        Assert.Equal(("q", "a", "b"), (pair.Prompt[0].Text, pair.Chosen, pair.Rejected));
    }

    [Theory]
    [InlineData("""{"chosen":"a","rejected":"b"}""", "prompt")]
    [InlineData("""{"prompt":"q","chosen":"a"}""", "rejected")]
    [InlineData("""{"prompt":"q","chosen":"a","rejected":"a"}""", "rejected")]
    [InlineData("""{"prompt":"q","chosen":3,"rejected":"a"}""", "chosen")]
    [InlineData("""{"prompt":"q","chosen":"b","rejected":"a","chosen_score":"high"}""", "chosen_score")]
    public void A_broken_pair_is_refused_with_its_line_and_field(string line, string field)
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<QuestionFormatException>(() => ExampleFiles.ReadPairs(folder.With("p.jsonl", line)).Count());
        Assert.Equal((1, field), (error.Line, error.Field));
    }

    [Theory]
    [InlineData("p.jsonl")]
    [InlineData("p.txt")]
    public void Passages_come_back_in_either_form(string name)
    {
        using var folder = new TempFolder();
        ExampleFiles.WritePassages(folder[name], [new Passage("a", "one line"), new Passage("b", "two\nlines")]);
        Assert.Equal(["one line", "two\nlines"], ExampleFiles.ReadPassages(folder[name]).Select(p => p.Text));
    }

    [Fact]
    public void A_passage_that_plain_text_would_split_is_refused_and_leaves_no_file()
    {
        using var folder = new TempFolder();
        Assert.Throws<ArgumentException>(() => ExampleFiles.WritePassages(folder["p.txt"], [new Passage("a", "one\n\ntwo")]));
        Assert.Empty(Directory.EnumerateFiles(folder.Root));
    }

    [Fact]
    public void The_form_of_a_question_file_is_seen_from_its_fields()
    {
        using var folder = new TempFolder();
        var ours = folder.With("ours.jsonl", """{"id":"q1","stem":"Why?","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answers":["B"]}""");
        var theirs = folder.With("theirs.jsonl", """{"question":"Why?","answer":"y","options":{"A":"x","B":"y"},"answer_idx":"B"}""");
        Assert.Equal("q1", Assert.Single(QuestionFiles.Read(ours)).Id);
        Assert.Equal("B", Assert.Single(QuestionFiles.Read(theirs)).Answer);
        var error = Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder.With("other.jsonl", """{"messages":[]}""")).Count());
        Assert.Contains("messages", error.Message, StringComparison.Ordinal);
    }
}
