namespace Citrus.Research.Tokenization;

/// <summary>What a byte-level BPE vocabulary is to be like.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>Ids in all: 9 special tokens, 256 bytes, the rest merges; fewer where the corpus has no more pairs. At least 265.</summary>
    public int VocabularySize { get; init; } = 8192;

    /// <summary>A pair seen less often than this is not merged. At least 1.</summary>
    public int MinimumFrequency { get; init; } = 2;
}
