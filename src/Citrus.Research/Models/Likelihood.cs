namespace Citrus.Research.Models;

/// <summary>How likely a decoder finds given continuations.</summary>
public static class Likelihood
{
    /// <summary>Natural log-probability of each token of each continuation, given its prompt and the tokens before.</summary>
    /// <param name="decoder">The student.</param>
    /// <param name="continuations">Prompt (at least one token) and continuation, as token ids.</param>
    /// <param name="batchSize">Sequences in one pass.</param>
    /// <returns>One array a continuation, as long as it.</returns>
    public static IReadOnlyList<float[]> PerToken(
        Decoder decoder, IReadOnlyList<(IReadOnlyList<int> Prompt, IReadOnlyList<int> Continuation)> continuations, int batchSize = 64, CancellationToken cancellation = default)
    {
        var results = new float[continuations.Count][];
        var order = Enumerable.Range(0, continuations.Count).OrderBy(i => continuations[i].Prompt.Count + continuations[i].Continuation.Count).ToArray();
        using var engine = decoder.CreateEngine();
        foreach (var batch in order.Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var sequences = batch.Select(i =>
            {
                var (prompt, continuation) = continuations[i];
                if (prompt.Count == 0) throw new ArgumentException($"Continuation {i} has an empty prompt; its first token's probability is not defined.");
                var weights = new float[prompt.Count + continuation.Count];
                weights.AsSpan(prompt.Count).Fill(1);
                return (Ids: (int[])[.. prompt, .. continuation], weights);
            }).ToArray();
            var packed = TokenBatch.Pack(sequences, decoder.Config.VocabularySize, decoder.Config.MaxPositions);
            var found = engine.LogProbabilities(packed);
            var at = 0;
            foreach (var i in batch)
            {
                var count = continuations[i].Continuation.Count;
                results[i] = found[at..(at + count)];
                at += count;
            }
        }

        return results;
    }
}
