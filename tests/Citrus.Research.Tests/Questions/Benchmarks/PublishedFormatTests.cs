using System.Text;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions.Benchmarks;

/// <summary>Each published format is known by its first record and read as it is meant.</summary>
public sealed class PublishedFormatTests
{
    private readonly List<QuestionFormatException> _left = [];

    [Fact]
    public void Medqa_of_five_options_mainland_and_taiwan_are_told_apart()
    {
        Assert.Equal(["medqa-us-5", "medqa-us-5"], Fixture.Read("medqa_us_5.jsonl").Select(q => q.Benchmark));
        var mainland = Assert.Single(Fixture.Read("medqa_mainland_5.jsonl"));
        Assert.Equal(("medqa-mainland-5", "60～100次/分", "第一部分　基础知识"), (mainland.Benchmark, mainland.AnswerText, mainland.Tags["step"]));
        Assert.Equal("medqa-taiwan-4", Assert.Single(Fixture.Read("medqa_taiwan_4.jsonl")).Benchmark);
    }

    [Fact]
    public void Jmed_as_json_lines_keeps_its_21_options_and_several_answers()
    {
        var question = Assert.Single(QuestionFiles.Read(Fixture.Path("jmed.jsonl"), benchmark: "jmed"));
        Assert.Equal(("jmed", 21, "A T"), (question.Benchmark, question.Options.Count, string.Join(' ', question.Answers)));
    }

    [Fact]
    public void Medmcqa_is_numbered_from_one_by_its_authors_and_from_zero_on_hugging_face()
    {
        var authors = Fixture.Read("medmcqa_dev.json");
        var copies = Fixture.Read("medmcqa_hugging_face.jsonl");
        Assert.Equal(["Liver", "Ulna"], authors.Select(q => q.AnswerText));
        Assert.Equal(authors.Select(q => (q.Id, q.AnswerText)), copies.Select(q => (q.Id, q.AnswerText)));
        Assert.Equal("Physiology", authors[0].Tags["subject"]);
    }

