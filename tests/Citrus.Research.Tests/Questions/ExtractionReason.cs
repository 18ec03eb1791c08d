using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

/// <summary>Why a publisher's reading and ours differ: the first class that fits. docs/extraction.md says what each means.</summary>
internal static partial class ExtractionReason
{
    public const string Unfinished = "thought not finished";
    public const string Empty = "nothing behind the thought";
    public const string Refusal = "refusal";
    public const string Several = "several letters";
    public const string Outside = "no option's letter";
    public const string NoneFits = "says that none fits";
    public const string Guess = "no answer: upstream guessed";
    public const string LastCapital = "no answer: upstream took the last capital letter";
    public const string Unseen = "no answer: upstream saw what is not in the text";
    public const string Missed = "upstream's pattern missed it";
    public const string Words = "answer in words: upstream took a letter from elsewhere";
    public const string Thought = "upstream read the thought, not the answer behind it";

    public static string Of(PublishedGeneration g, ExtractedAnswer ours)
    {
        var think = ThinkText.Split(g.Output);
        if (!think.IsClosed && think.Answer.Length == 0) return Unfinished;
        if (think.Answer.Length == 0) return Empty;
        if (ours.Label is not null)
            return g.Upstream is null ? Missed
                // MMLU-Pro's scoring chooses one of ten letters by random.seed(12345), which gives G, where its patterns find none.
                : g.File.StartsWith("Meta-Llama", StringComparison.Ordinal) && g.Upstream == "G" && !Announced().IsMatch(g.Output) ? Guess
                : ours.Tier == ExtractionTier.OptionText ? Words
                : Thought;
        if (Sorry().IsMatch(think.Answer)) return Refusal;
        if (SeveralLetters().IsMatch(think.Answer)) return Several;
        if (NotListed().IsMatch(think.Answer)) return NoneFits;
        if (Stated().Matches(think.Answer).Any(m => g.Options.All(o => o.Label != m.Groups["letter"].Value))) return Outside;
        if (g.File.StartsWith("Meta-Llama", StringComparison.Ordinal) && g.Upstream == "G" && !Announced().IsMatch(g.Output)) return Guess;
        return g.Upstream is not null && (LastWord().Match(g.Output).Groups["letter"].Value == g.Upstream || LastLetter().Match(g.Output).Groups["letter"].Value == g.Upstream) ? LastCapital : Unseen;
    }

    // MMLU-Pro's first two patterns (compute_accuracy.py).
    [GeneratedRegex(@"answer is \(?[A-J]\)?|[aA]nswer:\s*[A-J]")]
    private static partial Regex Announced();

    [GeneratedRegex(@"(?i)I'm sorry|I apologize|I cannot|I can't|without (?:knowing|the graph)|provide the graph")]
    private static partial Regex Sorry();

    [GeneratedRegex(@"answer (?:is|are):? \(?[A-J]\)?(?:,? (?:and|or) |, ?|-)\(?[A-J]\b")]
    private static partial Regex SeveralLetters();

    [GeneratedRegex(@"(?i)not (?:explicitly )?listed|none of the (?:provided |given )?options")]
    private static partial Regex NotListed();

    [GeneratedRegex(@"(?i:answer(?: is)?)[:\s*]{1,6}\(?(?<letter>[A-J])\b")]
    private static partial Regex Stated();

    [GeneratedRegex(@"\b(?<letter>[A-J])\b(?![\s\S]*\b[A-J]\b)")]
    private static partial Regex LastWord();

    [GeneratedRegex(@"(?<letter>[A-J])[^A-J]*$")]
    private static partial Regex LastLetter();
}
