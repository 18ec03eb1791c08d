using Citrus.Research.Questions;

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
        using var writer = decoder.CreateWriter();
        for (var start = 0; start < order.Length; start += options.BatchSize)
        {
            var batch = order[start..Math.Min(order.Length, start + options.BatchSize)];
            Fill(writer, decoder.Config, prompts, batch, options, answers, cancellation);
            progress?.Invoke(start + batch.Length);
        }

        return answers;
    }

    private static void Fill(
        IWriter writer, DecoderConfig config, IReadOnlyList<IReadOnlyList<int>> prompts, int[] batch, GenerationOptions options, Generation[] answers, CancellationToken cancellation)
    {
        var flying = batch.Select(i => new Flight(i, prompts[i].Count, SeededRandom.For(options.Seed, "generate", i))).ToList();
        // A token that is written at the limit is never read, so the model's positions suffice.
        var logits = writer.Begin([.. batch.Select(i => prompts[i])], Math.Min(options.MaxNewTokens, config.MaxPositions - batch.Min(i => prompts[i].Count)));
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var kept = new List<int>();
            for (var r = 0; r < flying.Count; r++)
            {
                var flight = flying[r];
                flight.Take(logits.AsSpan(r * config.VocabularySize, config.VocabularySize), options);
                if (flight.Stopped || flight.Written.Count == options.MaxNewTokens || flight.Prompt + flight.Written.Count >= config.MaxPositions) answers[flight.Index] = flight.Landed();
                else kept.Add(r);
            }

            if (kept.Count == 0) return;
            flying = [.. kept.Select(r => flying[r])];
            logits = writer.Next(kept, [.. flying.Select(f => f.Written[^1])]);
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
