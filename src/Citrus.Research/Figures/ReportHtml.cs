using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Citrus.Research.Figures;

/// <summary>The page around a report's data: head, score table, the empty places that the script fills.</summary>
/// <remarks>
/// The policy in the head lets the page's one script and one style run by their hashes and nothing else: no network, no event handler in an attribute, no <c>javascript:</c> link, no HTML from text
/// (trusted types are required and there is no policy that makes any).
/// </remarks>
internal static class ReportHtml
{
    private static readonly string[] Scripts = ["ReportText.js", "ReportData.js", "ReportList.js", "ReportTrace.js", "ReportDetail.js", "ReportPage.js"];
    private static readonly Lazy<string> Style = new(() => Resource("Report.css"));
    private static readonly Lazy<string> Script = new(() => "(() => {\n'use strict';\n" + string.Concat(Scripts.Select(Resource)) + "})();\n");

    public static string Head(ReportPage page) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{Hash(Script.Value)}'; style-src '{Hash(Style.Value)}'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <meta name="color-scheme" content="light dark">
        <title>{E(page.Options.Title)}</title>
        <style>{Style.Value}</style>
        </head>
        <body>
        <a class="skip" href="#list">Skip to the questions</a>
        <header id="top">
        <h1>{E(page.Options.Title)}</h1>
        <p class="sub">{N(page.Questions)} {(page.Questions == 1 ? "question" : "questions")}, {N(page.Samples)} {(page.Samples == 1 ? "sample" : "samples")}, {page.Runs.Count} {(page.Runs.Count == 1 ? "run" : "runs")} · a research record, not for clinical use</p>
        <div class="actions">
        <button type="button" id="theme" aria-pressed="false" title="Light or dark (t)">Dark</button>
        <button type="button" id="help-open" aria-haspopup="dialog" title="Keys and words (?)">Help</button>
        </div>
        </header>
        <details id="scores" open><summary>Scores</summary>
        {Table(page)}{Problems(page)}</details>
        <noscript><p class="notice">The list of questions needs JavaScript, which is switched off here. The score table above is complete.</p></noscript>
        <section id="tools" role="search" aria-label="Find questions" hidden>
        <label class="grow">Search <input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="words, or &quot;a phrase&quot;   (/)" aria-describedby="count"></label>
        <label>Outcome <select id="outcome"></select></label>
        <label>in run <select id="run"></select></label>
        <label>Between runs <select id="between"></select></label>
        <label>Benchmark <select id="benchmark"></select></label>
        <label>Kind <select id="kind"></select></label>
        <label>Tag <select id="tag"></select></label>
        <label>Answer found by <select id="tier"></select></label>
        <label>Variant <select id="variant"></select></label>
        <label>Order <select id="order"></select></label>
        </section>
        <div id="status" hidden><span id="count" role="status" aria-live="polite"></span> <span id="subset"></span> <button type="button" id="reset">Clear filters</button></div>
        <main id="main" hidden>
        <div id="list" role="listbox" tabindex="0" aria-label="Questions"><div id="rows"></div></div>
        <section id="detail" aria-label="Question" tabindex="-1"></section>
        </main>
        <dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><div id="help-body"></div><form method="dialog"><button>Close</button></form></dialog>

