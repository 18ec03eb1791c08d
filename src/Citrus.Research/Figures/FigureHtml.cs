using System.Net;

namespace Citrus.Research.Figures;

/// <summary>A figure as HTML.</summary>
internal static class FigureHtml
{
    /// <summary>A page with everything in it.</summary>
    public static string Page(Figure figure) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>{WebUtility.HtmlEncode(figure.Title)}</title>
        <script>{PlotlyScript.Text()}</script>
        </head>
        <body style="margin:0;background:#fff">
        {Drawing(figure)}
        </body>
        </html>

        """.ReplaceLineEndings("\n");

    /// <summary>A piece of HTML for a notebook; plotly.js comes with it, or is waited for because an earlier piece brought it.</summary>
    public static string Fragment(Figure figure, bool withScript)
    {
        // Hidden from require.js, which older Jupyter pages have and which would keep the script from becoming window.Plotly.
        var script = withScript ? $"<script>if(!window.Plotly){{(function(define,exports,module){{{PlotlyScript.Text()}\n}}).call(window);}}</script>\n" : "";
        return script + Drawing(figure);
    }

    /// <summary>JSON that cannot end the script element it stands in.</summary>
    public static string InScript(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal).Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    private static string Drawing(Figure figure) => $$$"""
        <div id="figure-{{{figure.Id}}}" style="width:{{{figure.Width}}}px;height:{{{figure.Height}}}px"></div>
        <script>(function(f){var tries=0;(function draw(){if(window.Plotly){Plotly.newPlot("figure-{{{figure.Id}}}",f.data,f.layout,{displaylogo:false});}else if(tries++<100){setTimeout(draw,100);}else{document.getElementById("figure-{{{figure.Id}}}").textContent="plotly.js is not on this page: run the cell that shows the first figure again.";}})();})({{{InScript(figure.ToJson())}}});</script>
        """;
}
