using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Examples;

public sealed class TrainingFilesTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}""", TrainingFileFormat.Messages)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","value":"q"}],"loss_weight":0.0},{"role":"assistant","content":[{"type":"text","text":"a"}],"loss_weight":1.0}]}""", TrainingFileFormat.Messages)]
    [InlineData("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"label":true}""", TrainingFileFormat.LabelledMessages)]
    [InlineData("""{"id":7,"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]}""", TrainingFileFormat.Conversations)]
    [InlineData("""{"instruction":"q","input":"","output":"a"}""", TrainingFileFormat.Instruction)]
    [InlineData("""{"input":"q","target":"a"}""", TrainingFileFormat.InputTarget)]
    [InlineData("""{"prompt":"q","completion":"a"}""", TrainingFileFormat.PromptCompletion)]
    [InlineData("""{"question":"q","answer":"a"}""", TrainingFileFormat.QuestionAnswer)]
    public void Examples_of_every_layout_say_the_same(string record, TrainingFileFormat format)
    {
        using var folder = new TempFolder();
        foreach (var file in new[] { folder.With("lines.jsonl", record + "\n" + record), folder.With("array.json", $"[{record},{record}]") })
        {
            Assert.Equal(format, TrainingFiles.FormatOf(file));
            Assert.All(TrainingFiles.ReadExamples(file).ToList(), e => Assert.Equal([("user", "q"), ("assistant", "a")], e.Turns.Select(t => (t.Role, t.Text))));
            Assert.Equal(2, TrainingFiles.ReadExamples(file).Count());
        }
    }

    [Theory]
    [InlineData("""{"prompt":"q","chosen":"a","rejected":"b"}""", TrainingFileFormat.Pairs)]
    [InlineData("""{"prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":"a"}],"rejected":[{"role":"assistant","content":"b"}]}""", TrainingFileFormat.Pairs)]
    [InlineData("""{"chosen":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"rejected":[{"role":"user","content":"q"},{"role":"assistant","content":"b"}]}""", TrainingFileFormat.ConversationPairs)]
    [InlineData("""{"prompt":"q","chosen":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"rejected":[{"role":"user","content":"q"},{"role":"assistant","content":"b"}]}""", TrainingFileFormat.ConversationPairs)]
    [InlineData("""{"chosen_messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"rejected_messages":[{"role":"user","content":"q"},{"role":"assistant","content":"b"}]}""", TrainingFileFormat.ConversationPairs)]
    [InlineData("""{"conversations":[{"from":"human","value":"q"}],"chosen":{"from":"gpt","value":"a"},"rejected":{"from":"gpt","value":"b"}}""", TrainingFileFormat.ShareGptPairs)]
    [InlineData("""{"instruction":"q","chosen":"a","rejected":"b"}""", TrainingFileFormat.InstructionPairs)]
    public void Pairs_of_every_layout_say_the_same(string record, TrainingFileFormat format)
    {
        using var folder = new TempFolder();
        var file = folder.With("pairs.jsonl", record);
        Assert.Equal(format, TrainingFiles.FormatOf(file));
        var pair = Assert.Single(TrainingFiles.ReadPairs(file));
        Assert.Equal(("q", "a", "b"), (Assert.Single(pair.Prompt).Text, pair.Chosen, pair.Rejected));
        Assert.Contains("preference pairs", Assert.Throws<QuestionFormatException>(() => TrainingFiles.ReadExamples(file)).Message);
    }

    [Fact]
    public void Labelled_answers_pair_up_where_a_prompt_has_both_kinds()
    {
        using var folder = new TempFolder();
        string Answer(string prompt, string text, bool good) => $$"""{"messages":[{"role":"user","content":"{{prompt}}"},{"role":"assistant","content":"{{text}}"}],"label":{{(good ? "true" : "false")}}}""";
        var file = folder.With("kto.jsonl", string.Join('\n', Answer("q", "a", true), Answer("other", "x", false), Answer("q", "b", false), Answer("q", "c", false)));
        var pair = Assert.Single(TrainingFiles.ReadPairs(file));
        Assert.Equal(("q", "a", "b"), (pair.Prompt[0].Text, pair.Chosen, pair.Rejected));
        Assert.Equal("a", Assert.Single(TrainingFiles.ReadExamples(file)).Turns[^1].Text);
        var alone = folder.With("alone.jsonl", Answer("q", "a", true));
        Assert.Contains("no prompt has both", Assert.Throws<QuestionFormatException>(() => TrainingFiles.ReadPairs(alone).ToList()).Message);
    }

    [Theory]
    [InlineData("", "no record to learn from")]
    [InlineData("{\"text\":\"t\"}", "continued pre-training")]
    [InlineData("{\"question\":\"q\",\"options\":{},\"answer\":\"a\"}", "exam questions")]
    [InlineData("{\"foo\":1,\"bar\":2}", "Here are foo, bar")]
    [InlineData("{\"instruction\":\"q\",\"input\":\"\",\"output\":\"a\"}\n{\"instruction\":\"q\",\"input\":\"\",\"output\":7}", "line 2, field output")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}]}", "field messages[0].content[0]")]
    [InlineData("{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "tool is none of")]
    public void What_cannot_be_read_is_named(string text, string message)
    {
        using var folder = new TempFolder();
        var file = folder.With("x.jsonl", text);
        var error = Assert.Throws<QuestionFormatException>(() => TrainingFiles.ReadExamples(file).ToList());
        Assert.Contains(message, error.Message);
        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"chosen":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"b"}]}""", "one prompt twice")]
    [InlineData("""{"instruction":"q","chosen":"a","rejected":"a"}""", "the same as chosen")]
    [InlineData("""{"instruction":"q","input":"","output":"a"}""", "one answer each")]
    public void What_is_no_pair_is_named(string text, string message)
    {
        using var folder = new TempFolder();
        var file = folder.With("x.jsonl", text);
        Assert.Contains(message, Assert.Throws<QuestionFormatException>(() => TrainingFiles.ReadPairs(file).ToList()).Message);
    }

    /// <summary>Counts: the files' SOURCE.md.</summary>
    [Theory]
    [InlineData("sft_preference_samples/huatuogpt_o1_demo_data.json", TrainingFileFormat.QuestionThoughtResponse, 198)]
    [InlineData("sft_preference_samples/llamafactory/alpaca_en_demo.json", TrainingFileFormat.Instruction, 999)]
    [InlineData("sft_preference_samples/llamafactory/v1_sft_demo.jsonl", TrainingFileFormat.Messages, 500)]
    [InlineData("sft_preference_samples/llamafactory/kto_en_demo.json", TrainingFileFormat.LabelledMessages, 150)]
    [InlineData("sft_preference_samples/medicalgpt/medical_sft_1K_format.jsonl", TrainingFileFormat.Conversations, 1000)]
    [InlineData("citrus_repo/model_train/example_data_for_train/sft_data.jsonl", TrainingFileFormat.InputTarget, 1)]
    [InlineData("medquad_corpus/medquad_ninds_nhlbi_cdc.jsonl", TrainingFileFormat.QuestionAnswer, 1912)]
    [InlineData("sft_preference_samples/llamafactory/dpo_en_demo.json", TrainingFileFormat.ShareGptPairs, 300)]
    [InlineData("sft_preference_samples/llamafactory/v1_dpo_demo.jsonl", TrainingFileFormat.ConversationPairs, 10)]
    [InlineData("citrus_repo/model_train/example_data_for_train/dpo_data.jsonl", TrainingFileFormat.ConversationPairs, 1)]
    public void Files_in_the_wild_are_read(string path, TrainingFileFormat format, int count)
    {
        var file = RealData.File(path.Split('/'));
        Assert.Equal(format, TrainingFiles.FormatOf(file));
        if (format >= TrainingFileFormat.Pairs) Assert.Equal(count, TrainingFiles.ReadPairs(file).Count());
        else Assert.Equal(count, TrainingFiles.ReadExamples(file).Count());
    }
}
