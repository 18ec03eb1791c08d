using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Pathways;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Clinic;

public sealed class ClinicianTests
{
    private static Trace Walk(string pathway, Question question, ClinicianOptions? options = null, IChatClient? reasoning = null) =>
        Some.Walk(pathway, question, reasoning ?? new Clinician(Some.Knowledge, options), new Clinician(Some.Knowledge));

    private static string Ask(IChatClient clinician, string text) => clinician.GetResponseAsync(text).GetAwaiter().GetResult().Text;

    [Theory]
    [InlineData("Direct", Register.Chart)]
    [InlineData("PatternRecognition", Register.Vignette)]
    [InlineData("HypotheticoDeductive", Register.Chart)]
    [InlineData("DualExpert", Register.Vignette)]
    public void An_infallible_clinician_answers_as_the_exact_posterior_does(string pathway, Register register)
    {
        var clinician = new Clinician(Some.Knowledge, new() { Fallibility = 0 });
        var asked = ClinicExam.Generate(Some.Knowledge, new ExamOptions(), ExamSplit.Dev, 3).Take(60).Where(q => q.In(register).Answer == q.Best).ToList();
        Assert.True(asked.Count > 50);
        var right = asked.Count(q => Walk(pathway, q.In(register), reasoning: clinician).AnswerLabel == q.Best);
        // A treatment question's options and history say a little more than the findings do, which the clinician does not weigh.
        Assert.True(right >= asked.Count - 1, $"{right} of {asked.Count}");
    }

    [Fact]
    public void A_chart_thought_follows_the_grammar_word_for_word()
    {
        var question = new Question
        {
            Id = "t",
            Stem = "dept ward male old has cough shadow no fever history weak_heart ask treatment ?",
            Options = [new("A", "c2"), new("B", "a1"), new("C", "c1"), new("D", "a2")],
            Answers = ["C"],
        };
        var traces = PathwayNames.All.Select(p => Some.Walk(p, question, new Clinician(Tiny, new() { Fallibility = 0 }))).ToList();
        Assert.All(traces, t => Assert.Equal("C", t.AnswerLabel));
        Assert.Equal(["looks like bronchial_cancer because cough shadow .", "give c1 ."], traces[1].Accepted.Select(s => s.Text));
        // By the tiny world: flu shows fever and cough, cancer cough and shadow, scabies a rash only, measles fever and rash.
        Assert.Equal(
            [
                "consider flu : cough + shadow - fever - = 2 .",
                "consider bronchial_cancer : cough + shadow + fever + = 0 .",
                "consider scabies : cough - shadow - fever + = 2 .",
                "so bronchial_cancer .",
                "first c1 avoid ok .",
            ],
            traces[2].Accepted.Select(s => s.Text));
        Assert.Equal(traces[2].Accepted.Select(s => s.Text), traces[3].Accepted.Select(s => s.Text));
        Assert.Equal("0 ok", traces[3].Accepted.ElementAt(3).Feedback);
    }

    [Fact]
    public void A_forbidden_first_line_is_stopped_and_a_slip_is_caught_and_mended()
    {
        var question = new Question
        {
            Id = "t",
            Stem = "dept ward female young has fever cough no shadow rash history pregnancy ask treatment ?",
            Options = [new("A", "b1"), new("B", "a1"), new("C", "b2"), new("D", "a2")],
            Answers = ["D"],
        };
        var sound = Some.Walk("DualExpert", question, new Clinician(Tiny, new() { Fallibility = 0 }));
        Assert.Equal("first a1 avoid allergy - pregnancy + stop second a2 .", sound.Accepted.Last().Text);

        var slips = new ClinicianOptions { Fallibility = 1, Anchoring = 0, PrematureClosure = 0, BaseRateNeglect = 0, ContraindicationSlip = 1, Mending = 1 };
        var caught = Some.Walk("DualExpert", question, new Clinician(Tiny, slips));
        var rejected = Assert.Single(caught.Steps, s => !s.Accepted);
        Assert.Equal(("first a1 avoid allergy - pregnancy - ok .", "history pregnancy wrong"), (rejected.Text, rejected.Feedback));
        Assert.Equal(("second a2 .", "D"), (caught.Accepted.Last().Text, caught.AnswerLabel));
        var single = Some.Walk("HypotheticoDeductive", question, new Clinician(Tiny, slips));
        Assert.Equal("B", single.AnswerLabel);
    }

