using System.Text.RegularExpressions;
using Citrus.Research.Clinic;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tests.Pathways;

namespace Citrus.Research.Tests.Synthesis;

public sealed class ChartSynthesisTests
{
    [Theory]
    [InlineData("Direct")]
    [InlineData("PatternRecognition")]
    [InlineData("HypotheticoDeductive")]
    [InlineData("DualExpert")]
    public void Every_kept_example_follows_the_chart_grammar_and_names_the_right_option(string pathway)
    {
        var result = Some.Made(Some.Exam(150), pathway);
        Assert.InRange(result.Report.Kept, 135, 150);
        var vocabulary = ChartWords.Of(Some.Knowledge).Concat(["<think>", "</think>", "<answer>", "</answer>"]).ToHashSet();
        var grammar = new Regex(Grammar(pathway), RegexOptions.None, TimeSpan.FromSeconds(30));
        foreach (var item in result.Items)
        {
            var text = item.Example.Turns[1].Text;
            Assert.Matches(grammar, text);
            Assert.EndsWith($"<answer> {item.Question.AnswerText} {item.Question.Answer} </answer>", text, StringComparison.Ordinal);
            Assert.All(text.Split(' '), w => Assert.Contains(w, vocabulary));
            Assert.Equal(QuestionText.Chart(item.Question), item.Example.Turns[0].Text);
        }
    }

    [Fact]
    public void Words_of_rejected_steps_are_read_but_not_learned_and_the_check_is()
    {
        var result = Some.Made(Some.Exam(300), "DualExpert", new() { Fallibility = 1 });
        var mended = result.Items.Where(i => i.Trace.Rejections > 0).ToList();
        Assert.True(mended.Count > 60);
        Assert.Equal(mended.Count, result.Report.WithCaughtError);
        foreach (var item in mended)
        {
            var segments = item.Example.Turns[1].Segments;
            var unlearned = segments.Where(s => s.Weight == 0).Select(s => s.Text.Trim()).ToList();
            Assert.Equal(item.Trace.Steps.Where(s => !s.Accepted).Select(s => s.Text), unlearned);
            for (var i = 0; i < segments.Count; i++)
                if (segments[i].Weight == 0) Assert.Matches(@"^ check \S+.* wrong", segments[i + 1].Text);
            Assert.All(segments.Where(s => s.Weight != 0), s => Assert.Equal(1, s.Weight));
        }

        Assert.True(result.Report.LearnedWords < result.Report.Words);
    }

    [Fact]
    public void About_a_quarter_of_dual_expert_examples_hold_a_caught_error_by_default()
    {
        var report = Some.Made(Some.Exam(600), "DualExpert").Report;
        Assert.InRange((double)report.WithCaughtError / report.Kept, 0.18, 0.32);
        Assert.Equal(1.0, report.Faithfulness.Fraction);
        Assert.Equal(report.Corrections.Retracted, report.Corrections.Caught);
        Assert.True(report.Corrections.Repaired > report.Corrections.Caught * 0.8);
    }

    [Theory]
    [InlineData(Register.Chart)]
    [InlineData(Register.Vignette)]
    public void An_infallible_clinician_is_entirely_faithful_and_a_fallible_one_is_not(Register register)
    {
        var exam = Some.Exam(120, register, seed: 6);
        double Faithful(string pathway, double dial)
        {
            var (check, sum) = (new StepCheck(Some.Knowledge), Faithfulness.None);
            var clinician = new Clinician(Some.Knowledge, new() { Fallibility = dial });
            foreach (var question in exam)
                sum += TraceFaithfulness.Of(check, question, Some.Walk(pathway, question, clinician)).Faithfulness;
            return sum.Fraction!.Value;
        }

        foreach (var pathway in (string[])["PatternRecognition", "HypotheticoDeductive"])
        {
            var (sound, half, full) = (Faithful(pathway, 0), Faithful(pathway, 0.5), Faithful(pathway, 1));
            Assert.Equal(1.0, sound);
            Assert.True(sound > half && half > full, $"{pathway}: {sound} {half} {full}");
        }
    }

    [Fact]
    public void Every_pathway_keeps_nearly_the_same_questions()
    {
        var exam = Some.Exam(200, seed: 12);
        var kept = PathwayNames.All.Select(p => Some.Made(exam, p).Items.Select(i => i.Question.Id).ToHashSet()).ToList();
        Assert.All(kept, k => Assert.True(k.Intersect(kept[0]).Count() >= kept.Max(x => x.Count) - 3));
    }

    [Fact]
    public void The_same_inputs_give_the_same_examples_and_an_endless_exam_ends_at_the_count()
    {
        var endless = ClinicExam.Generate(Some.Knowledge, new ExamOptions(), ExamSplit.Train, 1).Select(q => q.Chart);
        List<string> Texts(long seed) => [.. Some.Made(endless, "DualExpert", new() { Seed = seed }, 50).Examples.Select(e => e.Turns[1].Text)];
        Assert.Equal(50, Texts(1).Count);
        Assert.Equal(Texts(1), Texts(1));
        Assert.NotEqual(Texts(1), Texts(2));
    }

    [Fact]
    public void Repeated_questions_are_counted_as_duplicates()
    {
        var exam = Some.Exam(10);
        var report = Some.Made([.. exam, .. exam.Select(q => q with { Id = q.Id + "x" })], "Direct", new() { Fallibility = 0 }).Report;
        Assert.Equal(report.Kept, report.Rejected[ChartSynthesis.Duplicate]);
        Assert.Equal(report.Questions, report.Kept + report.Rejected.Values.Sum());
    }

    [Fact]
    public void Questions_that_nobody_can_answer_do_not_keep_an_endless_exam_going()
    {
        var hopeless = Enumerable.Range(0, int.MaxValue).Select(i => Some.Question($"q{i}") with { Stem = "Why?" });
        var report = Some.Made(hopeless, "Direct", count: 5).Report;
        Assert.Equal((0, 1000), (report.Kept, report.Rejected[Verification.Abstained]));
    }

    private static string Grammar(string pathway)
    {
        const string id = "[a-z0-9_]+", weigh = $@"consider {id} : ({id} [+-] )+= \d+ \.", so = $@"so {id}( \d+)? \.";
        const string plan = $@"(confirm {id} \.|give {id} \.|first {id} avoid ({id} [+-] )*(ok|stop second {id}) \.|second {id} \.)";
        const string check = $@"check ({id} \d+ (ok \.|wrong)|history ({id} )+wrong|{id} wrong)";
        const string answer = $@"<answer> {id} [A-J] </answer>";
        return pathway switch
        {
            "Direct" => $"^{answer}$",
            "PatternRecognition" => $@"^<think> looks like {id} because ({id} ){{1,3}}\. ({plan} )?</think> {answer}$",
            "HypotheticoDeductive" => $"^<think> ({weigh} ){{3}}{so} ({plan} )?</think> {answer}$",
            _ => $"^<think> (({weigh}|{so}|{plan}|{check}) )+</think> {answer}$",
        };
    }
}
