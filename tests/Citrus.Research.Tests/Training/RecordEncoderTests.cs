using Citrus.Research.Examples;
using Citrus.Research.Tokenization;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

public sealed class RecordEncoderTests
{
    private static readonly WordTokenizer Words = WordTokenizer.Of([.. "fever cough so flu cold first second ? and then ...".Split(' '), .. Enumerable.Range(0, 60).Select(i => $"w{i}")]);

    private static readonly StudentTokenizer ChatMl = BpeTrainer.Train(["fever cough so flu cold"], new BpeTrainerOptions { VocabularySize = 280 }).WithChatFormat(ChatFormat.Named("chatml"));

    private static Example Single(string user, string answer) => new() { Id = "one", Turns = [new("user", user), new("assistant", answer)] };

    private static readonly Example Long = new() { Id = "long", Turns = [new("system", "so"), new("user", "fever ?"), new("assistant", "flu"), new("user", "cough ?"), new("assistant", [new("first ", 0), new("cold", 2)])] };

    private static string Learned(StudentTokenizer tokenizer, TrainingSequence s) => tokenizer.Decode([.. s.Ids.Where((_, i) => s.Weights[i] > 0)]).Trim();

    [Fact]
    public void A_students_single_question_is_encoded_as_it_always_was()
    {
        var example = Single("fever cough ?", "<think> so flu </think> <answer> flu </answer>");
        var (now, then) = (new RecordEncoder(Words, new() { AnswerWeight = 4 }).Encode(example)!, TrainingEncoder.Encode(Words, example, 4));
        Assert.Equal(then.Ids, now.Ids);
        Assert.Equal(then.Weights, now.Weights);
    }

    [Fact]
    public void Every_answer_of_a_conversation_is_learned_or_the_last_alone()
    {
        Assert.Equal("flu <|end|> cold <|end|>", Learned(Words, new RecordEncoder(Words).Encode(Long)!));
        Assert.Equal("cold <|end|>", Learned(Words, new RecordEncoder(Words, new() { LastAnswerOnly = true }).Encode(Long)!));
        var chat = new RecordEncoder(ChatMl).Encode(Long)!;
        Assert.Equal("flu<|im_end|> cold<|im_end|>", Learned(ChatMl, chat)); // the space is a part of the word's token
        Assert.Equal("cold<|im_end|>", Learned(ChatMl, new RecordEncoder(ChatMl, new() { LastAnswerOnly = true }).Encode(Long)!));
        Assert.Equal("<|im_start|>system\nso<|im_end|>\n<|im_start|>user\nfever ?<|im_end|>\n<|im_start|>assistant\nflu<|im_end|>\n<|im_start|>user\ncough ?<|im_end|>\n<|im_start|>assistant\nfirst cold<|im_end|>\n", ChatMl.Decode(chat.Ids));
    }

    [Fact]
    public void A_segments_weight_and_that_of_the_answer_tags_are_kept_in_any_format()
    {
        var example = new Example { Id = "x", Turns = [new("user", "fever ?"), new("assistant", [new("<think>so</think><answer>", 0.5), new("flu", 2), new("</answer>")])] };
        var s = new RecordEncoder(ChatMl, new() { AnswerWeight = 4 }).Encode(example)!;
        string At(float weight) => ChatMl.Decode([.. s.Ids.Where((_, i) => s.Weights[i] == weight)]);
        Assert.Equal(("<think>so</think><answer>", "flu", "</answer><|im_end|>"), (At(0.5f), At(8), At(1)));
    }

