namespace Citrus.Research.Examples.Corpora;

/// <summary>What makes a text worth reading. The repetition rules are those of Rae et al. 2021 (Gopher, table A1), fewer and with the same bounds.</summary>
/// <remarks>
/// In this order: Unicode NFC; line ends to <c>\n</c>; control characters and invisible marks out, other white space than tab and line end to a blank, runs of blanks to one, ends of lines
/// trimmed, three and more line ends to two; short lines of boilerplate out (cookies, newsletters, copyrights, navigation); then whole documents by length, share of letters and repetition.
/// </remarks>
public sealed record CleaningRules
{
    /// <summary>Fewest characters of a document.</summary>
    public int LeastCharacters { get; init; } = 40;

    /// <summary>Most characters of a document.</summary>
    public int MostCharacters { get; init; } = 4_000_000;

    /// <summary>Least share of letters and digits among the characters that are not white space.</summary>
    public double LeastLetters { get; init; } = 0.6;

    /// <summary>Largest share of characters in lines that were there before in the same document.</summary>
    public double MostRepeatedLines { get; init; } = 0.2;

    /// <summary>Largest share of runs of ten words (or Han characters) that were there before in the same document.</summary>
    public double MostRepeatedRuns { get; init; } = 0.3;

    /// <summary>Whether lines of boilerplate are taken out.</summary>
    public bool DropBoilerplate { get; init; } = true;

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        if (LeastCharacters < 1 || MostCharacters < LeastCharacters) throw new ArgumentException($"Cleaning: documents of {LeastCharacters} to {MostCharacters} characters; at least 1, and no more at least than at most.");
        foreach (var (name, share) in new[] { (nameof(LeastLetters), LeastLetters), (nameof(MostRepeatedLines), MostRepeatedLines), (nameof(MostRepeatedRuns), MostRepeatedRuns) })
            if (!(share is >= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"Cleaning: {name} is {share}; it must be in [0, 1]."));
    }
}
