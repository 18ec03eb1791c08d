namespace Citrus.Research.Examples.Corpora;

/// <summary>How a corpus is cleaned, deduplicated, decontaminated and mixed.</summary>
public sealed record CorpusOptions
{
    /// <summary>The rules of cleaning; null leaves texts as they are.</summary>
    public CleaningRules? Cleaning { get; init; } = new();

    /// <summary>Whether a document that was there before, letter for letter after cleaning, is left out.</summary>
    public bool DropDuplicates { get; init; } = true;

    /// <summary>Similarity of word runs, above 0 up to 1, from which on a document is left out as nearly the same as an earlier one; null keeps those.</summary>
    public double? NearDuplicates { get; init; } = 0.8;

    /// <summary>Test questions of which no document may hold a run of words; null checks nothing.</summary>
    public Contamination? Tests { get; init; }

    /// <summary>How long the corpus gets, in the unit of <see cref="Length"/>, sources being read again as often as it takes. Null ends when the first weighted source ends (so that nothing repeats and the mix holds), or, without weights, when all are read.</summary>
    public long? Budget { get; init; }

    /// <summary>Length of a document; in characters by default.</summary>
    public Func<string, int> Length { get; init; } = text => text.Length;

    /// <summary>What <see cref="Length"/> counts, for the report.</summary>
    public string Unit { get; init; } = "characters";

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        if (NearDuplicates is not null and not (> 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"Corpus: {nameof(NearDuplicates)} is {NearDuplicates}; it must be above 0 and at most 1."));
        if (Budget is < 1) throw new ArgumentException($"Corpus: {nameof(Budget)} is {Budget}; it must be at least 1.");
        Cleaning?.Validate();
    }
}
