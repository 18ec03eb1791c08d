using System.Globalization;
using System.Net;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>A study as a notebook shows it: what was asked in a line, and a row a student (or the mean over seeds) with n and interval.</summary>
internal static class StudyView
{
    private static readonly string[] Columns = ["budget", "stage", "arm", "size", "seed", "n", "letter accuracy", "95% interval", "named", "likelihood", "ceiling", "true claims", "training tokens"];

    public static string Html(StudyResult study) => $"<p>{WebUtility.HtmlEncode(Headline(study))}</p>" + ShownTable.Html(Columns, Rows(study));

    public static string Text(StudyResult study) => Headline(study) + "\n" + ShownTable.Text(Columns, Rows(study));

    private static string Headline(StudyResult study)
    {
        var seeds = study.Rows.Where(r => r.Seed is not null).Select(r => r.Seed).Distinct().Count();
        return string.Create(CultureInfo.InvariantCulture,
            $"Study {study.Plan.Name} at scale {study.Plan.Scale}: {study.Rows.Count(r => r is { Group: "overall", Seed: not null })} students, {seeds} seed{(seeds == 1 ? "" : "s")}, {study.Plan.ScoredQuestions} questions each of {study.Plan.World}'s {study.Plan.Split} split.");
    }

    private static List<IReadOnlyList<string>> Rows(StudyResult study) =>
    [
        .. study.Headlines.Select(r => (IReadOnlyList<string>)
        [
            r.Budget, r.Stage, r.Arm, r.Size, r.Seed?.ToString(CultureInfo.InvariantCulture) ?? "mean", r.Questions.ToString(CultureInfo.InvariantCulture), F(r.Letter), $"{F(r.LetterLow)} to {F(r.LetterHigh)}",
            F(r.Named), F(r.Likelihood), F(r.Ceiling), r.Faithful is { } share ? F(share) : "-", r.TrainingTokens.ToString("N0", CultureInfo.InvariantCulture),
        ]),
    ];

    private static string F(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
