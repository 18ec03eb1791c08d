using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

public sealed class CitrusUnifiedReaderTests
{
    private const string Good = """{"exam_name": "quiz", "id": "00007", "Q": "Which?\n", "A": "B", "C": null, "OP": [{"op_idx": "A", "op_value": "Gout", "op_text": "A. Gout"}, {"op_idx": "B", "op_value": "Flu", "op_text": "B. Flu"}, {"op_idx": "C", "op_value": "Cold", "op_text": "C. Cold"}]}""";

    [Fact]
    public void A_line_becomes_a_question_named_after_its_exam()
    {
        var question = One(Good);
        Assert.Equal(("quiz-00007", "quiz", "Which?", "B", "Flu"), (question.Id, question.Benchmark, question.Stem, question.Answer, question.AnswerText));
        Assert.Null(question.OpenStem);
        Assert.Empty(question.Tags);
    }

    [Fact]
    public void Labels_of_a_labelled_file_are_kept()
    {
        var question = One(Good.Replace("\"C\": null", "\"C\": null, \"Q_open\": \"What is it?\", \"complexity\": \"hard\", \"line_status\": \"done\""));
        Assert.Equal(("What is it?", "hard"), (question.OpenStem, question.Tags["difficulty"]));
    }

    [Fact]
    public void Several_letters_are_several_right_options() =>
        Assert.Equal(["A", "C"], One(Good.Replace("\"A\": \"B\"", "\"A\": \"AC\"")).Answers);

    [Fact]
    public void A_context_stands_before_the_question_and_its_conclusion_stays_out()
    {
        var question = One(Good.Replace("\"C\": null", """ "C": {"CONTEXTS": ["First.", "Second."], "LONG_ANSWER": "So it is flu.", "final_decision": "yes"} """));
        Assert.Equal("First.\n\nSecond.\n\nWhich?", question.Stem);
    }

    [Theory]
    [InlineData("\"A\": \"B\"", "\"A\": \"D\"", "A", "D is no option; the options are A, B, C")]
    [InlineData("\"A\": \"B\"", "\"A\": \"BB\"", "A", "B is there twice")]
    [InlineData("\"op_idx\": \"C\"", "\"op_idx\": \"B\"", "OP", "label B is there twice")]
    [InlineData("\"op_value\": \"Cold\", ", "", "OP", "option 3 needs a text op_value")]
    [InlineData("\"C\": null", "\"C\": 5", "C", "not a number")]
    [InlineData("\"C\": null", "\"C\": {\"LABELS\": []}", "C", "CONTEXTS")]
    [InlineData("\"C\": null", "\"complexity\": \"so so\"", "complexity", "easy, hard, unknown")]
    public void A_broken_line_is_named_with_what_would_be_right(string part, string instead, string field, string message)
    {
        using var folder = new TempFolder();
        var path = folder.With("q.jsonl", Good.Replace("00007", "1") + "\n" + Good.Replace(part, instead) + "\n");
        var error = Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(path).Count());
        Assert.Equal((path, 2, field), (error.File, error.Line, error.Field));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_comes_once()
    {
        using var folder = new TempFolder();
        Assert.Contains("already in line 1", Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder.With("q.jsonl", Good + "\n" + Good)).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_labelled_sample_is_read_with_its_difficulties()
    {
        // Counted independently, with Python's json: 50 lines, 39 easy, 11 hard, none unknown.
        var questions = QuestionFiles.Read(RealData.File("citrus_repo", "datas", "origin_files", "origin_files_w_data_label", "medqa_train_small.jsonl")).ToList();
        Assert.Equal((50, 39, 11), (questions.Count, questions.Count(q => q.Tags["difficulty"] == "easy"), questions.Count(q => q.Tags["difficulty"] == "hard")));
        Assert.All(questions, q => Assert.NotNull(q.OpenStem));
    }

    [Theory]
    // Counted independently, with Python's json.
    [InlineData("medqa", 1273)]
    [InlineData("medbullets_op5", 308)]
    [InlineData("mmlu-pro_health", 818)]
    [InlineData("mmlu-professional_medicine", 272)]
    [InlineData("pubmedqa", 1000)]
    public void The_unified_files_are_read_whole(string exam, int count)
    {
        var questions = QuestionFiles.Read(RealData.File("citrus_repo", "datas", "origin_files", "origin_files", exam + ".jsonl")).ToList();
        Assert.Equal(count, questions.Count);
        Assert.All(questions, q => Assert.Equal(exam, q.Benchmark));
    }

    [Fact]
    public void The_unified_jmed_file_has_lost_its_options_and_says_where_they_are()
    {
        var path = RealData.File("citrus_repo", "datas", "origin_files", "origin_files", "jmed.jsonl");
        var error = Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(path).Count());
        Assert.Equal((path, 1, "OP"), (error.File, error.Line, error.Field));
        Assert.Contains(".xlsx", error.Message, StringComparison.Ordinal);
    }

    private static Question One(string line)
    {
        using var folder = new TempFolder();
        return Assert.Single(QuestionFiles.Read(folder.With("q.jsonl", line)));
    }
}
