using Citrus.Research.Evaluation;
using Microsoft.Data.Analysis;

namespace Citrus.Research.Studies;

/// <summary>A study that has been run, or read where it was run before.</summary>
/// <param name="Plan">What was asked.</param>
/// <param name="Rows">A line for each student and group of questions; see <see cref="StudyRow"/>.</param>
/// <param name="Comparisons">Arms (stages, sizes) paired on the same questions and seeds.</param>
public sealed record StudyResult(StudyPlan Plan, IReadOnlyList<StudyRow> Rows, IReadOnlyList<ComparisonRow> Comparisons)
{
    /// <summary>The lines over all questions: pooled over seeds where there are several.</summary>
    public IReadOnlyList<StudyRow> Headlines => [.. Pooled.Where(r => r.Group == "overall")];

    /// <summary>Runs what is missing of a shipped study and reads what is there.</summary>
    /// <param name="study">One of <see cref="StudyScales.Studies"/>.</param>
    /// <param name="scale">One of <see cref="StudyScales.Scales"/>.</param>
    /// <param name="results">The results folder; empty takes the scale's own below <paramref name="root"/>.</param>
    /// <param name="say">Gets lines of progress with the time left.</param>
    /// <exception cref="StudyException">Unknown study or scale.</exception>
    public static StudyResult Run(string study, string scale, string results = "", string root = "results", Action<string>? say = null, CancellationToken cancellation = default)
    {
        var folder = results.Length == 0 ? StudyFolder.For(scale, root) : new StudyFolder(results);
        var plan = StudyScales.Plan(study, scale);
        var rows = folder.Run(plan, progress: say is null ? null : StudyProgress.Lines(say), cancellation: cancellation);
        return new StudyResult(plan, rows, folder.Comparisons(study));
    }

    /// <summary>The lines of some groups (<c>overall</c>, a kind, <c>seen</c>, <c>unseen</c>) as a table for reading, pooled over seeds where there are several; single seeds are in <see cref="Rows"/>.</summary>
    public DataFrame Table(params string[] groups) => CsvTables.ToDataFrame(Pooled.Where(r => groups.Length == 0 ? r.Group == "overall" : groups.Contains(r.Group)).Select(r => new
    {
        r.Budget,
        r.Stage,
        r.Arm,
        r.Size,
        Seed = r.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "mean",
        r.Group,
        r.Questions,
        r.Letter,
        r.LetterLow,
        r.LetterHigh,
        r.Named,
        r.Likelihood,
        r.Ceiling,
        r.Faithful,
        r.TrainingExamples,
        r.TrainingTokens,
        r.OutputTokens,
    }));

    /// <summary>What students took back of their own reasoning, and whether rightly; only arms that check themselves have such lines.</summary>
    public DataFrame Corrections() => CsvTables.ToDataFrame(Pooled.Where(r => r is { Group: "overall", Retracted: not null }).Select(r => new
    {
        r.Budget,
        r.Arm,
        r.Size,
        Seed = r.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "sum",
        r.Questions,
        r.Retracted,
        r.Caught,
        r.Repaired,
        r.Missed,
    }));

    /// <summary>The comparisons over all questions: the difference of letter accuracy with its intervals and adjusted p-values.</summary>
    /// <param name="arm">Only those with this arm on one side; all where empty.</param>
    public DataFrame Differences(string arm = "") => CsvTables.ToDataFrame(Comparisons.Where(c => c.Group == "overall" && (arm.Length == 0 || c.First == arm || c.Second == arm)).Select(c => new
    {
        c.Budget,
        c.Stage,
        c.Size,
        c.First,
        c.Second,
        c.Seeds,
        c.Questions,
        c.Difference,
        c.Low,
        c.High,
        c.HolmPValue,
        c.SeedLow,
        c.SeedHigh,
        c.SeedHolmPValue,
    }));

    private IEnumerable<StudyRow> Pooled => Rows.Where(r => r.Seed is null == Rows.Any(p => p.Seed is null));
}
