namespace Citrus.Research.Models;

/// <summary>How likely a decoder finds given continuations.</summary>
public static class Likelihood
{
    /// <summary>Tokens of which logits are looked at in one go.</summary>
    private const int Looked = 64;

    /// <summary>Tokens read in one pass at most; longer texts are read in pieces.</summary>
    private const int Piece = 2048;

    /// <summary>Natural log-probability of each token of each continuation, given its prompt and the tokens before.</summary>
    /// <remarks>
    /// Continuations of the same prompt read it once: the options of a question, for instance. On the CPU the numbers are the same, bit for bit, as if each had
    /// read it by itself, and whatever is scored beside it.
    /// </remarks>
    /// <param name="decoder">The student.</param>
    /// <param name="continuations">Prompt (at least one token) and continuation, as token ids.</param>
    /// <param name="batchSize">Continuations in one pass.</param>
    /// <returns>One array a continuation, as long as it.</returns>
    /// <exception cref="ArgumentException">A prompt is empty, or prompt and continuation are too long or hold an unknown token.</exception>
    public static IReadOnlyList<float[]> PerToken(
        Decoder decoder, IReadOnlyList<(IReadOnlyList<int> Prompt, IReadOnlyList<int> Continuation)> continuations, int batchSize = 64, CancellationToken cancellation = default) =>
        PerToken(decoder, continuations, batchSize, share: true, cancellation);

    /// <param name="share">Whether a prompt is read once for all its continuations.</param>
    internal static IReadOnlyList<float[]> PerToken(
        Decoder decoder, IReadOnlyList<(IReadOnlyList<int> Prompt, IReadOnlyList<int> Continuation)> continuations, int batchSize, bool share, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        for (var i = 0; i < continuations.Count; i++) Check(decoder.Config, continuations[i], i);
        var results = continuations.Select(c => new float[c.Continuation.Count]).ToArray();
        if (continuations.Count == 0) return results;
        using var writer = decoder.CreateWriter();
        // Equal prompts become neighbours, in the order in which they first appear.
        IEqualityComparer<IReadOnlyList<int>> same = share ? new SameIds() : new SameList();
        var families = Enumerable.Range(0, continuations.Count).Where(i => continuations[i].Continuation.Count > 0)
            .GroupBy(i => continuations[i].Prompt, same).Select(g => g.ToArray()).ToList();
        for (var at = 0; at < families.Count;)
        {
            // As many families as fill a batch; one that is larger than that goes in several passes over the prompt that it read once.
            var batch = new List<int[]> { families[at++] };
            while (at < families.Count && batch.Sum(f => f.Length) + families[at].Length <= batchSize) batch.Add(families[at++]);
            Score(writer, batch, continuations, batchSize, results, cancellation);
        }

        return results;
    }

    private static void Score(
        IWriter writer, List<int[]> families, IReadOnlyList<(IReadOnlyList<int> Prompt, IReadOnlyList<int> Continuation)> continuations, int batchSize, float[][] results, CancellationToken cancellation)
    {
        // All but a prompt's last token, which is read with each continuation, for the prediction of its first.
        var prompts = families.Select(f => (Ids: (int[])[.. continuations[f[0]].Prompt], Text: writer.Open(), Read: 0)).ToArray();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (inputs, left) = (new List<WriterInput>(), Piece);
            for (var p = 0; p < prompts.Length && left > 0; p++)
            {
                var count = Math.Min(left, prompts[p].Ids.Length - 1 - prompts[p].Read);
                if (count == 0) continue;
                inputs.Add(new WriterInput(prompts[p].Text, prompts[p].Ids.AsMemory(prompts[p].Read, count), 0));
                prompts[p].Read += count;
                left -= count;
            }

            if (inputs.Count == 0) break;
            writer.Read(inputs);
        }

        foreach (var some in families.SelectMany((f, p) => f.Select(i => (Index: i, Prompt: p))).Chunk(batchSize))
        {
            var texts = some.Select(s =>
            {
                var prompt = prompts[s.Prompt];
                return (Text: writer.Fork(prompt.Text, prompt.Read), Ids: (int[])[prompt.Ids[^1], .. continuations[s.Index].Continuation.SkipLast(1)], Read: 0, s.Index);
            }).ToArray();
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var (inputs, targets, left) = (new List<WriterInput>(), new List<(int Index, int Token)>(), Piece);
                for (var t = 0; t < texts.Length && left > 0; t++)
                {
                    var (text, ids, read, index) = texts[t];
                    var count = Math.Min(left, ids.Length - read);
                    if (count == 0) continue;
                    inputs.Add(new WriterInput(text, ids.AsMemory(read, count), count));
                    for (var k = read; k < read + count; k++) targets.Add((index, k));
                    texts[t].Read += count;
                    left -= count;
                }

                if (inputs.Count == 0) break;
                writer.Read(inputs);
                for (var first = 0; first < targets.Count; first += Looked)
                {
                    var count = Math.Min(Looked, targets.Count - first);
                    writer.Predict(first, count);
                    var begin = first;
                    writer.Share(count, (row, _) =>
                    {
                        var (index, token) = targets[begin + row];
                        results[index][token] = (float)TokenSampler.LogProbability(writer.Logits(row), continuations[index].Continuation[token]);
                    });
                }
            }

            foreach (var text in texts) writer.Close(text.Text);
        }

        foreach (var prompt in prompts) writer.Close(prompt.Text);
    }

    private static void Check(DecoderConfig config, (IReadOnlyList<int> Prompt, IReadOnlyList<int> Continuation) asked, int i)
    {
        var (prompt, continuation) = asked;
        if (prompt.Count == 0) throw new ArgumentException($"Continuation {i} has an empty prompt; its first token's probability is not defined.");
        // The last token is predicted and never read.
        if (prompt.Count + continuation.Count - 1 > config.MaxPositions)
            throw new ArgumentException($"Continuation {i} has {prompt.Count + continuation.Count} tokens with its prompt, more than the model's {config.MaxPositions} positions: shorten it.");
        foreach (var id in prompt.Concat(continuation))
            if ((uint)id >= (uint)config.VocabularySize) throw new ArgumentException($"Continuation {i} holds token id {id}; the model knows 0 to {config.VocabularySize - 1}.");
    }

    private sealed class SameIds : IEqualityComparer<IReadOnlyList<int>>
    {
        public bool Equals(IReadOnlyList<int>? x, IReadOnlyList<int>? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.SequenceEqual(y));

        public int GetHashCode(IReadOnlyList<int> ids)
        {
            var hash = new HashCode();
            foreach (var id in ids) hash.Add(id);
            return hash.ToHashCode();
        }
    }

    /// <summary>No two are the same, so that each is read.</summary>
    private sealed class SameList : IEqualityComparer<IReadOnlyList<int>>
    {
        public bool Equals(IReadOnlyList<int>? x, IReadOnlyList<int>? y) => false;

        public int GetHashCode(IReadOnlyList<int> ids) => 0;
    }
}