    [Fact]
    public void Errors_come_with_the_dial_and_the_dual_loop_catches_and_mends_them()
    {
        var exam = ClinicExam.Generate(Some.Knowledge, new ExamOptions(), ExamSplit.Train, 4).Take(150).Where(q => q.Chart.Answer == q.Best).Select(q => q.Chart).ToList();
        int Right(string pathway, double dial) => exam.Count(q => Walk(pathway, q, new() { Fallibility = dial, Seed = 2 }).AnswerLabel == q.Answer);
        var (sound, half, full) = (Right("Direct", 0), Right("Direct", 0.5), Right("Direct", 1));
        Assert.True(sound > half && half > full, $"{sound} {half} {full}");
        var dual = exam.Select(q => Walk("DualExpert", q, new() { Fallibility = 1, Seed = 2 })).ToList();
        Assert.True(dual.Count(t => t.AnswerLabel is not null) > full * 1.2);
        Assert.All(dual.Where(t => t.AnswerLabel is not null), t => Assert.Equal(exam.Single(q => q.Id == t.Question).Answer, t.AnswerLabel));
        Assert.True(dual.Count(t => t.Rejections > 0) > 50);
    }

    [Theory]
    [InlineData(Register.Chart)]
    [InlineData(Register.Vignette)]
    public void The_reflection_expert_never_gives_the_answer_away(Register register)
    {
        var rejections = 0;
        foreach (var question in Some.Exam(80, register, seed: 9))
        {
            foreach (var step in Walk("DualExpert", question, new() { Fallibility = 1 }).Steps.Where(s => s.Feedback is not null))
            {
                rejections += step.Accepted ? 0 : 1;
                Assert.DoesNotContain(question.AnswerText, step.Feedback, StringComparison.OrdinalIgnoreCase);
                // It needs no masking either: the mask is for experts from elsewhere.
                Assert.DoesNotContain(AnswerLeak.Withheld, step.Feedback, StringComparison.Ordinal);
            }
        }

        Assert.True(rejections > 20);
    }

    [Fact]
    public void The_same_messages_get_the_same_reply_and_another_seed_errs_elsewhere()
    {
        var exam = Some.Exam(60);
        List<string?> Answers(long seed) => [.. exam.Select(q => Walk("Direct", q, new() { Fallibility = 1, Seed = seed }).AnswerLabel)];
        Assert.Equal(Answers(1), Answers(1));
        var sloppy = new ClinicianOptions { Fallibility = 0.5 };
        Assert.NotEqual(
            exam.Select(q => Walk("Direct", q, sloppy with { Seed = 1 }).AnswerLabel),
            exam.Select(q => Walk("Direct", q, sloppy with { Seed = 2 }).AnswerLabel));
    }

    [Fact]
    public void It_reads_nothing_but_text_so_a_question_pasted_without_any_prompt_is_answered_too()
    {
        var question = ClinicExam.Generate(Some.Knowledge, new ExamOptions(), ExamSplit.Dev, 8).First(q => q.Vignette.Answer == q.Best).Vignette;
        Assert.Equal($$"""{"answer": "{{question.Answer}}"}""", Ask(new Clinician(Some.Knowledge, new() { Fallibility = 0 }), QuestionText.Prose(question)));
    }

    [Fact]
    public void Where_it_knows_too_little_it_abstains_and_says_what_it_recognised()
    {
        var question = Some.Question() with
        {
            Stem = "A 40-year-old man has a fever of 38.9 C after replanting his roses. Which organism is the most likely cause?",
            Options = [new("A", "Sporothrix schenckii"), new("B", "Bartonella henselae")],
        };
        var trace = Walk("Direct", question);
        Assert.StartsWith("abstained: recognised fever; 0 of 2 options", trace.Unusable, StringComparison.Ordinal);
        Assert.Contains("recognised no findings", Ask(new Clinician(Some.Knowledge), "Hello!"), StringComparison.Ordinal);
    }

    [Fact]
    public void As_examiner_it_marks_by_the_truth()
    {
        var clinician = new Clinician(Some.Knowledge);
        string Mark(string student) => Ask(clinician, $"role: examiner\n\n### question\n{QuestionText.Prose(Some.Question())}\n### truth\nB. Asthma\n### student\n{student}");
        Assert.Contains("\"rating\": 1, \"named\": \"B\"", Mark("<think>It wheezes.</think><answer>B. Asthma</answer>"), StringComparison.Ordinal);
        Assert.Contains("\"rating\": 0, \"named\": \"C\"", Mark("<answer>C. Pneumonia</answer>"), StringComparison.Ordinal);
        Assert.Contains("\"rating\": 0, \"named\": \"\"", Mark("I do not know"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_role_is_answered_with_the_known_ones() =>
        Assert.Contains(ExpertRoles.Reflection, Ask(new Clinician(Some.Knowledge), "role: surgeon\n\ncut"), StringComparison.Ordinal);

    [Fact]
    public void A_dial_outside_its_range_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Clinician(Some.Knowledge, new() { Fallibility = 1.2 }));

    private static Knowledge Tiny => World.Tiny;
}