    [Fact]
    public void A_prompt_loses_its_middle_and_never_its_question_or_the_answer()
    {
        var encoder = new RecordEncoder(Words, new() { MaxTokens = 40, Overlong = Overlong.CutPrompt }, "f.jsonl");
        var text = Words.Decode(encoder.Encode(Single(string.Join(' ', Enumerable.Range(0, 60).Select(i => $"w{i}")) + " first ?", "so flu"))!.Ids);
        Assert.StartsWith("<|user|> w0 w1 ", text, StringComparison.Ordinal);
        Assert.Contains(" ... ", text, StringComparison.Ordinal);
        Assert.EndsWith(" first ? <|assistant|> so flu <|end|>", text, StringComparison.Ordinal);
        Assert.InRange(encoder.Report.Longest, 35, 40);
        Assert.Equal((1, 1, 1), (encoder.Report.Records, encoder.Report.Kept, encoder.Report.PromptsCut));
        Assert.Contains("1 prompts lost their middle; e.g. one", encoder.Report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_loses_its_end_and_its_end_token()
    {
        var encoder = new RecordEncoder(Words, new() { MaxTokens = 12, Overlong = Overlong.CutAnswer });
        var s = encoder.Encode(Single("fever ?", string.Join(' ', Enumerable.Range(0, 14).Select(i => $"w{i}"))))!;
        Assert.Equal((12, "w0 w1 w2 w3 w4 w5 w6 w7"), (s.Ids.Length, Learned(Words, s)));
        Assert.Null(encoder.Encode(Single("fever ?", string.Join(' ', Enumerable.Range(0, 40).Select(i => $"w{i}")))));
        Assert.Equal((1, 1), (encoder.Report.AnswersCut, encoder.Report.Dropped.Single().Value));
    }

    [Fact]
    public void Long_records_are_refused_by_name_or_dropped_and_counted()
    {
        var example = Single(string.Join(' ', Enumerable.Range(0, 30).Select(i => $"w{i}")), "flu");
        Assert.Contains("f.jsonl, one: 34 tokens; at most 20", Assert.Throws<InvalidDataException>(() => new RecordEncoder(Words, new() { MaxTokens = 20 }, "f.jsonl").Encode(example)).Message);
        var encoder = new RecordEncoder(Words, new() { MaxTokens = 20, Overlong = Overlong.Drop });
        Assert.Empty(encoder.Encode([example]));
        Assert.Equal(("too long", 1), (encoder.Report.Dropped.Single().Key, encoder.Report.Dropped.Single().Value));
    }

    [Fact]
    public void A_record_with_nothing_to_learn_is_an_error_or_a_counted_skip()
    {
        var mute = new Example { Id = "mute", Turns = [new("user", "fever"), new("assistant", "flu"), new("user", "?"), new("assistant", [new("flu", 0)])] };
        Assert.Equal("flu <|end|> <|end|>", Learned(Words, new RecordEncoder(Words).Encode(mute)!));
        var options = new EncodingOptions { LastAnswerOnly = true };
        Assert.Contains("f.jsonl, mute: no token to learn", Assert.Throws<InvalidDataException>(() => new RecordEncoder(Words, options, "f.jsonl").Encode(mute)).Message);
        var skipping = new RecordEncoder(Words, options with { SkipUnlearnable = true });
        Assert.Null(skipping.Encode(mute));
        Assert.Equal("no token to learn", skipping.Report.Dropped.Single().Key);
    }

    [Fact]
    public void A_conversation_that_ends_with_a_question_is_refused() =>
        Assert.Contains("must be the assistant's", Assert.Throws<InvalidDataException>(() => new RecordEncoder(Words).Encode(new Example { Id = "x", Turns = [new("user", "fever")] })).Message);

    [Fact]
    public void Both_answers_of_a_pair_keep_the_same_prompt()
    {
        var pair = new Pair { Id = "p", Prompt = [new("system", "so"), new("user", string.Join(' ', Enumerable.Range(0, 50).Select(i => $"w{i}")))], Chosen = "flu", Rejected = "cold and then cold and then cold" };
        var encoder = new RecordEncoder(Words, new() { MaxTokens = 40, Overlong = Overlong.CutPrompt });
        var both = encoder.Encode(pair)!;
        Assert.Equal(("flu <|end|>", "cold and then cold and then cold <|end|>"), (Learned(Words, both.Chosen), Learned(Words, both.Rejected)));
        var shared = both.Chosen.Ids.AsSpan().CommonPrefixLength(both.Rejected.Ids);
        Assert.Equal(both.Chosen.Ids.Length - 2, shared);
        Assert.InRange(both.Rejected.Ids.Length, 36, 40);
        Assert.Contains("token for token", Assert.Throws<InvalidDataException>(() => encoder.Encode(pair with { Rejected = "flu" })).Message);
    }
}
