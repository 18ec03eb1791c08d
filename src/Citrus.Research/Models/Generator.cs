using Citrus.Research.Questions;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>Lets a decoder write: batched, with cached keys and values, finished answers leaving the batch.</summary>
public static class Generator
{
    /// <summary>Continues each prompt.</summary>
    /// <param name="decoder">The student.</param>
    /// <param name="prompts">Token ids, at least one each.</param>
    /// <param name="progress">Called after each batch with the number of finished prompts.</param>
    /// <returns>One answer a prompt, in order. An answer does not depend on the other prompts, near-ties of two logits aside.</returns>
    public static IReadOnlyList<Generation> Generate(
        Decoder decoder, IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions options, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        options.Validate();
        for (var i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Count == 0) throw new ArgumentException($"Prompt {i} is empty.");
            if (prompts[i].Count >= decoder.Config.MaxPositions)
                throw new ArgumentException($"Prompt {i} has {prompts[i].Count} tokens; the model reads {decoder.Config.MaxPositions}, which leaves no room for an answer.");
            foreach (var id in prompts[i])
                if ((uint)id >= (uint)decoder.Config.VocabularySize) throw new ArgumentException($"Prompt {i} holds token id {id}; the model knows 0 to {decoder.Config.VocabularySize - 1}.");
        }

        var answers = new Generation[prompts.Count];
        // Prompts of like length share a batch, so that little of it is padding.
        var order = Enumerable.Range(0, prompts.Count).OrderBy(i => prompts[i].Count).ToArray();
        using var network = new DecoderNetwork(decoder);
        for (var start = 0; start < order.Length; start += options.BatchSize)
        {
            var batch = order[start..Math.Min(order.Length, start + options.BatchSize)];
            Fill(network, decoder, prompts, batch, options, answers, cancellation);
            progress?.Invoke(start + batch.Length);
        }

        return answers;
    }

    private static void Fill(
        DecoderNetwork network, Decoder decoder, IReadOnlyList<IReadOnlyList<int>> prompts, int[] batch, GenerationOptions options, Generation[] answers, CancellationToken cancellation)
    {
        using var outer = NewDisposeScope();
        using var grad = no_grad();
        var device = decoder.Device;
        var (rows, width) = (batch.Length, batch.Max(i => prompts[i].Count));
        var flying = batch.Select(i => new Flight(i, prompts[i].Count, SeededRandom.For(options.Seed, "generate", i))).ToList();
        var (ids, places, hidden) = (new long[rows * width], new long[rows * width], new float[rows * (width + options.MaxNewTokens)]);
        for (var r = 0; r < rows; r++)
        {
            var prompt = prompts[batch[r]];
            var pad = width - prompt.Count;
            for (var t = 0; t < prompt.Count; t++) (ids[r * width + pad + t], places[r * width + pad + t]) = (prompt[t], t);
            for (var t = 0; t < pad; t++) hidden[r * (width + options.MaxNewTokens) + t] = -1e9f;
        }

        var padding = tensor(hidden, [rows, 1, width + options.MaxNewTokens]).to(device);
        using var cache = new KeyValueCache(decoder.Config, rows, width + options.MaxNewTokens, device);
        var mask = network.CausalMask(width) + padding.narrow(2, 0, width);
        var state = network.Hidden(tensor(ids, [rows, width]).to(device), mask, tensor(places, [rows, width]).to(device), cache).select(1, width - 1);
        var next = nn.functional.linear(state, network.Head).cpu().DetachFromDisposeScope();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (chosen, kept) = (new List<long>(), new List<long>());
            using (next)
            {
                var logits = next.data<float>().ToArray();
                var vocabulary = decoder.Config.VocabularySize;
                for (var r = 0; r < flying.Count; r++)
                {
                    var flight = flying[r];
                    flight.Take(logits.AsSpan(r * vocabulary, vocabulary), options);
                    if (flight.Stopped || flight.Written.Count == options.MaxNewTokens || flight.Prompt + flight.Written.Count >= decoder.Config.MaxPositions)
                    {
                        answers[flight.Index] = flight.Landed();
                        continue;
                    }

                    chosen.Add(flight.Written[^1]);
                    kept.Add(r);
                }
            }

            if (kept.Count == 0) return;
            using var scope = NewDisposeScope();
            if (kept.Count < flying.Count)
            {
                var rowsKept = tensor(kept.ToArray()).to(device);
                cache.Keep(rowsKept);
                var narrowed = padding.index_select(0, rowsKept).DetachFromDisposeScope();
                padding.Dispose();
                padding = narrowed;
                flying = kept.Select(r => flying[(int)r]).ToList();
            }

            var positions = flying.Select(f => (long)(f.Prompt + f.Written.Count - 1)).ToArray();
            var one = network.Hidden(
                tensor(chosen.ToArray(), [flying.Count, 1]).to(device), padding.narrow(2, 0, cache.Length + 1), tensor(positions, [flying.Count, 1]).to(device), cache);
            next = nn.functional.linear(one.select(1, 0), network.Head).cpu().DetachFromDisposeScope();
        }
    }

    /// <summary>One answer on its way.</summary>
    private sealed class Flight(int index, int prompt, SeededRandom random)
    {
        private double _logProbability;

        public int Index => index;

        public int Prompt => prompt;

        public List<int> Written { get; } = [];

        public bool Stopped { get; private set; }

        public void Take(ReadOnlySpan<float> logits, GenerationOptions options)
        {
            var id = NextToken.Choose(logits, options.Temperature, random);
            _logProbability += NextToken.LogProbability(logits, id);
            if (id == options.StopId) Stopped = true;
            else Written.Add(id);
        }

        public Generation Landed() => new([.. Written], Stopped, _logProbability);
    }
}
