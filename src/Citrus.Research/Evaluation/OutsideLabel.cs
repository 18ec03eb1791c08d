using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>Finds a letter that was given as the answer although no option has it, so that such answers are told apart from none.</summary>
internal static partial class OutsideLabel
{
    private const int Tail = 4000;

    /// <summary>The label; null where the output gives none, or only labels that there are.</summary>
    public static string? Of(string output, IReadOnlyList<Option> options)
    {
        var text = ThinkText.Split(output.Length > Tail ? output[^Tail..] : output).Answer;
        var match = Tagged().Matches(text).LastOrDefault() ?? Stated().Matches(text).LastOrDefault() ?? Lone().Match(text);
        return match.Success && match.Groups[1].Value is var label && options.All(o => o.Label != label) ? label : null;
    }

    [GeneratedRegex(@"<answer>\s*\(?([A-Z])\)?\s*(?:[.:,)][^<]{0,400})?(?:</answer>|$)")]
    private static partial Regex Tagged();

    [GeneratedRegex(@"(?:[Aa]nswer(?:\s+is|:)|答案(?:是|为|：|:))\s*\(?([A-Z])(?![A-Za-z])")]
    private static partial Regex Stated();

    [GeneratedRegex(@"^\s*\(?([A-Z])\)?[.:]?\s*$")]
    private static partial Regex Lone();
}
