using System.Globalization;
using System.Net;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>A study as a notebook shows it: what was asked in a line, and a row a student (or the mean over seeds) with n and interval.</summary>
internal static class StudyView
{
    private static readonly (string Name, Func<StudyRow, string> Value)[] Kinds = [("budget", r => r.Budget), ("stage", r => r.Stage), ("arm", r => r.Arm), ("size", r => r.Size)];
    private static readonly string[] Numbers = ["seed", "n", "letter accuracy", "95% interval", "named", "likelihood", "ceiling", "true claims", "training tokens"];

    public static string Html(StudyResult study) => $"<p>{WebUtility.HtmlEncode(Headline(study))}</p>" + ShownTable.Html(Columns(study), Rows(study, "\u00a0"));

    public static string Text(StudyResult study) => Headline(study) + "\n" + ShownTable.Text(Columns(study), Rows(study, " "));

    private static string Headline(StudyResult study)
    {
        var seeds = study.Rows.Where(r => r.Seed is not null).Select(r => r.Seed).Distinct().Count();
        var common = study.Rows.Count == 0 ? "" : string.Concat(Kinds.Except(Told(study)).Select(k => $" {FigureLook.Capital(k.Name)}: {k.Value(study.Rows[0])}."));
        return string.Create(CultureInfo.InvariantCulture,
            $"Study {study.Plan.Name} at scale {study.Plan.Scale}: {study.Rows.Count(r => r is { Group: "overall", Seed: not null })} students, {seeds} seed{(seeds == 1 ? "" : "s")}, {study.Plan.ScoredQuestions} questions each of {study.Plan.World}'s {study.Plan.Split} split.{common}");
    }

    /// <summary>What differs between rows is a column; the rest is said once.</summary>
    private static List<(string Name, Func<StudyRow, string> Value)> Told(StudyResult study) => [.. Kinds.Where(k => study.Headlines.Select(k.Value).Distinct().Count() != 1)];

    private static List<string> Columns(StudyResult study) => [.. Told(study).Select(k => k.Name), .. Numbers];

    private static List<IReadOnlyList<string>> Rows(StudyResult study, string gap)
    {
        var told = Told(study);
        return
        [
            .. study.Headlines.Select(r => (IReadOnlyList<string>)
            [
                .. told.Select(k => k.Value(r)), r.Seed?.ToString(CultureInfo.InvariantCulture) ?? "mean", r.Questions.ToString(CultureInfo.InvariantCulture), F(r.Letter), $"{F(r.LetterLow)}{gap}to{gap}{F(r.LetterHigh)}",
                F(r.Named), F(r.Likelihood), F(r.Ceiling), r.Faithful is { } share ? F(share) : "-", r.TrainingTokens.ToString("N0", CultureInfo.InvariantCulture),
            ]),
        ];
    }

    private static string F(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
