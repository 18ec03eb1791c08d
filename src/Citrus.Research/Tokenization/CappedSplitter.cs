using Microsoft.ML.Tokenizers;

namespace Citrus.Research.Tokenization;

/// <summary>Cuts pieces that are longer than any word, at code points, because merging a piece takes time that grows with its square.</summary>
/// <remarks>A piece above the cap may so get other tokens than Hugging Face gives it, at the cuts only.</remarks>
internal sealed class CappedSplitter(PreTokenizer inner) : PreTokenizer
{
    /// <summary>UTF-16 units in a piece.</summary>
    public const int MaximumLength = 2048;

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        foreach (var (offset, length) in inner.PreTokenize(text))
        {
            var (at, end) = (offset, offset + length);
            while (end - at > MaximumLength)
            {
                var cut = char.IsLowSurrogate(text[at + MaximumLength]) ? MaximumLength - 1 : MaximumLength;
                yield return (at, cut);
                at += cut;
            }

            yield return (at, end - at);
        }
    }
}
