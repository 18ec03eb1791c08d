using Citrus.Research.Clinic;
using Citrus.Research.Pathways;
using Citrus.Research.Studies;

namespace Citrus.Research.Tests.Studies;

/// <summary>Whole studies, at a size that takes seconds.</summary>
public sealed class StudyTests : IDisposable
{
    private static readonly StudyPlan Tiny = new()
    {
        Name = "tiny",
        Scale = "test",
        Arms = [PathwayNames.Direct, PathwayNames.DualExpert],
        Sizes = ["0.1M"],
        Seeds = [1, 2],
        ScoredQuestions = 12,
        Base = new BaseRecipe { ShortDrillSteps = 4, MoreShortDrillSteps = 2, MostShortDrillSteps = 6, MixedSteps = 6 },
        FineTune = new FineTuneRecipe { Questions = 40, Examples = 64 },
    };

    private readonly string _root = Directory.CreateTempSubdirectory("citrus-study-").FullName;

    public void Dispose() => Directory.Delete(_root, true);

    private StudyFolder Folder(string name) => new(Path.Combine(_root, name));

    private static string Table(StudyFolder folder) => File.ReadAllText(Path.Combine(folder.Of(Tiny.Name), "tiny.csv")) + File.ReadAllText(Path.Combine(folder.Of(Tiny.Name), StudyFiles.Comparisons));

