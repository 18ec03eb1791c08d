using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>Finds the chosen options where there may be several: <c>&lt;answer&gt;A, C&lt;/answer&gt;</c>, <c>AC</c>, <c>A. fever; C. cough</c>, 答案：A、C.</summary>
/// <remarks>
/// The tiers are those of <see cref="AnswerExtraction"/>. One label that no option has makes the whole answer unreadable, for it cannot be the right set, and
/// leaving it out would make another answer of it.
/// </remarks>
public static partial class SeveralAnswers
{
    private const int Tail = 20_000;

    /// <summary>The chosen labels in the options' order, and how they were found; the first of them stands as the extracted letter.</summary>
    public static (IReadOnlyList<string> Labels, ExtractedAnswer Extracted) Extract(string output, IReadOnlyList<Option> options)
    {
        // The thought goes first: of one that never ended, a part is no answer.
        var think = ThinkText.Split(output);
        var text = think.Answer.Length > Tail ? think.Answer[^Tail..] : think.Answer;
        if (AnswerExtraction.Tagged(text) is { } tagged) return Found(Labels(tagged.Content, options), ExtractionTier.Tagged, think.IsClosed && tagged.IsAlone && text.Length == think.Answer.Length);

        // One letter alone is left to the rules for one, which know an article from an option.
        var stated = Stated().Matches(text).LastOrDefault()?.Groups["list"].Value ?? (text.Contains('\n') ? "" : text);
        if (List(stated, options) is { Count: not 1 } said) return Found(said, ExtractionTier.Stated, false);
        var single = AnswerExtraction.Extract(output, options);
        return single.Label is { } label ? ([label], single) : ([], single);
    }

    private static (IReadOnlyList<string>, ExtractedAnswer) Found(IReadOnlyList<string> labels, ExtractionTier tier, bool tidy) => labels.Count == 0
        ? ([], new ExtractedAnswer(ExtractionTier.None, null, null, false))
        : (labels, new ExtractedAnswer(tier, labels[0], null, tidy));

    /// <summary>What stands between the tags: a list of letters; else letters before texts, one a part; else texts alone.</summary>
    private static IReadOnlyList<string> Labels(string content, IReadOnlyList<Option> options)
    {
        if (List(content, options) is { } list) return list;
        var marked = Marked().Matches(content).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();
        if (marked.Count > 0) return marked.TrueForAll(l => options.Any(o => o.Label == l)) ? InOrder(marked, options) : [];
        var parts = content.Split(['\n', ';', '；', '、'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var named = parts.Select(p => options.FirstOrDefault(o => string.Equals(o.Text.Trim(), p.TrimEnd('.', '。'), StringComparison.OrdinalIgnoreCase))?.Label).ToList();
        return named.Count > 0 && named.TrueForAll(l => l is not null) ? InOrder(named!, options) : [];
    }

    /// <summary>Labels alone, however they are joined; null where there is anything else, empty where one is no option's.</summary>
    private static IReadOnlyList<string>? List(string text, IReadOnlyList<Option> options)
    {
        if (Joined().Match(text.Trim().Trim('*', '"', '[', ']', ' ')) is not { Success: true } match) return null;
        var labels = match.Groups["label"].Captures.Select(c => c.Value).Distinct(StringComparer.Ordinal).ToList();
        return labels.TrueForAll(l => options.Any(o => o.Label == l)) ? InOrder(labels, options) : [];
    }

    private static IReadOnlyList<string> InOrder(List<string> labels, IReadOnlyList<Option> options) => [.. options.Select(o => o.Label).Where(labels.Contains)];

    private const string Gap = @"(?:\s*(?:,|，|、|;|；|/|&|\+|and|和|与|及)\s*|\s+)?";

    [GeneratedRegex(@"^(?:[\(（]?(?<label>[A-Z])[\)）]?" + Gap + @"['""]?)+[.。]?$")]
    private static partial Regex Joined();

    [GeneratedRegex(@"(?:^|[\n;；,，、]|\band\b|和)\s*[\(（]?([A-Z])(?:[\)）.．:：]|、)(?=\s|\S)")]
    private static partial Regex Marked();

    [GeneratedRegex(@"(?:\b[Aa]nswers?(?:\s+(?:is|are)|\s*:)|答案(?:应?[是为选]|：|:)+)\s*\*{0,2}(?<list>[\(（]?[A-Z][\)）]?(?:" + Gap + @"[\(（]?[A-Z](?![a-z])[\)）]?)*)(?![A-Za-z])")]
    private static partial Regex Stated();
}