        """.ReplaceLineEndings("\n");

    public static string Tail() => $"<script>{Script.Value}</script>\n</body>\n</html>\n";

    private static string Table(ReportPage page)
    {
        var html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Scores\"><table><caption>Right answers out of all questions of the run, with Wilson's 95 % interval; no answer and a missing sample count as wrong.</caption>\n<thead><tr>");
        foreach (var column in (string[])["Run", "Benchmark", "Protocol", "Right", "Accuracy", "95 % interval", "", "No answer", "Missing", "Of answered", "In form", "Tokens out", "Latency"])
            html.Append(column.Length == 0 ? "<td></td>" : $"<th scope=\"col\">{column}</th>");
        html.Append("</tr></thead><tbody>\n");
        for (var i = 0; i < page.Scores.Count; i++)
        {
            var s = page.Scores[i];
            var isPart = i > 0 && page.Scores[i - 1].Run == s.Run;
            html.Append(CultureInfo.InvariantCulture, $"<tr{(isPart ? " class=\"part\"" : "")}><th scope=\"row\">{E(s.Run)}{(isPart || s.Model.Length == 0 ? "" : $"<span class=\"model\">{E(s.Model)}</span>")}</th><td>{E(s.Benchmark)}</td><td>{E(isPart ? "" : s.Protocol)}</td>")
                .Append($"<td class=\"n\">{N(s.Right)} / {N(s.N)}</td><td class=\"n strong\"{(s.Note.Length > 0 ? $" title=\"{E(s.Note)}\"" : "")}>{P(s.Accuracy)}{(s.Note.Length > 0 ? "*" : "")}</td>")
                .Append($"<td class=\"n\">{F(100 * s.Low, "0.0")} – {P(s.High)}</td><td>{Bar(s)}</td><td class=\"n\">{N(s.NoAnswer)}</td><td class=\"n\">{N(s.Missing)}</td>")
                .Append($"<td class=\"n\">{(s.ValidAccuracy is { } valid ? P(valid) : "–")}</td><td class=\"n\">{(s.WellFormed is { } form ? P(form) : "–")}</td>")
                .Append($"<td class=\"n\">{(s.MeanOutputTokens is { } tokens ? F(tokens, "N0") : "–")}</td><td class=\"n\">{(s.MeanLatencyMs is { } ms ? F(ms / 1000, "0.0#") + " s" : "–")}</td></tr>\n");
        }

        html.Append("</tbody></table></div>\n");
        foreach (var note in page.Scores.Where(s => s.Note.Length > 0).Select(s => s.Note).Distinct()) html.Append($"<p class=\"note\">* {E(note)}.</p>\n");
        return html.ToString();
    }

    // Attributes of SVG are no styles, so the policy lets them stand.
    private static string Bar(ReportScore s)
    {
        static string X(double share) => F(share * 120, "0.##");
        var chance = s.Chance is { } c ? $"<line class=\"chance\" x1=\"{X(c)}\" x2=\"{X(c)}\" y1=\"2\" y2=\"14\"><title>guessing: {P(c)}</title></line>" : "";
        return $"<svg class=\"bar\" width=\"120\" height=\"16\" viewBox=\"0 0 120 16\" role=\"img\" aria-label=\"{P(s.Accuracy)}, from {P(s.Low)} to {P(s.High)}\"><line class=\"axis\" x1=\"0\" x2=\"120\" y1=\"8\" y2=\"8\"/>{chance}"
            + $"<rect class=\"range\" x=\"{X(s.Low)}\" y=\"5\" width=\"{X(Math.Max(0.005, s.High - s.Low))}\" height=\"6\" rx=\"3\"/><circle class=\"point\" cx=\"{X(s.Accuracy)}\" cy=\"8\" r=\"3.5\"/></svg>";
    }

    private static string Problems(ReportPage page)
    {
        if (page.Problems.Count == 0) return "";
        var html = new StringBuilder($"<details class=\"problems\"><summary>{N(page.Problems.Count)} {(page.Problems.Count == 1 ? "remark" : "remarks")} on the inputs</summary><ul>");
        foreach (var problem in page.Problems) html.Append($"<li>{E(problem)}</li>");
        return html.Append("</ul></details>\n").ToString();
    }

    private static string Resource(string name)
    {
        using var stream = typeof(ReportHtml).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the library.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string E(string text) => WebUtility.HtmlEncode(new string([.. text.Select(c => char.IsControl(c) || IsDirection(c) ? '\uFFFD' : c)]));

    // A run's or model's name must not turn the table's line around.
    private static bool IsDirection(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';

    private static string P(double share) => F(100 * share, "0.0") + " %";

    private static string N(int number) => F(number, "N0");

    private static string F(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
