namespace Citrus.Research.Models;

/// <summary>Sequences laid end to end, and the tokens whose log-probability is asked for.</summary>
/// <remarks>The last token of each sequence is predicted but never read, so it is not among <see cref="Ids"/>.</remarks>
internal sealed class TokenBatch
{
    private TokenBatch(int[] ids, int[] starts, int[] rows, int[] targets, float[] weights, int[] owners) =>
        (Ids, Starts, Rows, Targets, Weights, Owners) = (ids, starts, rows, targets, weights, owners);

    /// <summary>Tokens that are read, all sequences one after the other.</summary>
    public int[] Ids { get; }

    /// <summary>Where each sequence begins in <see cref="Ids"/>; one more entry for the end.</summary>
    public int[] Starts { get; }

    /// <summary>For each predicted token, the index in <see cref="Ids"/> of the token before it.</summary>
    public int[] Rows { get; }

    /// <summary>The predicted tokens.</summary>
    public int[] Targets { get; }

    /// <summary>Their weights, all above 0.</summary>
    public float[] Weights { get; }

    /// <summary>The sequence that each belongs to.</summary>
    public int[] Owners { get; }

    public int Sequences => Starts.Length - 1;

    /// <summary>Longest sequence, in tokens read.</summary>
    public int Longest { get; private init; }

    /// <param name="sequences">Token ids and, for each, the weight of predicting it; a weight of 0 is not predicted, nor is the first token.</param>
    /// <param name="vocabulary">Number of token ids.</param>
    /// <param name="longest">Most tokens that the model can read.</param>
    public static TokenBatch Pack(IReadOnlyList<(int[] Ids, float[] Weights)> sequences, int vocabulary, int longest)
    {
        var starts = new int[sequences.Count + 1];
        var predicted = 0;
        for (var s = 0; s < sequences.Count; s++)
        {
            var (ids, weights) = sequences[s];
            if (ids.Length != weights.Length) throw new ArgumentException($"Sequence {s} has {ids.Length} ids but {weights.Length} weights.");
            if (ids.Length < 2) throw new ArgumentException($"Sequence {s} has {ids.Length} tokens; at least 2 are needed to predict one.");
            if (ids.Length - 1 > longest)
                throw new ArgumentException($"Sequence {s} has {ids.Length} tokens, more than the model's {longest} positions: shorten it or raise max_position_embeddings.");
            starts[s + 1] = starts[s] + ids.Length - 1;
            for (var t = 1; t < ids.Length; t++) if (weights[t] > 0) predicted++;
        }

        var (flat, rows, targets, kept, owners) = (new int[starts[^1]], new int[predicted], new int[predicted], new float[predicted], new int[predicted]);
        var (next, most) = (0, 0);
        for (var s = 0; s < sequences.Count; s++)
        {
            var (ids, weights) = sequences[s];
            foreach (var id in ids)
                if ((uint)id >= (uint)vocabulary) throw new ArgumentException($"Sequence {s} holds token id {id}; the model knows 0 to {vocabulary - 1}.");
            Array.Copy(ids, 0, flat, starts[s], ids.Length - 1);
            most = Math.Max(most, ids.Length - 1);
            for (var t = 1; t < ids.Length; t++)
            {
                if (weights[t] == 0) continue;
                if (!(weights[t] > 0) || float.IsInfinity(weights[t]))
                    throw new ArgumentException(FormattableString.Invariant($"Sequence {s}, token {t}: a loss weight of {weights[t]}; it must be finite and not negative."));
                (rows[next], targets[next], kept[next], owners[next]) = (starts[s] + t - 1, ids[t], weights[t], s);
                next++;
            }
        }

        return new TokenBatch(flat, starts, rows, targets, kept, owners) { Longest = most };
    }
}
