using System.Net;
using System.Text;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Citrus.Research.Notebooks;

/// <summary>A notebook as one self-contained HTML page.</summary>
public static class NotebookPage
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>Renders a page.</summary>
    /// <param name="notebook">The notebook with its outputs.</param>
    /// <param name="plotlyScript">plotly.js, put in once if a figure is drawn with it; null looks for a loaded assembly that embeds one.</param>
    /// <param name="trustOutputs">
    /// True (for our own run) lets HTML outputs in as they are; false shows each in a sandboxed frame that cannot reach the page or run scripts.
    /// </param>
    public static string Render(Notebook notebook, string? plotlyScript = null, bool trustOutputs = true)
    {
        var figures = notebook.Cells.SelectMany(c => c.Outputs).Any(o => o.Data.ContainsKey(Plotly));
        var script = figures ? plotlyScript ?? EmbeddedPlotly.Find() : null;
        var title = Title(notebook);
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append("<title>").Append(Text(title)).Append("</title>\n<style>\n").Append(Style).Append("</style>\n");
        if (script is not null) page.Append("<script>").Append(script).Append("</script>\n");
        page.Append("</head>\n<body>\n<main>\n");
        var pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseEmphasisExtras();
        if (!trustOutputs) pipeline = pipeline.DisableHtml();
        var markdown = pipeline.Build();
        var drawn = 0;
        foreach (var cell in notebook.Cells)
        {
            if (cell.Kind == CellKind.Markdown)
            {
                page.Append("<section class=\"prose\">").Append(Prose(cell.Source, trustOutputs, markdown)).Append("</section>\n");
                continue;
            }

            if (cell.Kind == CellKind.Raw || string.IsNullOrWhiteSpace(cell.Source)) continue;
            page.Append("<section class=\"cell\">\n");
            if (cell.Language == "csharp")
                page.Append("<div class=\"count\">[").Append(cell.ExecutionCount?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? " ")
                    .Append("]</div><pre class=\"code\">").Append(CodeHtml.Render(cell.Source)).Append("</pre>\n");
            foreach (var output in cell.Outputs)
                page.Append(Output(output, script is not null, trustOutputs, markdown, ref drawn)).Append('\n');
            page.Append("</section>\n");
        }

        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Markdown as HTML; of a foreign notebook no link may do more than lead somewhere.</summary>
    private static string Prose(string text, bool trusted, MarkdownPipeline pipeline)
    {
        var document = Markdown.Parse(text, pipeline);
        if (!trusted)
        {
            foreach (var link in document.Descendants<LinkInline>().Where(l => !IsHarmless(l.Url))) link.Url = "";
            foreach (var link in document.Descendants<AutolinkInline>().Where(l => !l.IsEmail && !IsHarmless(l.Url))) link.Url = "";
        }

        return document.ToHtml(pipeline);
    }

    private static bool IsHarmless(string? url) =>
        url is null || (Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Scheme is "http" or "https" or "mailto" : !url.Contains(':', StringComparison.Ordinal));

    private static string Output(CellOutput output, bool canPlot, bool trusted, MarkdownPipeline markdown, ref int drawn)
    {
        if (output.Kind == OutputKind.Stream) return $"<pre class=\"stream {(output.Name == "stderr" ? "stderr" : "stdout")}\">{Text(output.Text)}</pre>";
        if (output.Kind == OutputKind.Error)
            return $"<pre class=\"error\">{Text(string.Join('\n', output.Traceback.DefaultIfEmpty($"{output.Name}: {output.Text}")))}</pre>";
        if (canPlot && output.As(Plotly) is { } figure)
        {
            var id = $"figure-{++drawn}";
            return $"<div class=\"output\"><div id=\"{id}\"></div><script>(function(f){{Plotly.newPlot(\"{id}\",f.data,f.layout,{{displaylogo:false,responsive:false}});}})({InScript(figure)});</script></div>";
        }

        if (output.As("text/html") is { } html)
            return trusted ? $"<div class=\"output\">{html}</div>" : $"<iframe class=\"output\" sandbox srcdoc=\"{Text(html)}\"></iframe>";
        if (output.As("image/svg+xml") is { } svg)
            return $"<div class=\"output\"><img alt=\"\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\"></div>";
        foreach (var mime in (string[])["image/png", "image/jpeg"])
            if (output.As(mime) is { } image)
                return $"<div class=\"output\"><img alt=\"\" src=\"data:{mime};base64,{Text(image.ReplaceLineEndings(""))}\"></div>";
        if (output.As("text/markdown") is { } prose) return $"<div class=\"output prose\">{Prose(prose, trusted, markdown)}</div>";
        var plain = output.As("text/plain") ?? output.Data.Values.FirstOrDefault() ?? "";
        return $"<pre class=\"output\">{Text(plain)}</pre>";
    }

    private static string Title(Notebook notebook)
    {
        var heading = notebook.Cells.Where(c => c.Kind == CellKind.Markdown)
            .SelectMany(c => c.Source.Split('\n')).FirstOrDefault(l => l.StartsWith("# ", StringComparison.Ordinal));
        return heading?[2..].Trim() ?? Path.GetFileNameWithoutExtension(notebook.Name);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>JSON that cannot end the script element it stands in.</summary>
    private static string InScript(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal).Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    private const string Style = """
        :root { color-scheme: light; }
        body { margin: 0; background: #fff; color: #1f2328; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 2rem 1.5rem 4rem 4rem; }
        h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 .5em; }
        h1 { font-size: 1.9rem; margin-top: 0; }
        .prose { max-width: 46rem; }
        .prose code { background: #f0f2f5; padding: .1em .3em; border-radius: 4px; font-size: .88em; }
        .cell { position: relative; margin: 1rem 0; }
        .count { position: absolute; left: -3.2rem; width: 2.6rem; text-align: right; top: .6rem; color: #8b949e; font: 12px/1.6 ui-monospace, "Liberation Mono", monospace; }
        pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, "SF Mono", Consolas, "Liberation Mono", monospace; }
        pre.code { background: #f6f8fa; border: 1px solid #e3e7ec; border-radius: 6px; padding: .6rem .9rem; }
        .code b { font-weight: 400; color: #0b5cad; } .code i { font-style: normal; color: #6e7781; } .code s { text-decoration: none; color: #9a4a00; }
        .output, .stream { margin: .6rem 0 0; padding-left: .2rem; overflow-x: auto; }
        .stderr { color: #7a4b00; background: #fff8e6; padding: .4rem .6rem; border-radius: 6px; }
        .error { margin-top: .6rem; color: #82071e; background: #fff0f0; border: 1px solid #ffc9c9; border-radius: 6px; padding: .6rem .9rem; }
        table { border-collapse: collapse; font-size: 14px; } th, td { padding: .25rem .7rem; border-bottom: 1px solid #e3e7ec; text-align: left; vertical-align: top; }
        th { border-bottom: 2px solid #c9d1d9; } td { font-variant-numeric: tabular-nums; }
        img { max-width: 100%; } iframe.output { width: 100%; min-height: 16rem; border: 1px solid #e3e7ec; border-radius: 6px; }

        """;
}
