using System.Text;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Questions;

public sealed class ReaderTests
{
    private const string Good = """{"question": "A man ...?", "answer": "Flu", "options": {"A": "Gout", "B": "Flu", "C": "Cold", "D": "Asthma"}, "meta_info": "step1", "answer_idx": "B"}""";

    [Fact]
    public void A_medqa_line_becomes_a_question()
    {
        using var folder = new TempFolder();
        var question = Assert.Single(MedQaReader.Read(folder.With("q.jsonl", "\n" + Good + "\r\n\n"), "test"));
        Assert.Equal(("medqa-test-00002", "A man ...?", "B", "Flu", "medqa-us-4", "test", "step1"),
            (question.Id, question.Stem, question.Answer, question.AnswerText, question.Benchmark, question.Split, question.Tags["step"]));
        Assert.Equal(["A", "B", "C", "D"], question.Options.Select(o => o.Label));
    }

    [Fact]
    public void The_number_of_options_names_the_benchmark()
    {
        using var folder = new TempFolder();
        Assert.Equal("medqa-us-5", MedQaReader.Read(folder.With("q.jsonl", Good.Replace("\"D\": \"Asthma\"", "\"D\": \"Asthma\", \"E\": \"Croup\""))).Single().Benchmark);
    }

    [Fact]
    public void A_byte_order_mark_is_tolerated()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["q.jsonl"], Good, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Single(MedQaReader.Read(folder["q.jsonl"]));
    }

    [Theory]
    [InlineData("\"answer_idx\": \"B\"", "\"answer_idx\": \"E\"", "answer_idx", "E is no option; the options are A, B, C, D")]
    [InlineData("\"answer_idx\": \"B\"", "\"answer_idx\": 2", "answer_idx", "a text is needed, not a number")]
    [InlineData("\"answer\": \"Flu\"", "\"answer\": \"Gout\"", "answer", "not the text of option B")]
    [InlineData("\"question\": \"A man ...?\"", "\"question\": \" \"", "question", "not blank")]
    [InlineData("\"C\": \"Cold\"", "\"C\": 3", "options", "option C must be a text")]
    [InlineData("\"C\": \"Cold\"", "\"A\": \"Cold\"", "", "'A'")]
    [InlineData("\"options\"", "\"choices\"", "options", "an object is needed")]
    [InlineData("\"step1\", ", "\"step1\" ", "", "not JSON")]
    public void A_broken_line_is_named_with_what_would_be_right(string part, string instead, string field, string message)
    {
        using var folder = new TempFolder();
        var path = folder.With("q.jsonl", Good + "\n" + Good.Replace(part, instead) + "\n");
        var error = Assert.Throws<QuestionFormatException>(() => MedQaReader.Read(path).Count());
        Assert.Equal((path, 2, field), (error.File, error.Line, error.Field));
        Assert.Contains(message, error.Message);
        Assert.Contains("line 2", error.Message);
    }

    [Fact]
    public void An_endless_line_and_bytes_that_are_no_text_are_refused()
    {
        using var folder = new TempFolder();
        Assert.Contains("MiB", Assert.Throws<QuestionFormatException>(() => MedQaReader.Read(folder.With("q.jsonl", new string('x', QuestionLine.MaximumBytes + 1))).Count()).Message);
        File.WriteAllBytes(folder["b.jsonl"], [.. "{\"question\":\""u8, 0xFF, .. "\"}"u8]);
        Assert.Contains("UTF-8", Assert.Throws<QuestionFormatException>(() => MedQaReader.Read(folder["b.jsonl"]).Count()).Message);
        Assert.Contains("no such file", Assert.Throws<QuestionFormatException>(() => MedQaReader.Read(folder["absent.jsonl"]).Count()).Message);
    }

    [Fact]
    public void Our_own_lines_come_back_as_they_were_and_byte_for_byte()
    {
        using var folder = new TempFolder();
        var text = Gen.String[Gen.Char["ab <>\"\\é日\n\t"], 1, 12].Where(t => !string.IsNullOrWhiteSpace(t));
        Gen.Select(text, text.Array[2, 6], Gen.Int[0, 1], text, Gen.Dictionary(text, Gen.String[Gen.Char["ab \""], 0, 5])[0, 3]).Array[0, 20].Sample(items =>
        {
            var questions = items.Select((x, i) => new Question
            {
                Id = $"q{i}",
                Stem = x.Item1,
                Options = Some.Options(x.Item2),
                Answers = x.Item3 == 0 ? ["A"] : ["B", "A"],
                Kind = x.Item4,
                Split = i % 2 == 0 ? "test" : "",
                Tags = x.Item5,
            }).ToList();
            var path = folder[$"{Guid.NewGuid()}.jsonl"];
            UnifiedQuestions.Write(path, questions);
            var read = UnifiedQuestions.Read(path).ToList();
            UnifiedQuestions.Write(path + "2", read);
            return File.ReadAllBytes(path).SequenceEqual(File.ReadAllBytes(path + "2"))
                && read.Zip(questions).All(p => p.First.Stem == p.Second.Stem && p.First.Options.SequenceEqual(p.Second.Options)
                    && p.First.Answers.SequenceEqual(p.Second.Answers) && p.First.Kind == p.Second.Kind && p.First.Tags.Count == p.Second.Tags.Count);
        }, iter: 100);
    }

    [Theory]
    [InlineData("""{"id":"a","stem":"s","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answer":"A"}""", "answer", "unknown field")]
    [InlineData("""{"id":"a","stem":"s","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answers":[]}""", "answers", "at least one")]
    [InlineData("""{"id":"a","stem":"s","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answers":["C"]}""", "answers", "C is no option")]
    [InlineData("""{"id":"a","stem":"s","options":[{"label":"A","text":"x"}],"answers":["A"]}""", "options", "2 to 26")]
    [InlineData("""{"id":"a","stem":"s","options":[{"label":"A"},{"label":"B","text":"y"}],"answers":["A"]}""", "options", "option 1 needs a text text")]
    [InlineData("""{"stem":"s","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answers":["A"]}""", "id", "not blank")]
    [InlineData("[1]", "", "a JSON object is needed, not a list")]
    public void A_broken_line_of_ours_is_named_too(string json, string field, string message)
    {
        var error = Assert.Throws<QuestionFormatException>(() => UnifiedQuestions.FromJson(json));
        Assert.Equal(field, error.Field);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void An_id_comes_once()
    {
        using var folder = new TempFolder();
        var line = UnifiedQuestions.ToJson(Some.Question());
        Assert.Contains("already in line 1", Assert.Throws<QuestionFormatException>(() => UnifiedQuestions.Read(folder.With("q.jsonl", line + "\n" + line)).Count()).Message);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        using var folder = new TempFolder();
        UnifiedQuestions.Write(folder["q.jsonl"], [Some.Question()]);
        IEnumerable<Question> Failing()
        {
            yield return Some.Question("q2");
            throw new InvalidOperationException("no more");
        }

        Assert.Throws<InvalidOperationException>(() => UnifiedQuestions.Write(folder["q.jsonl"], Failing()));
        Assert.Equal(["q1"], UnifiedQuestions.Read(folder["q.jsonl"]).Select(q => q.Id));
        Assert.Equal(["q.jsonl"], Directory.GetFiles(folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void The_real_medqa_test_file_has_1273_questions_of_four_options()
    {
        var questions = MedQaReader.Read(RealData.File("citrus_repo", "datas", "download_files", "medqa", "phrases_no_exclude_test.jsonl"), "test").ToList();
        Assert.Equal(1273, questions.Count);
        Assert.All(questions, q => Assert.Equal(4, q.Options.Count));
        Assert.Equal(1273, questions.Select(q => q.Id).Distinct().Count());
    }
}
