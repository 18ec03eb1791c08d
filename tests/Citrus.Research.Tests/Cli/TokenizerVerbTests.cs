using Citrus.Research.Tests.Tokenization;

namespace Citrus.Research.Tests.Cli;

public sealed class TokenizerVerbTests
{
    [Fact]
    public void A_trained_tokenizer_passes_its_check_and_equals_itself()
    {
        using var folder = new TempFolder();
        var text = folder.With("notes.txt", string.Join("\n\n", Corpus.Texts.Select(t => t.Replace("\n\n", " "))));
        var lines = folder.With("notes.jsonl", string.Concat(Corpus.Texts.Select(t => $"{{\"answer\": {System.Text.Json.JsonSerializer.Serialize(t)}}}\n")));
        var trained = CitrusProcess.Run("tokenizer", "train", "--data", text, lines, "--field", "answer", "--vocabulary", "320", "--out", folder["made"]);
        Assert.True(trained.Exit == 0, trained.Error);
        Assert.Equal((320, 12), ((int)trained.Line["vocabulary"]!, (int)trained.Line["texts"]!));

        var check = CitrusProcess.Run("tokenizer", "check", "--tokenizer", folder["made"], "--text", lines, "--field", "answer", "--against", folder["made"]);
        Assert.True(check.Exit == 0, check.Error);
        Assert.Equal(("student", true, 0), ((string)check.Line["chat"]!, (bool)check.Line["equal"]!, (int)check.Line["changed"]!));
        Assert.True((double)check.Line["bytesPerToken"]! > 1);
        Assert.Contains("ok     bytes", check.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokenizers_that_differ_are_shown_where_and_the_exit_code_says_so()
    {
        var vectors = Path.Combine(AppContext.BaseDirectory, "Tokenization", "vectors");
        var check = CitrusProcess.Run("tokenizer", "check", "--tokenizer", Path.Combine(vectors, "byte-level"), "--against", Path.Combine(vectors, "word"));
        Assert.Equal(1, check.Exit);
        Assert.Contains("ids differ", check.Error, StringComparison.Ordinal);
        Assert.Contains("    there  ", check.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data", "absent.txt", "no such file")]
    [InlineData("--data", "other.jsonl", "no such field; here are body")]
    [InlineData("--vocabulary", "264", "265 or more")]
    public void What_cannot_be_trained_on_is_named(string option, string value, string says)
    {
        using var folder = new TempFolder();
        folder.With("other.jsonl", "{\"body\": \"x\"}\n");
        var data = option == "--data" ? folder[value] : folder["other.jsonl"];
        var trained = CitrusProcess.Run("tokenizer", "train", "--data", data, "--vocabulary", option == "--vocabulary" ? value : "300", "--out", folder["made"]);
        Assert.Equal(1, trained.Exit);
        Assert.Contains(says, trained.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["made"]));
    }
}
