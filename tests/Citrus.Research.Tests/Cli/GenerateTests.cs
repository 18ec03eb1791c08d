using System.Text.Json.Nodes;
using Citrus.Research.Cli;
using Citrus.Research.Models;
using Citrus.Research.Tests.Models;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Cli;

public sealed class GenerateTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _model;

    public GenerateTests()
    {
        _model = Path.Combine(_folder.Root, "student");
        var tokenizer = WordTokenizer.Of(["has", "cough", "fever", "ask", "?", "flu", "cold", "A", "B"]);
        using var student = new Student(new Decoder(Tiny.Config with { VocabularySize = tokenizer.VocabularySize }, 2, new DecoderInitialisation { Head = 0.5, FeedForwardOut = 1 }), tokenizer);
        student.Save(_model);
    }

    [Fact]
    public void A_file_of_prompts_is_answered_and_goes_on_where_it_stopped()
    {
        var (prompts, output) = (Path.Combine(_folder.Root, "prompts.jsonl"), Path.Combine(_folder.Root, "answers.jsonl"));
        File.WriteAllLines(prompts, ["""{"id": "a", "prompt": "has cough ask ?"}""", """{"id": 7, "messages": [{"role": "user", "content": "has fever"}]}""", """{"prompt": "flu A cold B"}"""]);
        string[] command = ["generate", "--model", _model, "--prompts", prompts, "--out", output, "--temperature", "0.9", "--top-k", "8", "--max-tokens", "6"];
        var whole = CitrusProcess.Run(command);
        Assert.True(whole.Exit == 0, whole.Error);
        Assert.Equal(3, (int)whole.Line["written"]!);
        Assert.True((double)whole.Line["tokensPerSecond"]! > 0);
        var answers = Lines(output);
        Assert.Equal(["3", "7", "a"], answers.Keys.Order(StringComparer.Ordinal));

        // Killed in the middle of the second line: the first is kept, the others come out as they were.
        var lines = File.ReadAllText(output);
        File.WriteAllText(output, lines[..(lines.IndexOf('\n') + 20)]);
        var rest = CitrusProcess.Run(command);
        Assert.True(rest.Exit == 0, rest.Error);
        Assert.Equal(2, (int)rest.Line["written"]!);
        Assert.Equal(answers, Lines(output));

        var other = CitrusProcess.Run([.. command, "--seed", "1"]);
        Assert.NotEqual(0, other.Exit);
        Assert.Contains("other settings", other.Error);
    }

    [Fact]
    public void What_cannot_be_meant_is_told_with_its_line()
    {
        string Refused(params string[] lines)
        {
            var path = Path.Combine(_folder.Root, "bad.jsonl");
            File.WriteAllLines(path, lines);
            return Assert.Throws<InvalidDataException>(() => PromptFile.Read(path, null)).Message;
        }

        Assert.Contains("line 2: this is no JSON", Refused("""{"prompt": "x"}""", "{"));
        Assert.Contains("line 1: either 'prompt'", Refused("""{"id": "x"}"""));
        Assert.Contains("is that of line 1 too", Refused("""{"id": "x", "prompt": "a"}""", """{"id": "x", "prompt": "b"}"""));
        Assert.Contains("role of message 1", Refused("""{"messages": [{"role": 1, "content": "a"}]}"""));
        Assert.Contains("holds no prompt", Refused(""));
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> Lines(string path) =>
        File.ReadLines(path).Select(l => JsonNode.Parse(l)!).ToDictionary(l => (string)l["id"]!, l => (string)l["text"]!, StringComparer.Ordinal);
}
