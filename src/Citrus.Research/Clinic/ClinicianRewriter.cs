using System.Text.RegularExpressions;

namespace Citrus.Research.Clinic;

/// <summary>How the clinician rewrites a multiple-choice question as an open one: by rule, the asking sentence alone.</summary>
internal static partial class ClinicianRewriter
{
    /// <summary>The stem asked openly; unchanged where it names no options, or asks in a way that no rule knows.</summary>
    public static string Open(string stem)
    {
        if (Chinese().IsMatch(stem))
        {
            stem = ChineseSubject().Replace(stem, "什么$1");
            return Chinese().Replace(stem, "什么");
        }

        return Following().Replace(stem, match =>
        {
            var rest = match.Groups["rest"].Value;
            var starts = char.IsUpper(match.Value[0]);
            if (Verb().IsMatch(rest)) return (starts ? "What " : "what ") + rest;
            // "Which of the following tests should ..." asks for one of them.
            var noun = Plural().Match(rest);
            return (starts ? "What " : "which ") + (starts && noun.Success ? Single(noun.Groups[1].Value) + rest[noun.Groups[1].Length..] : rest);
        });
    }

    private static string Single(string words) =>
        words.EndsWith("ies", StringComparison.Ordinal) ? words[..^3] + "y"
        : words.EndsWith("sses", StringComparison.Ordinal) || words.EndsWith("xes", StringComparison.Ordinal) ? words[..^2]
        : words.EndsWith('s') && !words.EndsWith("ss", StringComparison.Ordinal) && !words.EndsWith("sis", StringComparison.Ordinal) && !words.EndsWith("us", StringComparison.Ordinal) ? words[..^1]
        : words;

    [GeneratedRegex(@"\b[Ww]hich (?:one )?of (?:the following|these)(?: (?:options|choices|answers|statements)(?= (?:is|are|best|most|would|describes?)\b))?,? (?<rest>[^?]*\?)", RegexOptions.CultureInvariant)]
    private static partial Regex Following();

    [GeneratedRegex(@"^(?:is|are|was|were|would|could|can|should|will|may|might|must|has|have|had|does|did|best|most|describes?|explains?|represents?|accounts?|likely|if|in|regarding)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Verb();

    [GeneratedRegex(@"^((?:[\w'’-]+ ){0,4}?[\w'’-]+s)(?: \w)? ?(?= ?(?:is|was|would|could|can|should|will|may|might|must|has|had|does|did|best|most|is|describes|explains)\b)", RegexOptions.CultureInvariant)]
    private static partial Regex Plural();

    [GeneratedRegex(@"(?:以下|下列|下述)(?:选项)?(?:中)?(?:的)?(?:哪|那)(?:一)?(?:项|个|种|类|些)?(?:情况)?")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"(?:以下|下列|下述)(?:选项)?(?:中)?(?:的)?(?:哪|那)(?:一)?(?:项|个|种|类|些)(药物|检查|治疗|措施|疾病|诊断|因素|机制|方法|表现)")]
    private static partial Regex ChineseSubject();
}
