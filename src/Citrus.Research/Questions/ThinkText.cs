namespace Citrus.Research.Questions;

/// <summary>An output taken apart: what was thought and what was answered.</summary>
/// <param name="Thought">Between the think tags, trimmed; empty where there was no thought.</param>
/// <param name="Answer">What follows the thought, trimmed; the whole output where there was none; empty where the output ends in thought.</param>
/// <param name="IsClosed">False where a thought was begun and never ended.</param>
public sealed record ThinkText(string Thought, string Answer, bool IsClosed)
{
    public const string OpenTag = "<think>";
    public const string CloseTag = "</think>";

    /// <summary>Splits an output. An end tag without a begin tag counts (some chat templates write the begin tag into the prompt); a missing end tag is where the answer tag begins.</summary>
    public static ThinkText Split(string output)
    {
        var open = output.IndexOf(OpenTag, StringComparison.Ordinal);
        var close = output.LastIndexOf(CloseTag, StringComparison.Ordinal);
        if (close >= 0 && open < close)
        {
            var start = open < 0 ? 0 : open + OpenTag.Length;
            return new ThinkText(output[start..close].Trim(), output[(close + CloseTag.Length)..].Trim(), true);
        }

        if (open < 0) return new ThinkText("", output.Trim(), true);
        var rest = output[(open + OpenTag.Length)..];
        var answer = rest.LastIndexOf(AnswerExtraction.OpenTag, StringComparison.Ordinal);
        return answer < 0
            ? new ThinkText(rest.Trim(), "", false)
            : new ThinkText(rest[..answer].Trim(), rest[answer..].Trim(), false);
    }
}
