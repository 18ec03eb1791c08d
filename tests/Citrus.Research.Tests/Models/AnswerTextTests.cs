using Citrus.Research.Models;
using Citrus.Research.Tokenization;
using CsCheck;

namespace Citrus.Research.Tests.Models;

public sealed class AnswerTextTests
{
    private static readonly ByteLevelTokenizer Bytes = BpeTrainer.Train(["the cat sat on the mat, the cat sat"], new BpeTrainerOptions { VocabularySize = 275 });

    private static readonly WordTokenizer Words = WordTokenizer.Of(["flu", "cold", "has", "fever"]);

    [Fact]
    public void Pieces_joined_are_the_text_and_never_hold_half_a_character() => Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Const('é'), Gen.Const('咳'), Gen.Const(' ')), 0, 30].Sample(text =>
    {
        text = "the 🤒 " + text;
        var (pieces, whole) = Written(Bytes, text, new GenerationOptions());
        Assert.Equal(text, whole);
        Assert.Equal(text, string.Concat(pieces));
        Assert.DoesNotContain(pieces, p => p.Contains('\uFFFD'));
    });

    [Fact]
    public void A_stop_text_ends_it_wherever_tokens_end_and_no_part_of_it_is_told()
    {
        var (pieces, whole) = Written(Bytes, "cough\nUsx Us\nUser: more", new GenerationOptions { StopTexts = ["never", "\nUser:"] });
        Assert.Equal("cough\nUsx Us", whole);
        Assert.Equal(whole, string.Concat(pieces));
        Assert.Equal("the ", Written(Bytes, "the cat sat", new GenerationOptions { StopTexts = ["sat", "cat"] }).Whole);
    }

    [Fact]
    public void What_only_began_like_a_stop_text_is_told_in_the_end()
    {
        var (pieces, whole) = Written(Bytes, "flu\nUse", new GenerationOptions { StopTexts = ["\nUser:"] });
        Assert.Equal("flu\nUse", whole);
        Assert.Equal(["\nUse"], pieces.TakeLast(1));
    }

    [Fact]
    public void Words_keep_their_spaces_also_after_what_is_hidden()
    {
        var (pieces, whole) = Written(Words, "has <unk> <pad> fever <think> flu </think> cold", new GenerationOptions());
        Assert.Equal(Words.Decode(Words.Encode("has <unk> <pad> fever <think> flu </think> cold"), skipSpecial: true), whole);
        Assert.Equal(whole, string.Concat(pieces));
    }

    [Fact]
    public void A_thought_that_is_too_long_is_ended_once()
    {
        var answer = new AnswerText(Words, new GenerationOptions { MaxThinkingTokens = 2 }, thinks: false);
        var forced = new List<int>();
        foreach (var id in Words.Encode("has <think> flu cold flu fever"))
        {
            answer.See(id, 0, false);
            foreach (var f in answer.Forced())
            {
                forced.Add(f);
                answer.See(f, 0, true);
            }
        }

        Assert.Equal([Words.IdOf("</think>")!.Value], forced);
        Assert.Equal("has <think> flu cold </think> flu fever", answer.Finish(false).Trim());
        Assert.Equal((2, true), (answer.ThinkingTokens, answer.ThoughtCut));
    }

    [Fact]
    public void A_thought_that_ends_by_itself_is_left_alone()
    {
        var answer = new AnswerText(Words, new GenerationOptions { MaxThinkingTokens = 2 }, thinks: true);
        foreach (var id in Words.Encode("flu </think> cold has fever"))
        {
            answer.See(id, 0, false);
            Assert.Empty(answer.Forced());
        }

        Assert.Equal((1, false), (answer.ThinkingTokens, answer.ThoughtCut));
    }

    [Theory]
    [InlineData("<think>\nflu or cold\n</think>\n\nflu", false, "flu or cold", "flu")]
    [InlineData(" <think>a</think>b</think>", false, "a", "b</think>")]
    [InlineData("flu <think> x </think>", false, "", "flu <think> x </think>")]
    [InlineData("a b </th ink>\n</think> c", true, "a b </th ink>", "c")]
    [InlineData("<think> never ends ", false, "never ends ", "")]
    [InlineData("<thi", false, "", "<thi")]
    [InlineData("", false, "", "")]
    public void Thought_and_answer_come_apart_however_the_text_is_cut(string text, bool thinks, string thought, string answer)
    {
        for (var size = 1; size <= Math.Max(1, text.Length); size++)
        {
            var splitter = new ThoughtSplitter(thinks);
            var parts = text.Chunk(size).SelectMany(c => splitter.Take(new string(c))).ToList();
            parts.AddRange(splitter.Take("", last: true));
            Assert.Equal(thought, string.Concat(parts.Where(p => p.IsThought).Select(p => p.Text)));
            Assert.Equal(answer, string.Concat(parts.Where(p => !p.IsThought).Select(p => p.Text)));
        }
    }

    private static (List<string> Pieces, string Whole) Written(StudentTokenizer tokenizer, string text, GenerationOptions options)
    {
        var pieces = new List<string>();
        var answer = new AnswerText(tokenizer, options, thinks: false, pieces.Add);
        var stopped = false;
        foreach (var id in tokenizer.Encode(text))
        {
            stopped = !answer.See(id, 0, false);
            if (stopped) break;
        }

        return (pieces, answer.Finish(stopped));
    }
}
