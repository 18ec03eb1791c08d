using Citrus.Research.Examples;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Training;

/// <summary>Documents for continued pre-training as sequences of one length: joined with end tokens and cut, so that nothing is padding (Brown et al. 2020, section 2.2).</summary>
public static class JoinedDocuments
{
    /// <summary>The sequences, streaming. Each token but the first of all is predicted exactly once: a sequence begins with the token that the one before it ended with.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="documents">Read once, in their order.</param>
    /// <param name="length">Tokens that are predicted in a sequence, so it has one more; the last is shorter.</param>
    /// <remarks>A document attends to what stood before it in its sequence, as is usual; the end token tells them apart. To keep them apart use <see cref="BatchStreams.Packed(IReadOnlyList{TrainingSequence}, int, long)"/>.</remarks>
    public static IEnumerable<TrainingSequence> Of(StudentTokenizer tokenizer, IEnumerable<Passage> documents, int length)
    {
        if (length < 2) throw new ArgumentException($"Sequences of {length} tokens; at least 2 are needed.");
        var rest = new List<int>();
        foreach (var document in documents)
        {
            rest.AddRange(tokenizer.Encode(document.Text));
            rest.Add(tokenizer.EndOfTextId);
            var at = 0;
            for (; rest.Count - at > length; at += length) yield return new TrainingSequence([.. rest[at..(at + length + 1)]]);
            rest.RemoveRange(0, at);
        }

        if (rest.Count > 1) yield return new TrainingSequence([.. rest]);
    }
}
