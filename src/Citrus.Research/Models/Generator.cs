using Citrus.Research.Questions;

namespace Citrus.Research.Models;

/// <summary>Lets a decoder write: many answers side by side, with cached keys and values; a finished answer's place goes to the next prompt.</summary>
public static class Generator
{
    /// <summary>Continues each prompt.</summary>
    /// <param name="decoder">The student.</param>
    /// <param name="prompts">Token ids, at least one each.</param>
    /// <param name="progress">Called after each answer with the number of finished ones.</param>
    /// <param name="landed">Called with each answer as it is finished, and its prompt's place in the list; not in order.</param>
    /// <returns>One answer a prompt, in order. On the CPU an answer is the same whatever is written beside it; on a GPU near-ties of two logits may fall otherwise.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or a prompt is empty, too long, or holds an unknown token.</exception>
    public static IReadOnlyList<Generation> Generate(
        Decoder decoder, IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions options, Action<int>? progress = null, CancellationToken cancellation = default, Action<int, Generation>? landed = null)
    {
        RefuseTexts(options);
        return Generate(decoder, prompts, options, null, progress, cancellation, landed);
    }

    /// <param name="watchers">Who looks at each answer; null is nobody.</param>
    /// <param name="streams">The random numbers of each prompt; null is by seed and place.</param>
    internal static IReadOnlyList<Generation> Generate(
        Decoder decoder, IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions options, IReadOnlyList<IAnswerWatcher>? watchers,
        Action<int>? progress, CancellationToken cancellation, Action<int, Generation>? landed, Func<int, SeededRandom>? streams = null)
    {
        options.Validate();
        for (var i = 0; i < prompts.Count; i++) Check(decoder.Config, prompts[i], FormattableString.Invariant($"Prompt {i}"));
        var answers = new Generation[prompts.Count];
        if (prompts.Count == 0) return answers;
        using var batch = new ContinuousBatch(decoder.CreateWriter(), Math.Min(options.BatchSize, prompts.Count), options.CacheTokens);
        for (var i = 0; i < prompts.Count; i++)
            batch.Add(new Flight(i, prompts[i], options, decoder.Config.MaxPositions, streams?.Invoke(i) ?? SeededRandom.For(options.Seed, "generate", i), watchers?[i]));
        var done = 0;
        while (batch.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Step(flight =>
            {
                answers[flight.Index] = flight.Landed();
                landed?.Invoke(flight.Index, answers[flight.Index]);
                progress?.Invoke(++done);
            });
        }

        return answers;
    }

    /// <summary>Throws where an option speaks of texts.</summary>
    internal static void RefuseTexts(GenerationOptions options)
    {
        if (options.StopTexts.Count > 0) throw new ArgumentException("Stop texts need a tokenizer; use Student, or stop at token ids.");
        if (options.MaxThinkingTokens is not null) throw new ArgumentException("A limit on thinking needs a tokenizer; use Student.");
    }

    /// <summary>Throws where a prompt cannot be continued.</summary>
    /// <param name="what">What the message calls it.</param>
    internal static void Check(DecoderConfig config, IReadOnlyList<int> prompt, string what)
    {
        if (prompt.Count == 0) throw new ArgumentException($"{what} is empty.");
        if (prompt.Count >= config.MaxPositions)
            throw new ArgumentException($"{what} has {prompt.Count} tokens; the model reads {config.MaxPositions}, which leaves no room for an answer.");
        foreach (var id in prompt)
            if ((uint)id >= (uint)config.VocabularySize) throw new ArgumentException($"{what} holds token id {id}; the model knows 0 to {config.VocabularySize - 1}.");
    }
}
