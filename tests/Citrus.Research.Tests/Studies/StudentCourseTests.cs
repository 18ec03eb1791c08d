using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Figures;
using Citrus.Research.Models;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Studies;

/// <summary>What notebooks say in a line: a student's course, an expert's exam, the tally of a pathway, and their pictures.</summary>
public sealed class StudentCourseTests
{
    private static readonly StudyWorld World = StudyWorld.Open("clinic");
    private static readonly IReadOnlyList<ClinicQuestion> Questions = World.Questions(new ExamOptions(), ExamSplit.Dev, 0, 6);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_student_is_trained_and_examined_stage_by_stage_and_every_stage_is_remembered()
    {
        using var folder = new TempFolder();
        using var course = Course();
        course.Examine();
        var read = course.Read(Textbook.Passages(World.Knowledge, Register.Chart, 0).Take(20), TrainingRecipes.StudentCpt);
        var examples = ChartSynthesis.Examples(World.Knowledge, World.Questions(new ExamOptions(), ExamSplit.Train, 0, 40).Select(q => q.Chart), PathwayNames.Direct, count: 20).Examples;
        course.Learn(examples, TrainingRecipes.StudentSft);
        course.Save(folder["sft"]);
        using (var branch = course.Branch(folder["sft"])) branch.Prefer(Pairs(), TrainingRecipes.StudentCpo, examples);

        Assert.Equal(["untrained", "student-cpt", "student-sft", "student-cpo"], course.Stages.Select(s => s.Stage));
        Assert.All(course.Stages, s => Assert.Equal(6, s.Exam.N));
        Assert.True(read.Curve[^1].Loss < read.Curve[0].Loss);
        Assert.StartsWith("student-cpt: ", read.ToString());
        Assert.EndsWith("of 6 questions", read.ToString());
        Assert.Equal(4, course.Table().Rows.Count);
        Assert.Equal(["answers (nats per token)", "preference loss", "textbook (nats per token)"], CourseFigures.Loss(course.Stages).Table.Rows.Select(r => r[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.StartsWith("Names the right option: before training 0%", CourseFigures.Accuracy(course.Stages, "0.1M").Title);
    }

    [Fact]
    public void A_stage_with_nothing_to_learn_or_a_recipe_without_a_loss_is_an_error_that_says_so()
    {
        using var course = Course();
        Assert.Contains("nothing to learn", Assert.Throws<ArgumentException>(() => course.Read([], TrainingRecipes.StudentCpt)).Message);
        Assert.Contains("no preference loss", Assert.Throws<ArgumentException>(() => course.Prefer(Pairs(), TrainingRecipes.StudentSft)).Message);
        Assert.Contains("no loss to draw", Assert.Throws<ArgumentException>(() => CourseFigures.Loss([])).Message);
    }

    [Fact]
    public async Task An_expert_who_weighs_everything_passes_the_exam_and_its_picture_has_a_lane_for_every_kind()
    {
        var asked = Questions.Select(q => q.Vignette).ToList();
        using var careful = new Clinician(World.Knowledge, new ClinicianOptions { Fallibility = 0 });
        var said = await ExpertExam.SitAsync(careful, PathwayNames.Direct, asked, Token);
        Assert.Equal(Questions.Select(q => q.Best), said.Select(p => p.Extracted.Label));
        var rows = ExpertFigure.Rows("careful", asked, said);
        Assert.Equal(["overall", "diagnosis", "test", "treatment"], rows.Select(r => r.Kind));
        Assert.Equal((6, 2), (rows[0].N, rows[1].N));
        var figure = ExpertFigure.Draw(null, rows, 0.9);
        Assert.Contains("Bayes ceiling", figure.Caption);
        Assert.Equal(4, figure.Table.Rows.Count);
        Assert.Contains("is there 2 times", Assert.Throws<ArgumentException>(() => ExpertFigure.Draw(null, [.. rows, .. rows])).Message);
        Assert.Contains("not of these questions", Assert.Throws<ArgumentException>(() => ExpertFigure.Rows("other", [.. asked.Skip(1)], said)).Message);
    }

    [Fact]
    public async Task The_tally_of_a_pathway_counts_right_answers_calls_and_true_claims()
    {
        var asked = Questions.Select(q => q.Vignette).ToList();
        using var expert = new Clinician(World.Knowledge, new ClinicianOptions { Fallibility = 0.6 });
        var traces = await new PathwayDriver(expert, new Clinician(World.Knowledge)).RunAsync(PathwayNames.Create(PathwayNames.DualExpert), asked, Register.Vignette, Token);
        var tally = PathwayTally.Of(new StepCheck(World.Knowledge), asked, traces);
        Assert.Equal((PathwayNames.DualExpert, 6, traces.Sum(t => t.Rejections)), (tally.Pathway, tally.Questions, tally.Rejections));
        Assert.Equal(traces.Average(t => t.Calls), tally.CallsPerQuestion);
        Assert.Equal(asked.Zip(traces).Count(p => p.First.Answer == p.Second.AnswerLabel), tally.Right);
        Assert.InRange(tally.TrueClaims!.Value, 0.5, 1);
        Assert.Equal(ExpertFigure.Rows("x", asked, traces)[0].CallsPerQuestion, tally.CallsPerQuestion);
        Assert.Throws<ArgumentException>(() => PathwayTally.Of(new StepCheck(World.Knowledge), asked, []));
    }

    private static StudentCourse Course() => new(
        new Student(new Decoder(StudentSizes.Get("0.1M", World.Tokenizer.VocabularySize), 0), World.Tokenizer), [.. Questions.Select(q => q.Chart)], answerTokens: 8);

    private static IReadOnlyList<Pair> Pairs() => PreferencePairs.From(
        Questions.SelectMany(q => new[] { ("<answer> x A </answer>", true), ("<answer> x B </answer>", false) }.Select(a => new SampledAnswer(q.Chart, a.Item1, a.Item2))));
}