    [Fact]
    public void A_study_stopped_again_and_again_gives_the_table_of_an_undisturbed_one()
    {
        var (whole, broken) = (Folder("whole"), Folder("broken"));
        whole.Run(Tiny, workers: 2);
        for (var done = 1; ; done += 2)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                // Stops once so many steps are finished; nothing of the steps at work is kept.
                broken.Run(Tiny, workers: 1, progress: p => { if (p.Done >= 2) stop.Cancel(); }, stop.Token);
                break;
            }
            catch (OperationCanceledException)
            {
                Assert.True(done < 40, "each run must get further");
            }
        }

        Assert.Equal(Table(whole), Table(broken));
    }

    [Fact]
    public void The_scored_split_is_read_once_a_run_and_not_at_all_when_nothing_is_missing()
    {
        var folder = Folder("ledger");
        var plan = Tiny with { Seeds = [1] };
        folder.Run(plan, workers: 2);
        var read = Assert.Single(folder.Manifest(plan.Name).SplitReads);
        Assert.Equal((ExamSplit.Test, 12), (read.Split, read.Questions));
        folder.Run(plan, workers: 2);
        Assert.Single(folder.Manifest(plan.Name).SplitReads);

        // Training questions never come from the scored split.
        var world = StudyWorld.Open("clinic");
        Assert.All(world.Questions(plan.Exam, ExamSplit.Train, 1, 200), q => Assert.Equal(ExamSplit.Train, q.Chart.Split));
    }

    [Fact]
    public void Finished_steps_are_found_by_their_content_from_committed_records_alone()
    {
        var folder = Folder("records");
        var plan = Tiny with { Seeds = [1], Arms = [PathwayNames.Direct] };
        folder.Run(plan);
        var before = Table(folder);
        Directory.Delete(Path.Combine(folder.Path, "runs"), true);
        var jobs = 0;
        folder.Run(plan, progress: _ => jobs++);
        Assert.Equal((before, 0), (Table(folder), jobs));
    }

    [Fact]
    public void A_reading_of_the_scored_split_is_not_forgotten_when_the_run_is_stopped()
    {
        var folder = Folder("reads");
        var plan = Tiny with { Seeds = [1] };
        using var stop = new CancellationTokenSource();
        // Stops when the first exam is over, with others still to come.
        Assert.ThrowsAny<OperationCanceledException>(() => folder.Run(plan, workers: 1, progress: p => { if (p.Running.Any(r => r.Name.EndsWith("exam", StringComparison.Ordinal) && r.Fraction > 0)) stop.Cancel(); }, stop.Token));
        folder.Run(plan, workers: 1);
        Assert.Equal(2, folder.Manifest(plan.Name).SplitReads.Count);
        folder.Run(plan, workers: 1);
        Assert.Equal(2, folder.Manifest(plan.Name).SplitReads.Count);
    }

    [Fact]
    public void A_run_killed_between_a_checkpoint_and_its_record_goes_on()
    {
        var folder = Folder("torn");
        var plan = Tiny with { Seeds = [1], Arms = [PathwayNames.Direct] };
        folder.Run(plan);
        var table = Table(folder);
        var steps = Path.Combine(folder.Path, "runs", "steps");
        foreach (var score in Directory.GetFiles(Path.Combine(steps, "records"), "score-*")) File.Delete(score);
        Directory.Delete(Path.Combine(folder.Of(plan.Name), "records"), true);
        // The record comes before the checkpoint, so what a kill can leave is a record alone.
        foreach (var student in Directory.GetDirectories(Path.Combine(steps, "artifacts"), "student-*")) Directory.Delete(student, true);
        folder.Run(plan);
        Assert.Equal(table, Table(folder));
    }

    [Fact]
    public void Every_committed_table_can_be_read_and_belongs_to_its_plan()
    {
        var results = Path.Combine(Repository.Root, "results");
        var studies = StudyScales.Studies.Where(s => Directory.Exists(Path.Combine(results, s))).ToList();
        Assert.NotEmpty(studies);
        foreach (var study in studies)
        {
            var folder = new StudyFolder(results);
            Assert.NotEmpty(folder.Table(study));
            Assert.NotEmpty(folder.Comparisons(study));
            if (study == StudyScales.DdxPlus) continue; // its world is not shipped
            using var store = new RunStore(Path.Combine(_root, study), Path.Combine(results, study, "records"));
            var planned = new Study(StudyScales.Plan(study, "full"), store);
            Assert.Equal(0, planned.Missing);
            Assert.Equal(folder.Manifest(study).Study, planned.Id.ToString());
        }
    }

    [Fact]
    public void Arms_share_their_base_and_differ_in_the_pathway_alone()
    {
        using var store = new RunStore(Path.Combine(_root, "ids"));
        var study = new Study(Tiny, store);
        Assert.Equal(4, study.Cells.Count);
        Assert.Equal(8, study.Scores.Count); // two protocols
        var steps = new StudentSteps(Tiny, study.World, store);
        Assert.All(study.Cells.GroupBy(c => (c.Size, c.Seed)), cells => Assert.Single(cells.Select(steps.BaseId).Distinct()));
        Assert.Equal(2, study.Cells.Select(steps.BaseId).Distinct().Count());
        var rate = new Study(Tiny with { FineTune = Tiny.FineTune with { AnswerWeight = 5 } }, store);
        Assert.Empty(study.Scores.Intersect(rate.Scores));
    }

    [Fact]
    public void Unknown_names_are_told_with_those_there_are()
    {
        using var store = new RunStore(Path.Combine(_root, "names"));
        Assert.Contains("DualExpert", Assert.Throws<StudyException>(() => new Study(Tiny with { Arms = ["Triple"] }, store)).Message);
        Assert.Contains("0.1M", Assert.Throws<ArgumentException>(() => new Study(Tiny with { Sizes = ["3B"] }, store)).Message);
        Assert.Contains("smoke", Assert.Throws<StudyException>(() => StudyScales.Plan("pathways", "huge")).Message);
        Assert.Contains("scaling", Assert.Throws<StudyException>(() => StudyScales.Plan("sizes", "smoke")).Message);
        Assert.Contains("ddxplus:DIR", Assert.Throws<StudyException>(() => StudyWorld.Open("mars")).Message);
    }

    [Fact]
    public void Equal_tokens_means_equal_tokens()
    {
        var folder = Folder("tokens");
        var rows = folder.Run(Tiny with { Seeds = [1], Arms = [PathwayNames.Direct, PathwayNames.HypotheticoDeductive, "DirectTextbook"], Budgets = [Budget.EqualExamples, Budget.EqualTokens], FineTune = Tiny.FineTune with { Examples = 1600 } }, workers: 2)
            .Where(r => r.Group == "overall").ToList();
        var reference = rows.Single(r => r.Arm == PathwayNames.HypotheticoDeductive && r.Budget == nameof(Budget.EqualExamples)).TrainingTokens;
        Assert.InRange(rows.Single(r => r.Arm == PathwayNames.Direct && r.Budget == nameof(Budget.EqualTokens)).TrainingTokens, reference * 0.95, reference * 1.05);
        Assert.InRange(rows.Single(r => r.Arm == "DirectTextbook" && r.Budget == nameof(Budget.EqualTokens)).TrainingTokens, reference * 0.92, reference * 1.08); // batches of textbook are strewn in by chance
        Assert.True(rows.Single(r => r.Arm == PathwayNames.Direct && r.Budget == nameof(Budget.EqualExamples)).TrainingTokens < reference * 0.75);
    }
}
