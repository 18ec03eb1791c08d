using System.Text.RegularExpressions;

namespace Citrus.Research.Synthesis;

/// <summary>Finds what does not belong into a thought or an answer: tags of any kind, chat markers, speakers' names, the marks of a narrator's prompt, code fences, prompt headings, bare JSON.</summary>
public static partial class TagFilter
{
    public const string Reason = "stray tags";

    /// <summary>The stray; null where there is none. "p &lt; 0.05" and "&lt;5 mg" are none.</summary>
    /// <param name="thought">What stands between the think tags.</param>
    /// <param name="answer">What stands between the answer tags.</param>
    public static string? Find(string thought, string answer)
    {
        foreach (var text in (ReadOnlySpan<string>)[thought, answer])
            if (Stray().Match(text) is { Success: true } stray) return stray.Value.Trim();
        return null;
    }

    [GeneratedRegex(
        @"</?[A-Za-z][A-Za-z0-9_:-]*(?:\s+[\w:-]+\s*=[^<>]*)?\s*/?>|<\|[^<>|]{1,40}\|>|<<?/?SYS>>?|\[/?INST\]|```|~~~"
        + @"|^\s*(?:user|assistant|human|gpt|用户|助手)\s*[:：]|^\s*system\s*:\s*you\b|\b(?-i:kept|slip|remark):\s|^\s*#{1,4}\s+\S|^\s*[\[{]\s*""[\w ]+""\s*:",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Stray();
}
