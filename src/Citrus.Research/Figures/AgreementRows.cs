using System.Globalization;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>Pairs of judges in the saved results.</summary>
internal static class AgreementRows
{
    public const string Readers = "Our reader and the publisher's, of the same output";
    public const string Names = "Label and named option, in the same answer";
    public const string Protocols = "Written answer and likeliest option, of the same student";
    public const string Reviews = "Taken back by the student and wrong by the checker, of its statements";

    public static IReadOnlyList<AgreementRow> Of(
        IReadOnlyList<ReaderAgreement> files, IReadOnlyList<ReaderDisagreement> disagreements, IReadOnlyList<(StudyCell Cell, ScoreResult Result)> scores, IReadOnlyList<(StudyCell Cell, LikelihoodResult Result)> likelihoods)
    {
        var rows = files.Select(f => Reader(f, [.. disagreements.Where(d => d.File == f.File)])).ToList();
        var arms = Arm.All.Select(a => a.Name).ToList();
        var students = scores.GroupBy(s => s.Cell.Arm.Name, StringComparer.Ordinal).OrderBy(g => arms.IndexOf(g.Key)).ToList();
        foreach (var arm in students)
            rows.Add(AgreementRow.Of(Names, FigureLook.Label(arm.Key), Clusters([.. arm.Select(s => (s.Result.Letter, s.Result.Named))])));
        foreach (var arm in students)
            rows.Add(AgreementRow.Of(Protocols, FigureLook.Label(arm.Key), Clusters([.. arm.Select(s => (s.Result.Letter, Right(s.Cell, likelihoods)))])));
        foreach (var (arm, sum) in students.Select(a => (a.Key, a.Select(s => StudentReview.Of(s.Result)).Aggregate((x, y) => x + y))).Where(a => a.Item2.Caught + a.Item2.FalseAlarms > 0))
            rows.Add(AgreementRow.Of(Reviews, FigureLook.Label(arm), sum.Caught, sum.FalseAlarms, sum.Missed, sum.Standing));

        return rows;
    }

    public static string Finding(IReadOnlyList<AgreementRow> rows)
    {
        // An interval that holds 0 does not tell agreement from chance.
        static string Word(AgreementRow row) => AgreementFigure.Word(row.Low > 0 ? row.Kappa : 0);
        static string K(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
        var protocols = rows.Where(r => r.Group == Protocols).OrderByDescending(r => r.Kappa).ToList();
        var readers = rows.Where(r => r.Group == Readers).ToList();
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"Readers of one output agree almost fully in {readers.Count(r => AgreementFigure.Word(r.Kappa) == AgreementFigure.Word(1))} of {readers.Count} files") };
        if (protocols.Count > 0)
        {
            var (best, worst) = (protocols[0], protocols[^1]);
            parts.Add($"a student's written answer and likeliest option {Word(best)} ({best.Name.ToLowerInvariant()}, κ {K(best.Kappa)}) to {Word(worst)} ({worst.Name.ToLowerInvariant()}, κ {K(worst.Kappa)})");
        }

        parts.AddRange(rows.Where(r => r.Group == Reviews).Select(r => $"its review of itself and the truth {Word(r)} (κ {K(r.Kappa)})"));
        return string.Join("; ", parts);
    }

    private static AgreementRow Reader(ReaderAgreement file, IReadOnlyList<ReaderDisagreement> differ)
    {
        var right = (int)Math.Round(file.AccuracyOurs * file.N);
        var onlyOurs = differ.Count(d => d.Ours == d.Gold && d.Upstream != d.Gold);
        var onlyTheirs = differ.Count(d => d.Upstream == d.Gold && d.Ours != d.Gold);
        if (differ.Count != file.Disagree || right - onlyOurs + onlyTheirs != (int)Math.Round(file.AccuracyUpstream * file.N))
            throw new InvalidDataException($"{file.File}: agreement.csv tells {file.Disagree} disagreements and accuracies {file.AccuracyOurs} and {file.AccuracyUpstream}; disagreements.csv lists {differ.Count}, of which {onlyOurs} and {onlyTheirs} are right by one reading only.");
        return AgreementRow.Of(Readers, ShortName(file.File), right - onlyOurs, onlyOurs, onlyTheirs, file.N - right - onlyTheirs);
    }

    /// <summary>Without what every name has.</summary>
    private static string ShortName(string file) => Path.GetFileNameWithoutExtension(file)
        .Replace("-medqa-test_hard-", ", MedQA hard, ", StringComparison.Ordinal).Replace("-mmlu-pro-test-", ", MMLU-Pro health, ", StringComparison.Ordinal)
        .Replace(".health_biology", ", MMLU-Pro", StringComparison.Ordinal).Replace("-3_1-", "-3.1-", StringComparison.Ordinal).Replace('_', ' ');

    private static string Right(StudyCell cell, IReadOnlyList<(StudyCell Cell, LikelihoodResult Result)> likelihoods) =>
        likelihoods.Where(l => l.Cell == cell).Select(l => l.Result.Right).FirstOrDefault() ?? throw new InvalidDataException($"There is no likelihood record of {cell.Name}.");

    /// <summary>Of each question, how the students' two verdicts fall out.</summary>
    private static List<(int, int, int, int)> Clusters(IReadOnlyList<(string First, string Second)> students)
    {
        var n = students[0].First.Length;
        if (students.Any(s => s.First.Length != n || s.Second.Length != n)) throw new InvalidDataException($"The records do not tell of the same {n} questions.");
        return [.. Enumerable.Range(0, n).Select(i => (
            students.Count(s => s.First[i] == '1' && s.Second[i] == '1'), students.Count(s => s.First[i] == '1' && s.Second[i] != '1'),
            students.Count(s => s.First[i] != '1' && s.Second[i] == '1'), students.Count(s => s.First[i] != '1' && s.Second[i] != '1')))];
    }
}
