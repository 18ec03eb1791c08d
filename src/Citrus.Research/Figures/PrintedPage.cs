using System.Globalization;
using System.Net;

namespace Citrus.Research.Figures;

/// <summary>A figure on a page of its own size, to be printed to PDF.</summary>
internal static class PrintedPage
{
    /// <summary>The page holds the picture that the SVG file holds. It is cut at the paper's edge, so that a rounded pixel makes no second page.</summary>
    public static string Html(Figure figure, string svg) => string.Create(CultureInfo.InvariantCulture, $$"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{WebUtility.HtmlEncode(figure.Title)}}</title><style>
        @page{size:{{figure.Width}}px {{figure.Height}}px;margin:0}html,body{margin:0;padding:0}
        div{width:{{figure.Width}}px;height:{{figure.Height - 1}}px;overflow:hidden;break-inside:avoid}svg{display:block}
        </style></head><body><div>{{svg}}</div></body></html>
        """).ReplaceLineEndings("\n");

    /// <summary>The same file with its times set to the year 2000, in place so that no offset moves: the same figure gives the same bytes.</summary>
    public static byte[] WithoutTime(byte[] pdf)
    {
        foreach (var key in (ReadOnlySpan<string>)["/CreationDate", "/ModDate"])
        {
            var name = System.Text.Encoding.ASCII.GetBytes(key);
            for (var at = pdf.AsSpan().IndexOf(name); at >= 0;)
            {
                // (D:YYYYMMDDhhmmss…
                var digits = pdf.AsSpan(at + name.Length).IndexOf("(D:"u8);
                if (digits is >= 0 and < 4 && at + name.Length + digits + 17 <= pdf.Length)
                    "20000101000000"u8.CopyTo(pdf.AsSpan(at + name.Length + digits + 3));
                var next = pdf.AsSpan(at + name.Length).IndexOf(name);
                at = next < 0 ? -1 : at + name.Length + next;
            }
        }

        return pdf;
    }
}
