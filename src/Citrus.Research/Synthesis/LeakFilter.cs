using System.Text.RegularExpressions;

namespace Citrus.Research.Synthesis;

/// <summary>Finds where a narrative says that an answer, a reviewer or a task was there beforehand. That "the answer is B" is no leak: a thought may come to it.</summary>
public static partial class LeakFilter
{
    public const string Reason = "leak";

    /// <summary>The words that give it away; null where there are none.</summary>
    public static string? Find(string text)
    {
        if (text.Contains(Pathways.AnswerLeak.Withheld, StringComparison.Ordinal)) return Pathways.AnswerLeak.Withheld;
        var match = English().Match(text);
        if (!match.Success && text.AsSpan().ContainsAnyInRange('\u4E00', '\u9FFF')) match = Chinese().Match(text);
        return match.Success ? match.Value.Trim() : null;
    }

    // The optional adjectives before "answer" are what makes it somebody else's.
    private const string Owned = "(?:correct|right|true|reference|gold(?:en)?|gold[- ]standard|standard|official|expected|provided|given|supplied|known|stated|ground[- ]truth|model)";

    [GeneratedRegex(
        @"\b" + Owned + @"\s+(?:answer|solution|option|diagnosis|choice)\s+(?:is|was|has\s+been|had\s+been)\s+(?:already\s+|previously\s+)?(?:given|provided|known|stated|supplied|revealed|specified|told|listed\s+as)\b"
        + @"|\b(?:reference|gold(?:en)?|gold[- ]standard|ground[- ]truth|expected|official|provided|supplied|known|model)\s+(?:answer|solution|label)s?\b(?!\s+(?:choice|option)s?)"
        + @"|\b(?:the|a|this)\s+(?:given|stated)\s+(?:correct\s+|right\s+)?answer\b(?!\s+(?:choice|option)s?)"
        + @"|\bground[- ]truth\b|\banswer\s+key\b"
        + @"|\b(?:according\s+to|as\s+per|per|based\s+on|in\s+line\s+with|consistent\s+with|(?:that|which|this|and)\s+(?:matches|agrees\s+with|aligns\s+with))\s+the\s+(?:(?:" + Owned + @"\s+)?(?:answer|truth)|" + Owned + @"\s+solution)\b(?!\s+(?:choice|option)s?)"
        + @"|\b(?:since|because|given\s+that|knowing\s+that|as)\s+(?:we|I)\s+(?:already\s+)?know\s+(?:that\s+)?the\s+(?:correct\s+|right\s+)?answer\b"
        + @"|\b(?:I|we)\s+(?:was|were|am|are|have\s+been)\s+(?:told|given|informed)\s+(?:that\s+)?(?:the\s+(?:correct\s+|right\s+)?(?:answer|diagnosis)|it\s+is\s+(?:wrong|right))\b"
        + @"|\bthe\s+(?:correct\s+|right\s+)?answer\s+(?:was|is|has\s+been)\s+(?:already\s+)?(?:given|provided|supplied|revealed|specified|known)\b"
        + @"|\b(?:reviewer|rater|grader|supervisor|colleague|reflection\s+expert|reflection|expert|judge)(?:'s|’s)?\s+(?:feedback|remarks?|comments?|rating)\b"
        + @"|\b(?:the|a|my)\s+(?:reviewer|rater|grader|reflection\s+expert|reasoning\s+expert)\b"
        + @"|\b(?:as|according\s+to|per|based\s+on|given|following)\s+the\s+(?:feedback|remarks?)\b(?!\s+(?:loop|inhibition|mechanism|regulation|control))"
        + @"|\bthe\s+(?:feedback|remark)\s+(?:says|said|tells|told|states|stated|points\s+out|pointed\s+out|mentions|mentioned|suggests|notes|noted|indicates|indicated)\b"
        + @"|\b(?:rejected|provided|kept)\s+steps?\b|\bthe\s+prompt\s+(?:says|tells|asks|states|gives|provides|instructs)\b|\bas\s+an\s+AI\b|\bas\s+a\s+(?:large\s+)?language\s+model\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex English();

    [GeneratedRegex(
        @"参考答案|标准答案|官方答案|已知(?:的)?(?:正确)?答案|(?:给定|给出|提供|所给)(?:的)?(?:正确)?(?:答案|回答)|(?:正确)?答案(?:已经?|早已)(?:给出|知道|提供|告知|给定|公布)|根据(?:正确)?答案|(?:与|和|跟)(?:正确|标准|参考|给定)?答案(?:一致|相符|吻合|相同)"
        + @"|已知(?:道)?正确(?:选项|诊断)|(?:评审|审稿人|评委|评分者|反思专家|推理专家|上级医师|上级医生|同事)(?:的|给出的|指出的)?(?:反馈|评语|点评|批注|评分|指出)|专家(?:的|给出的)?(?:反馈|评语|点评|批注)"
        + @"|(?:根据|按照|依据|参照)(?:上述|以上|该|这一|这条|收到的|给出的)?(?:反馈|评语|点评)|(?<![负正])反馈(?:中)?(?:指出|说|提到|认为|表明|提示我)|被(?:拒绝|驳回|否决)的步骤|题目(?:中)?(?:已经?)?给出(?:了)?(?:正确)?答案|提示词|作为(?:一个|一名)?(?:AI|人工智能|语言模型)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Chinese();
}
