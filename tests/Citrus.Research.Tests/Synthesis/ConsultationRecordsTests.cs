using Citrus.Research.Examples;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Tests.Synthesis;

public sealed class ConsultationRecordsTests
{
    private static readonly ConsultationCase Case = new()
    {
        Id = "c1",
        Complaint = "My nose runs.",
        Facts = ["It began two days ago."],
        Truth = ["Common cold"],
        Differential = ["Hay fever", "Influenza"],
        Age = "30 years",
        Sex = "female",
        Department = "Practice",
    };

    private static readonly Consultation Led = new()
    {
        Case = "c1",
        Complaint = Case.Complaint,
        Turns = [new(true, "Since when?"), new(false, "For two days.")],
        Diagnosis = "Common cold",
        Summary = "A 30-year-old woman with a runny nose for two days",
    };

    private static readonly IReadOnlyList<ConsultationCase> Many = [Case, .. Enumerable.Range(0, 30).Select(i => Case with { Id = $"x{i}", Truth = [$"Illness {i}"], Differential = [] })];

    [Fact]
    public void A_chat_is_learned_on_the_doctors_words_and_can_be_read_back()
    {
        using var folder = new TempFolder();
        ExampleFiles.WriteExamples(folder["chat.jsonl"], [ConsultationRecords.Chat(Case, Led)]);
        var example = Assert.Single(ExampleFiles.ReadExamples(folder["chat.jsonl"]));
        Assert.Equal(["user", "assistant", "user", "assistant"], example.Turns.Select(t => t.Role));
        Assert.Equal("A 30-year-old woman with a runny nose for two days. The most likely diagnosis is Common cold.", example.Turns[^1].Text);
    }

    [Fact]
    public void A_question_has_up_to_21_options_and_none_of_the_above_is_the_last()
    {
        var question = new ConsultationRecords(Many, new() { Options = 21, NoneShare = 0 }).Record(Case, Led).Question!;
        Assert.Equal((21, "U", "None of the above"), (question.Options.Count, question.Options[^1].Label, question.Options[^1].Text));
        Assert.Equal(("Common cold", "false"), (question.AnswerText, question.Tags["none"]));
        Assert.Contains(question.Options, o => o.Text == "Influenza");
        Assert.Equal("Age: 30 years\nSex: female\nA 30-year-old woman with a runny nose for two days. What is the most likely diagnosis?", question.Stem);
    }

    [Fact]
    public void Where_the_right_illness_is_left_out_none_of_the_above_is_right()
    {
        var question = new ConsultationRecords(Many, new() { NoneShare = 1 }).Record(Case, Led).Question!;
        Assert.Equal("None of the above", question.AnswerText);
        Assert.DoesNotContain(question.Options, o => o.Text == "Common cold");
        var shared = Many.Select(c => new ConsultationRecords(Many, new() { NoneShare = 0.3, Seed = 4 }).Record(c, Led).Question!);
        Assert.InRange(shared.Count(q => q.Tags["none"] == "true"), 3, 17);
    }

    [Theory]
    [InlineData("It is surely a common cold.", "names the illness")]
    [InlineData(null, "no summary")]
    public void What_makes_no_fair_question_is_left_out_with_the_reason(string? summary, string reason) =>
        Assert.Contains(reason, new ConsultationRecords(Many).Record(Case, Led with { Summary = summary }).Reason, StringComparison.Ordinal);

    [Fact]
    public void The_published_shape_reads_as_the_same_question_and_is_the_same_file_twice()
    {
        using var folder = new TempFolder();
        var question = new ConsultationRecords(Many, new() { Options = 21, NoneShare = 0 }).Record(Case, Led).Question!;
        foreach (var name in new[] { "a.xlsx", "b.xlsx" })
            JmedWriter.Write(folder[name], [(Case.Id, Case.Age, Case.Sex, Case.Complaint, "Doctor: Since when?\nPatient: \u0001For two days.", Led.Summary!, question.Stem.Split('\n')[^1], question.Options, question.Answers)]);
        Assert.Equal(File.ReadAllBytes(folder["a.xlsx"]), File.ReadAllBytes(folder["b.xlsx"]));
        var read = Assert.Single(QuestionFiles.Read(folder["a.xlsx"]));
        Assert.Equal(("jmed-c1", question.Stem), (read.Id, read.Stem));
        Assert.Equal(question.Options, read.Options);
        Assert.Equal(question.Answers, read.Answers);
    }

    [Fact]
    public void A_file_of_cases_is_read_and_a_broken_line_is_named()
    {
        using var folder = new TempFolder();
        const string good = """{"id":"a","age":54,"sex":"female","complaint":"My chest hurts.","facts":["No fever."],"diagnosis":"Angina","differential":["Pericarditis"],"department":"cardiology"}""";
        var of = Assert.Single(ConsultationCases.Read(folder.With("c.jsonl", good)));
        Assert.Equal(("54", "en", "Angina"), (of.Age, of.Language, of.Truth.Single()));
        Assert.Contains("already in line 1", Assert.Throws<QuestionFormatException>(() => ConsultationCases.Read(folder.With("c.jsonl", good + "\n" + good)).Count()).Message, StringComparison.Ordinal);
        Assert.Equal("facts", Assert.Throws<QuestionFormatException>(() => ConsultationCases.Read(folder.With("c.jsonl", good.Replace("[\"No fever.\"]", "[]"))).Count()).Field);
        Assert.Equal("fact", Assert.Throws<QuestionFormatException>(() => ConsultationCases.Read(folder.With("c.jsonl", good.Replace("\"facts\"", "\"fact\""))).Count()).Field);
    }

    [Fact]
    public void A_question_becomes_a_patient_where_it_asks_for_a_diagnosis()
    {
        var question = new Question
        {
            Id = "q",
            Stem = "A 40-year-old man has chest pain. It began today. Which of the following is the most likely diagnosis?",
            Options = [new("A", "Angina"), new("B", "Pericarditis")],
            Answers = ["A"],
        };
        var of = ConsultationCases.FromQuestion(question)!;
        Assert.Equal("A 40-year-old man has chest pain.", of.Complaint);
        Assert.Equal(["A 40-year-old man has chest pain.", "It began today."], of.Facts);
        Assert.Equal(["Angina"], of.Truth);
        Assert.Equal(["Pericarditis"], of.Differential);
        Assert.Null(ConsultationCases.FromQuestion(question with { Stem = "A 40-year-old man has chest pain. Which drug should he be given?" }));
    }

    [Fact]
    public void The_published_jmed_questions_become_Chinese_patients()
    {
        var cases = ConsultationCases.Read(RealData.File("citrus_repo", "datas", "download_files", "jmed", "20250122_sample_multiple_choice_1094_qwenscored_adjusted.xlsx")).Take(100).ToList();
        Assert.Equal(100, cases.Count);
        Assert.All(cases, c => Assert.Equal("zh", c.Language));
        Assert.All(cases, c => Assert.DoesNotContain("诊断是什么", string.Concat(c.Facts), StringComparison.Ordinal));
    }
}
