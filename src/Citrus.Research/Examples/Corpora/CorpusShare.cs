namespace Citrus.Research.Examples.Corpora;

/// <summary>What a source gave to a corpus.</summary>
public sealed record CorpusShare
{
    public required string Source { get; init; }

    /// <summary>The part that was asked for, 0 to 1; null without weights.</summary>
    public double? Asked { get; init; }

    /// <summary>The part that it is, by length, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Documents read, those of later passes included.</summary>
    public required long Read { get; init; }

    /// <summary>Documents in the corpus, repetitions included.</summary>
    public required long Documents { get; init; }

    /// <summary>Their length, in the corpus's unit.</summary>
    public required long Length { get; init; }

    /// <summary>How often the source was begun.</summary>
    public required int Passes { get; init; }

    /// <summary>Whether it was read to its end at least once.</summary>
    public required bool Ended { get; init; }

    /// <summary>Documents left out in the first pass, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }
}
