using System.Globalization;
using System.Net;
using Citrus.Research.Evaluation;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Figures;

/// <summary>How figures, tables and the library's own results show in notebooks.</summary>
public static class FigureFormatters
{
    /// <summary>The MIME type under which Jupyter and VS Code draw Plotly figures.</summary>
    public const string PlotlyMimeType = "application/vnd.plotly.v1+json";

    private const int ShownRows = 20;
    private static int scriptGiven;

    /// <summary>
    /// Registers <see cref="Figure"/> (Plotly JSON, HTML, text), <see cref="FigureTable"/>, <see cref="DataFrame"/>, <see cref="Trace"/>, <see cref="Question"/>, <see cref="Score"/>,
    /// <see cref="Rate"/> and <see cref="StudyResult"/> (HTML, text) with the notebook's formatter; the host knows none of them. Call it in a notebook's first cell: the HTML of the next figure brings plotly.js along, and those after it use that one.
    /// </summary>
    public static void Register()
    {
        Interlocked.Exchange(ref scriptGiven, 0);
        Formatter.Register<Figure>(f => f.ToJson(), PlotlyMimeType);
        Formatter.Register<Figure>(Html, "text/html");
        Formatter.Register<Figure>(Text, "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(Figure), PlotlyMimeType, "text/html");
        Show<FigureTable>(TableHtml, t => t.ToCsv());
        Show<DataFrame>(FrameHtml, f => Shape(f) + "\n" + ShownTable.Text([.. f.Columns.Select(c => c.Name)], FrameRows(f)));
        Show<Trace>(TraceView.Html, TraceView.Text);
        Show<Question>(QuestionView.Html, QuestionView.Text);
        Show<Score>(ScoreView.Html, ScoreView.Text);
        Show<Rate>(r => WebUtility.HtmlEncode(ScoreView.Text(r)), ScoreView.Text);
        Show<StudyResult>(StudyView.Html, StudyView.Text);
    }

    internal static string Html(Figure figure) => FigureHtml.Fragment(figure, withScript: Interlocked.Exchange(ref scriptGiven, 1) == 0);

    internal static string Text(Figure figure) => $"{figure.Title}\n{figure.Caption}\n";

    internal static string TableHtml(FigureTable table) => ShownTable.Html(table.Columns, table.Rows);

    private static string FrameHtml(DataFrame frame) => ShownTable.Html(frame.Columns.Select(c => c.Name), FrameRows(frame)) + $"<p>{Shape(frame)}</p>";

    private static List<IReadOnlyList<string>> FrameRows(DataFrame frame) => [.. frame.Rows.Take(ShownRows).Select(r => (IReadOnlyList<string>)[.. r.Select(Cell)])];

    private static string Shape(DataFrame frame) => string.Create(
        CultureInfo.InvariantCulture, $"{frame.Rows.Count} rows, {frame.Columns.Count} columns{(frame.Rows.Count > ShownRows ? $"; the first {ShownRows} are shown" : "")}");

    /// <summary>Four decimals are what an accuracy is read to; a p-value below them keeps two digits.</summary>
    private static string Cell(object? value) => value switch
    {
        double number when number != 0 && Math.Abs(number) < 0.001 => number.ToString("0.#E0", CultureInfo.InvariantCulture),
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static void Show<T>(Func<T, string> html, Func<T, string> text)
    {
        Formatter.Register<T>(html, "text/html");
        Formatter.Register<T>(text, "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(T), "text/html");
    }
}
