using System.Globalization;
using Citrus.Research.Studies;
using Spectre.Console;

namespace Citrus.Research.Cli;

/// <summary>A study run from the command line: progress, table, files.</summary>
internal sealed record StudyRun(IReadOnlyList<StudyRow> Rows, IReadOnlyList<string> Outputs, IReadOnlyList<object> Figures)
{
    public static StudyRun Of(StudyPlan plan, StudyFolder results, int workers, CancellationToken cancellation)
    {
        var display = new ProgressDisplay();
        IReadOnlyList<StudyRow> rows = [];
        display.Run(() => rows = results.Run(plan, workers,
            p => display.Show($"{plan.Name} {p.Done}/{p.Total} steps", p.Fraction, p.Remaining,
                [.. p.Running.Select(r => $"{r.Name} {r.Fraction.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "")}")]), cancellation));
        Print(rows);
        var folder = results.Of(plan.Name);
        return new StudyRun(rows, [Path.Combine(folder, plan.Name + ".csv"), Path.Combine(folder, StudyFiles.Comparisons), Path.Combine(folder, StudyFiles.Manifest)], FiguresOf(rows));
    }

    /// <summary>The table for people: overall lines, pooled over seeds where there are several.</summary>
    public static void Print(IReadOnlyList<StudyRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in new[] { "budget", "stage", "arm", "size", "seeds", "n", "letter accuracy", "95% interval", "named", "likelihood", "ceiling", "faithful", "training tokens" }) table.AddColumn(column);
        foreach (var r in Headlines(rows))
        {
            table.AddRow(new[]
            {
                r.Budget, r.Stage, r.Arm, r.Size, r.Seed is null ? "mean" : $"{r.Seed}", $"{r.Questions}", F(r.Letter), $"{F(r.LetterLow)} - {F(r.LetterHigh)}", F(r.Named), F(r.Likelihood), F(r.Ceiling),
                r.Faithful is { } f ? F(f) : "-", r.TrainingTokens.ToString("N0", CultureInfo.InvariantCulture),
            }.Select(Markup.Escape).ToArray());
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 170);
        AnsiConsole.Write(table);

        static string F(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
    }

    /// <summary>What the JSON line says of every arm and size.</summary>
    public static IReadOnlyList<object> FiguresOf(IReadOnlyList<StudyRow> rows) =>
        [.. Headlines(rows).Select(r => new
        {
            r.Study, r.Arm, r.Size, r.Budget, r.Stage, r.Seed, n = r.Questions, accuracy = Math.Round(r.Letter, 4),
            interval = new[] { Math.Round(r.LetterLow, 4), Math.Round(r.LetterHigh, 4) }, named = Math.Round(r.Named, 4), likelihood = Math.Round(r.Likelihood, 4), ceiling = Math.Round(r.Ceiling, 4), r.TrainingTokens,
        })];

    private static IEnumerable<StudyRow> Headlines(IReadOnlyList<StudyRow> rows)
    {
        var pooled = rows.Any(r => r.Seed is null);
        return rows.Where(r => r.Group == "overall" && r.Seed is null == pooled);
    }
}
