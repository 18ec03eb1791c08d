namespace Citrus.Research.Tokenization;

/// <summary>How a tokenizer cuts a text.</summary>
/// <param name="Texts">Texts read.</param>
/// <param name="Bytes">Their length as UTF-8.</param>
/// <param name="Tokens">Tokens they have.</param>
/// <param name="Unknown">Tokens that stand for a word outside the vocabulary.</param>
/// <param name="Used">Different ids among them.</param>
/// <param name="Changed">Texts that do not come back as they were when decoded; normalisation (NFC) is no change.</param>
/// <param name="FirstChanged">The first of them; null where there is none.</param>
public sealed record TokenizerUsage(long Texts, long Bytes, long Tokens, long Unknown, int Used, long Changed, string? FirstChanged)
{
    /// <summary>UTF-8 bytes to a token; 0 where there is none.</summary>
    public double BytesPerToken => Tokens == 0 ? 0 : (double)Bytes / Tokens;
}
