using System.Net;
using System.Text;
using Citrus.Research.Questions;

namespace Citrus.Research.Figures;

/// <summary>A question as a notebook shows it: stem, options, the right ones marked, and where it comes from.</summary>
internal static class QuestionView
{
    public static string Html(Question question)
    {
        var html = new StringBuilder("<div class=\"citrus-question\" style=\"line-height:1.45\"><p><b>").Append(E(question.Id)).Append("</b> ").Append(E(Origin(question))).Append("</p><p style=\"white-space:pre-wrap\">").Append(E(question.Stem)).Append("</p><ul style=\"list-style:none\">");
        foreach (var option in question.Options)
        {
            var right = question.Answers.Contains(option.Label);
            html.Append("<li>").Append(right ? "<b>" : "").Append(E(option.Label)).Append(". ").Append(E(option.Text)).Append(right ? "</b> (right)" : "").Append("</li>");
        }

        return html.Append("</ul></div>").ToString();
    }

    public static string Text(Question question) => $"{question.Id} {Origin(question)}\n{question.Stem}\n"
        + string.Concat(question.Options.Select(o => $"{(question.Answers.Contains(o.Label) ? '*' : ' ')} {o.Label}. {o.Text}\n")) + "* right\n";

    private static string Origin(Question question) => string.Join(", ", new[] { question.Benchmark, question.Split, question.Kind }.Where(t => t.Length > 0));

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
