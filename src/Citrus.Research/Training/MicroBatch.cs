using Citrus.Research.Models;

namespace Citrus.Research.Training;

/// <summary>What one pass through the decoder learns from; one or several of them make a step.</summary>
/// <param name="Sequences">All sequences: for preference training the chosen answers, then the rejected, then what is replayed.</param>
/// <param name="Pairs">The pairs whose answers the first sequences are; none for next-token training.</param>
internal sealed record MicroBatch(IReadOnlyList<TrainingSequence> Sequences, IReadOnlyList<TrainingPair> Pairs)
{
    private TokenBatch? _tokens;

    /// <summary>What counts towards a budget in examples.</summary>
    public int Items => Pairs.Count > 0 ? Pairs.Count : Sequences.Count;

    /// <summary>The sequences as the engine reads them; known once <see cref="Pack"/> was called.</summary>
    public TokenBatch Tokens => _tokens ?? throw new InvalidOperationException("The batch is not packed yet.");

    public void Pack(DecoderConfig config) => _tokens = TokenBatch.Pack([.. Sequences.Select(s => (s.Ids, s.Weights))], config.VocabularySize, config.MaxPositions);
}