    [Fact]
    public void Medmcqa_that_could_be_numbered_either_way_is_not_guessed()
    {
        using var folder = new TempFolder();
        var path = folder.With("m.jsonl", File.ReadLines(Fixture.Path("medmcqa_dev.json")).Last());
        Assert.Contains("--benchmark medmcqa-1", Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(path).Count()).Message, StringComparison.Ordinal);
        Assert.Equal("Ulna", QuestionFiles.Read(path, benchmark: "medmcqa-1").Single().AnswerText);
        Assert.Equal("Femur", QuestionFiles.Read(path, benchmark: "medmcqa-0").Single().AnswerText);
    }

    [Fact]
    public void Medmcqa_questions_published_without_an_answer_are_left_out_and_told()
    {
        Assert.Empty(Fixture.Read("medmcqa_test.json", _left));
        Assert.Equal(("cop", 1), (_left.Single().Field, _left.Single().Line));
    }

    [Fact]
    public void Medxpertqa_does_not_ask_its_options_twice()
    {
        var question = Assert.Single(Fixture.Read("medxpertqa.jsonl", _left));
        Assert.Equal(("medxpertqa-Text-0", 10, "Calcaneus"), (question.Id, question.Options.Count, question.AnswerText));
        Assert.EndsWith("Which bone of the foot is the heel?", question.Stem, StringComparison.Ordinal);
        Assert.Equal("images", Assert.Single(_left).Field);
    }

    [Fact]
    public void Cmb_takes_padding_for_no_option_and_knows_several_answers()
    {
        var questions = Fixture.Read("cmb_val.json");
        Assert.Equal("A 30℃ | B 33℃ | C 37℃ | D 41℃", questions[0].Listed());
        Assert.Equal(["A", "B", "D"], questions[1].Answers);
        Assert.Equal("护士执业资格考试", questions[1].Tags["exam_class"]);
    }

    [Fact]
    public void Cmb_test_questions_find_their_answers_beside_them()
    {
        var question = Assert.Single(Fixture.Read("cmb-test/CMB-test-choice-question-merge.json", _left));
        Assert.Equal(("cmb-1", "两个"), (question.Id, question.AnswerText));
        Assert.Equal(("answer", 3), (_left.Single().Field, _left.Single().Line));
    }

    [Theory]
    [InlineData("UTF-8", false, "\n")]
    [InlineData("UTF-8", true, "\r\n")]
    [InlineData("GB18030", false, "\r\n")]
    public void Cmexam_is_read_in_either_encoding(string encoding, bool mark, string lineEnd)
    {
        using var folder = new TempFolder();
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? new UTF8Encoding(mark);
        File.WriteAllText(folder["cmexam.csv"], File.ReadAllText(Fixture.Path("cmexam.csv")).ReplaceLineEndings(lineEnd), bytes);
        var questions = QuestionFiles.Read(folder["cmexam.csv"], leftOut: _left).ToList();
        Assert.Equal(["C", "AC"], questions.Select(q => string.Concat(q.Answers)));
        Assert.Equal("A 白米饭 | B 猪油 | C 鲜枣 | D 白糖 | E 食盐", questions[0].Listed());
        Assert.Equal(("cmexam-00001", "营养科"), (questions[0].Id, questions[0].Tags["clinical-department"]));
        Assert.Equal("Answer", Assert.Single(_left).Field);
    }

    [Fact]
    public void Cmmlu_names_its_subject_after_the_file()
    {
        var questions = Fixture.Read("cmmlu/nutrition.csv");
        Assert.Equal(["早餐", "西瓜"], questions.Select(q => q.AnswerText));
        Assert.Equal("cmmlu-nutrition-00002", questions[1].Id);
    }

    [Fact]
    public void Gpqa_does_not_put_the_right_option_first_and_shuffles_the_same_way_each_time()
    {
        var questions = Fixture.Read("gpqa_main.csv");
        Assert.Equal(["A blue whale", "Carbon dioxide"], questions.Select(q => q.AnswerText));
        Assert.Equal(("gpqa-recAAA", "gpqa-main", "Molecular Biology"), (questions[0].Id, questions[0].Benchmark, questions[0].Tags["subdomain"]));
        Assert.Equal(questions.Select(Fixture.Listed), Fixture.Read("gpqa_main.csv").Select(Fixture.Listed));
        using var folder = new TempFolder();
        var header = File.ReadLines(Fixture.Path("gpqa_main.csv")).First();
        var many = folder.With("gpqa_many.csv", header + "\n" + string.Join('\n', Enumerable.Range(0, 60).Select(i => $",Which?,right,w1,w2,w3,,Genetics,rec{i},Biology")));
        Assert.Equal(["A", "B", "C", "D"], QuestionFiles.Read(many).Select(q => q.Answer).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Mlec_qa_leaves_out_what_needs_an_image_and_says_so()
    {
        var question = Assert.Single(Fixture.Read("Clinic_test.json", _left));
        Assert.Equal(("mlec-qa-clinic-test-1", "test", "成人正常的肋骨有几对", "12对"), (question.Id, question.Split, question.Stem, question.AnswerText));
        Assert.Equal(("qimage", 3), (_left.Single().Field, _left.Single().Line));
    }

    [Fact]
    public void Hle_gives_its_medical_multiple_choice_texts_with_options_cut_from_the_question()
    {
        var question = Assert.Single(Fixture.Read("hle.jsonl", _left));
        Assert.Equal("A The lens grew stiff | B The ear grew | C Two things:\n   the nose and the chin | D Nothing", question.Listed());
        Assert.Equal("A man reads a letter held far away and not near.\nWhich of these changed with his age?", question.Stem);
        Assert.Equal(["answer_type", "category", "image"], _left.Select(l => l.Field));
    }

    [Fact]
    public void Mmlu_pro_knows_padding_from_an_option_that_says_not_applicable()
    {
        var questions = Fixture.Read("mmlu_pro_padded.jsonl");
        Assert.Equal("A stone | B N/A | C pear", questions[0].Listed());
        Assert.Equal(["mmlu-pro-health", "mmlu-pro-computer-science"], questions.Select(q => q.Benchmark));
        Assert.Single(QuestionFiles.Read(Fixture.Path("mmlu_pro_padded.jsonl"), benchmark: "mmlu-pro-health", leftOut: _left));
        Assert.Contains("computer science is not health", _left.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ones_own_table_and_lines_need_question_options_and_answer()
    {
        var table = Fixture.Read("own.csv");
        Assert.Equal(["own-q1", "own-q2"], table.Select(q => q.Id));
        Assert.Equal("A coffee | B milk", table[0].Listed());
        Assert.Equal(["A", "C"], table[1].Answers);
        Assert.Equal(("nutrition", "1"), (table[0].Tags["department"], table[0].Tags["difficulty"]));
        var lines = Fixture.Read("own.jsonl");
        Assert.Equal("A coffee | B milk | C water", lines[0].Listed());
        Assert.Equal(("A", "2024", "own-limbs"), (lines[0].Answer, lines[0].Tags["year"], lines[1].Id));
    }

    [Theory]
    [InlineData("own.csv", "A,nutrition", "D,nutrition", 2, "answer")]
    [InlineData("own.csv", "coffee,milk", ",milk", 2, "A")]
    [InlineData("cmmlu/nutrition.csv", "夜宵,A", "夜宵,E", 2, "Answer")]
    [InlineData("cmmlu/nutrition.csv", "夜宵,A", "夜宵,A,B", 2, "")]
    [InlineData("cmexam.csv", "B 猪油", "猪油", 2, "Options")]
    [InlineData("gpqa_main.csv", "A mouse", "A blue whale", 2, "Correct Answer")]
    [InlineData("gpqa_main.csv", "recBBB", "recAAA", 3, "Record ID")]
    [InlineData("cmb_val.json", "\"ABD\"", "\"ABF\"", 12, "answer")]
    [InlineData("Clinic_test.json", "\"answer\": \"C\"", "\"answer\": 3", 2, "answer")]
    [InlineData("medmcqa_dev.json", "\"cop\":1", "\"cop\":5", 2, "cop")]
    [InlineData("medxpertqa.jsonl", "\"label\": \"D\"", "\"label\": \"K\"", 1, "label")]
    [InlineData("hle.jsonl", "A. The lens", "The lens", 1, "question")]
    [InlineData("mmlu_pro_padded.jsonl", "\"answer_index\": 2", "\"answer_index\": 0", 1, "answer_index")]
    public void A_broken_record_is_named_by_file_line_and_field(string name, string part, string instead, int line, string field)
    {
        using var folder = new TempFolder();
        var text = File.ReadAllText(Fixture.Path(name.Split('/')));
        Assert.Contains(part, text, StringComparison.Ordinal);
        var path = folder.With(Path.GetFileName(name), text.Replace(part, instead, StringComparison.Ordinal));
        var error = Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(path).Count());
        Assert.Equal((path, line, field), (error.File, error.Line, error.Field));
    }
}
