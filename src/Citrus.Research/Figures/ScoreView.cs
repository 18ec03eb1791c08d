using System.Globalization;
using System.Net;
using Citrus.Research.Evaluation;

namespace Citrus.Research.Figures;

/// <summary>A score as a notebook shows it: a row for all questions and one for each group, each with n and its interval, under the protocol's name.</summary>
internal static class ScoreView
{
    private static readonly string[] Columns = ["questions", "n", "right", "accuracy", "95% interval", "by letter", "by name", "chance", "ceiling", "no answer"];

    public static string Html(Score score) => $"<p>{WebUtility.HtmlEncode(score.Protocol.ToString())}</p>" + ShownTable.Html(Columns, Rows(score, "\u00a0"));

    public static string Text(Score score) => $"{score.Protocol}\n" + ShownTable.Text(Columns, Rows(score, " "));

    /// <summary>A rate with everything that belongs to it.</summary>
    public static string Text(Rate rate) => rate.N == 0 ? "0 of 0" : string.Create(CultureInfo.InvariantCulture, $"{rate.Count} of {rate.N}: {F(rate.Fraction)} ({Interval(rate, " ")})");

    private static List<IReadOnlyList<string>> Rows(Score score, string gap) =>
    [
        ["all", N(score.N), N(score.Correct.Count), F(score.Accuracy), Interval(score.Correct, gap), F(score.ByLetter.Fraction), F(score.ByName.Fraction), F(score.Chance), F(score.Ceiling), F(score.NoAnswer.Fraction)],
        .. score.Groups.Select(g => (IReadOnlyList<string>)[$"{g.By} {g.Value}", N(g.Correct.N), N(g.Correct.Count), F(g.Correct.Fraction), Interval(g.Correct, gap), F(g.ByLetter.Fraction), F(g.ByName.Fraction), F(g.Chance), F(g.Ceiling), ""]),
    ];

    private static string Interval(Rate rate, string gap) => $"{F(rate.Interval.Low)}{gap}to{gap}{F(rate.Interval.High)}";

    private static string N(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string F(double? fraction) => fraction is { } value && !double.IsNaN(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "-";
}
