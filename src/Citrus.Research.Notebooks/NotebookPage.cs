using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Citrus.Research.Notebooks.Formatting;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Citrus.Research.Notebooks;

/// <summary>
/// A notebook as one self-contained HTML page. Outputs are not trusted: HTML that is more than tables and text is shown in a sandboxed frame, whose scripts run but
/// cannot reach the page, and the page loads nothing but pictures.
/// </summary>
public static class NotebookPage
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>Renders a page.</summary>
    /// <param name="notebook">The notebook with its outputs.</param>
    /// <param name="plotlyScript">plotly.js, put in once if a figure is drawn with it; null looks for a loaded assembly that embeds one.</param>
    public static string Render(Notebook notebook, string? plotlyScript = null)
    {
        var figures = notebook.Cells.SelectMany(c => c.Outputs).Any(o => o.Data.ContainsKey(Plotly));
        var script = figures ? plotlyScript ?? EmbeddedPlotly.Find() : null;
        var title = Title(notebook);
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"").Append(Policy).Append("\">\n");
        page.Append("<title>").Append(Text(title)).Append("</title>\n<style>\n").Append(Style).Append("</style>\n");
        if (script is not null) page.Append("<script>").Append(script).Append("</script>\n");
        page.Append("</head>\n<body>\n<main>\n");
        var markdown = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseEmphasisExtras().DisableHtml().Build();
        var drawn = 0;
        foreach (var cell in notebook.Cells)
        {
            if (cell.Kind == CellKind.Markdown)
            {
                page.Append("<section class=\"prose\">").Append(Prose(cell.Source, cell.Attachments, markdown)).Append("</section>\n");
                continue;
            }

            if (cell.Kind == CellKind.Raw || string.IsNullOrWhiteSpace(cell.Source)) continue;
            page.Append("<section class=\"cell\">\n");
            if (cell.Language == "csharp")
                page.Append("<div class=\"count\">[").Append(cell.ExecutionCount?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? " ")
                    .Append("]</div><pre class=\"code\">").Append(CodeHtml.Render(cell.Source)).Append("</pre>\n");
            foreach (var output in cell.Outputs)
                page.Append(Output(output, script is not null, markdown, ref drawn)).Append('\n');
            page.Append("</section>\n");
        }

        page.Append("<script>").Append(Heights).Append("</script>\n");
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Markdown as HTML; no link does more than lead somewhere.</summary>
    private static string Prose(string text, JsonObject? attachments, MarkdownPipeline pipeline)
    {
        var document = Markdown.Parse(text, pipeline);
        foreach (var link in document.Descendants<LinkInline>())
            link.Url = link.IsImage && Attached(link.Url, attachments) is { } picture ? picture : IsHarmless(link.Url) ? link.Url : "";
        foreach (var link in document.Descendants<AutolinkInline>().Where(l => !l.IsEmail && !IsHarmless(l.Url))) link.Url = "";
        return document.ToHtml(pipeline);
    }

    /// <summary>A picture that lies in the cell itself.</summary>
    private static string? Attached(string? url, JsonObject? attachments)
    {
        if (url is null || !url.StartsWith("attachment:", StringComparison.Ordinal) || attachments?[Uri.UnescapeDataString(url["attachment:".Length..])] is not JsonObject bundle) return null;
        foreach (var mime in (string[])["image/png", "image/jpeg", "image/gif"])
            if (bundle[mime]?.ToString() is { } data) return $"data:{mime};base64,{new string([.. data.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=')])}";
        return null;
    }

    private static bool IsHarmless(string? url) =>
        url is null || (Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Scheme is "http" or "https" or "mailto" : !url.Contains(':', StringComparison.Ordinal));

    private static string Output(CellOutput output, bool canPlot, MarkdownPipeline markdown, ref int drawn)
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
            return HarmlessHtml.Is(html, out var inline) ? $"<div class=\"output\">{inline}</div>" : $"<iframe class=\"output\" sandbox=\"allow-scripts\" srcdoc=\"{Text(Framed(html))}\"></iframe>";
        if (output.As("image/svg+xml") is { } svg)
            return $"<div class=\"output\"><img alt=\"\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\"></div>";
        foreach (var mime in (string[])["image/png", "image/jpeg"])
            if (output.As(mime) is { } image)
                return $"<div class=\"output\"><img alt=\"\" src=\"data:{mime};base64,{Text(image.ReplaceLineEndings(""))}\"></div>";
        if (output.As("text/markdown") is { } prose) return $"<div class=\"output prose\">{Prose(prose, null, markdown)}</div>";
        var plain = output.As("text/plain") ?? output.Data.Values.FirstOrDefault() ?? "";
        return $"<pre class=\"output\">{Text(plain)}</pre>";
    }

    /// <summary>A page of its own around an output, which tells its height.</summary>
    private static string Framed(string html) => $$"""
        <!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{{FramePolicy}}"><style>body{margin:0;font:14px/1.5 system-ui,sans-serif}</style></head><body>{{html}}
        <script>(function(){function tell(){parent.postMessage({citrusHeight:document.documentElement.scrollHeight},"*");}tell();addEventListener("load",tell);if(window.ResizeObserver)new ResizeObserver(tell).observe(document.body);})();</script></body></html>
        """;

    private static string Title(Notebook notebook)
    {
        var heading = notebook.Cells.Where(c => c.Kind == CellKind.Markdown)
            .SelectMany(c => c.Source.Split('\n')).FirstOrDefault(l => l.StartsWith("# ", StringComparison.Ordinal));
        return heading?[2..].Trim() ?? Path.GetFileNameWithoutExtension(notebook.Name);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>JSON that cannot end the script element it stands in.</summary>
    internal static string InScript(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal).Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    // Pictures of prose may lie elsewhere; nothing else is loaded from anywhere. The frames take over what is forbidden here.
    private const string Policy = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src * data: blob: file:; font-src data:; form-action 'none'; base-uri 'none'";
    private const string FramePolicy = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

    /// <summary>Gives a frame the height that it asks for, within bounds; a message is only heard from a frame of this page.</summary>
    private const string Heights = """
        addEventListener("message",function(e){var h=e.data&&e.data.citrusHeight;if(typeof h!=="number"||!(h>0))return;
        document.querySelectorAll("iframe.output").forEach(function(f){if(f.contentWindow===e.source)f.style.height=Math.min(Math.ceil(h)+4,5000)+"px";});});
        """;

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
        .output pre { background: none; } td pre { margin: 0; } details { margin: .2rem 0; } summary { cursor: default; }
        img { max-width: 100%; } iframe.output { width: 100%; min-height: 3rem; box-sizing: border-box; border: 1px solid #e3e7ec; border-radius: 6px; }

        """;
}
