using System.Text;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Questions.Benchmarks;

/// <summary>Whatever a file holds, it is read or refused with its name: no other error comes out, and nothing grows without bound.</summary>
public sealed class HostileFileTests
{
    public static TheoryData<string, string?> Files => new()
    {
        { "medqa_us_5.jsonl", null }, { "medqa_mainland_5.jsonl", null }, { "jmed.jsonl", "jmed" }, { "medmcqa_dev.json", null }, { "medmcqa_hugging_face.jsonl", "medmcqa-0" }, { "medxpertqa.jsonl", null },
        { "cmb_val.json", null }, { "cmexam.csv", null }, { "cmmlu/nutrition.csv", null }, { "gpqa_main.csv", null }, { "Clinic_test.json", null }, { "hle.jsonl", null }, { "mmlu_pro_padded.jsonl", null },
        { "own.csv", null }, { "own.jsonl", null }, { "mmlu", "mmlu" }, { "medbullets", "medbullets" }, { "pubmedqa", "pubmedqa" }, { "careqa", "careqa" },
    };

    private static readonly Dictionary<string, string> Small = new(StringComparer.Ordinal)
    {
        ["mmlu"] = "Which is red?,blood,snow,sea,grass,A\n\"Which, is white?\",blood,snow,sea,grass,B\n",
        ["medbullets"] = """{"question":{"0":"Which is red?","1":"Which is white?"},"opa":{"0":"blood","1":"blood"},"opb":{"0":"snow","1":"snow"},"opc":{"0":"sea","1":null},"opd":{"0":"grass","1":null},"answer_idx":{"0":"A","1":"B"},"answer":{"0":"blood","1":"snow"}}""",
        ["pubmedqa"] = "{\n  \"1\": {\"QUESTION\": \"Is it so?\", \"CONTEXTS\": [\"It was seen.\"], \"YEAR\": \"2000\", \"final_decision\": \"yes\"},\n  \"2\": {\"QUESTION\": \"Is it not?\", \"CONTEXTS\": [\"It was \\u00e9.\"], \"final_decision\": \"no\"}\n}",
        ["careqa"] = """{"question": "Which is red?", "op1": "blood", "op2": "snow", "op3": "sea", "op4": "grass", "cop": 1.0, "year": 2024.0, "category": "Medicine", "unique_id": "u1"}""" + "\n" + """{"question": NaN, "op1": NaN, "cop": NaN, "unique_id": NaN}""",
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_with_bytes_changed_is_read_or_refused_with_its_name(string name, string? benchmark)
    {
        using var folder = new TempFolder();
        var good = Small.TryGetValue(name, out var small) ? Encoding.UTF8.GetBytes(small) : File.ReadAllBytes(Fixture.Path(name.Split('/')));
        var path = folder[Path.HasExtension(name) ? Path.GetFileName(name) : name == "mmlu" ? "x_test.csv" : "x.json"];
        File.WriteAllBytes(path, good);
        Assert.NotEmpty(QuestionFiles.Read(path, benchmark: benchmark, leftOut: []));
        string[] told = ["\"", "{", "}", "[", "]", ",", "\n", "\\", "\\ud800", "null", "1e999", "NaN", "\0", "A", ":", "{\"a\":{\"0\":1}}"];
        var pieces = Gen.OneOf(Gen.Byte.Select(b => new[] { b }), Gen.Int[0, told.Length - 1].Select(i => Encoding.UTF8.GetBytes(told[i])));
        Gen.Select(Gen.Int[0, good.Length], Gen.Int[0, 12], pieces).Array[1, 3].Sample(changes =>
        {
            var bytes = good.ToList();
            foreach (var (at, cut, piece) in changes)
            {
                var from = Math.Min(at, bytes.Count);
                bytes.RemoveRange(from, Math.Min(cut, bytes.Count - from));
                bytes.InsertRange(from, piece);
            }

            File.WriteAllBytes(path, [.. bytes]);
            try
            {
                foreach (var question in QuestionFiles.Read(path, benchmark: benchmark))
                {
                    Assert.InRange(question.Options.Count, 2, 26);
                    Assert.NotEmpty(question.Answers);
                    Assert.All(question.Answers, a => Assert.Contains(question.Options, o => o.Label == a));
                    Assert.False(string.IsNullOrWhiteSpace(question.Stem) || question.Options.Any(o => string.IsNullOrWhiteSpace(o.Text)));
                }
            }
            catch (QuestionFormatException e)
            {
                Assert.Contains(path, e.Message, StringComparison.Ordinal);
            }
        }, iter: 100, threads: 1);
    }

    [Theory]
    [InlineData("q.json", "[{\"question\":\"", "x", "longer than 4 MiB")]
    [InlineData("q.jsonl", "{\"question\":\"", "x", "longer than 4 MiB")]
    [InlineData("q.json", "{\n\"", "k", "does not end")]
    [InlineData("q.csv", "question,A,B,answer\n\"", "x", "not CSV")]
    [InlineData("q.csv", "question,A,B,answer\n", ",", "")]
    public void A_record_without_end_is_refused_before_it_fills_the_memory(string name, string start, string repeated, string says)
    {
        using var folder = new TempFolder();
        var path = folder.With(name, start + string.Concat(Enumerable.Repeat(repeated, 10 << 20)));
        var error = Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(path, benchmark: "plain").Count());
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Utf_16_broken_utf_8_and_folders_are_named_for_what_they_are()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.csv"], "question,A,B,answer\n", Encoding.Unicode);
        Assert.Contains("UTF-16", Refusal(folder["a.csv"]).Message, StringComparison.Ordinal);
        // One byte is lost in a Chinese text of UTF-8, which as GB18030 would be nonsense.
        var bytes = File.ReadAllBytes(Fixture.Path("cmexam.csv")).ToList();
        bytes.RemoveAt(bytes.IndexOf(0xE7));
        File.WriteAllBytes(folder["b.csv"], [.. bytes]);
        Assert.Contains("UTF-8", Refusal(folder["b.csv"]).Message, StringComparison.Ordinal);
        Assert.True(Refusal(folder["b.csv"]).Line > 0);
        Assert.Contains("folder", Refusal(folder.Root).Message, StringComparison.Ordinal);
        Assert.Contains("citrus data list", Refusal("no-such-benchmark").Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Refusal(folder["none.csv"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_question_file_is_told_what_would_be_one()
    {
        using var folder = new TempFolder();
        var error = Refusal(folder.With("x.jsonl", """{"prompt":"hello","reply":"there"}"""));
        Assert.Contains("prompt, reply", error.Message, StringComparison.Ordinal);
        Assert.Contains("medmcqa (question, opa to opd, cop, id)", error.Message, StringComparison.Ordinal);
        Assert.Empty(QuestionFiles.Read(folder.With("empty.jsonl", " \n")));
        Assert.Contains("there is no benchmark or form", Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder["x.jsonl"], benchmark: "medqqa")).Message, StringComparison.Ordinal);
    }

    private static QuestionFormatException Refusal(string path) => Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(path).Count());
}
