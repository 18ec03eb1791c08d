using Citrus.Research.Models;

namespace Citrus.Research.Training;

/// <summary>Floating-point operations of training, as model FLOP utilisation counts them (Chowdhery et al. 2022, appendix B).</summary>
/// <remarks>
/// Every weight that multiplies a token counts 2 operations forward, 2 for the gradient of its input and 2 for its own gradient: 6 N a token, the output layer
/// included, looking up an embedding not. A weight that is frozen has no gradient of its own and counts 4. Attention adds 12 x layers x heads x head size for each token and token it looks
/// back on; a causal token looks back on half its sequence on average. What is computed a second time (activation checkpointing) does not count.
/// </remarks>
public static class TrainingCost
{
    /// <summary>Operations for each token by weights alone.</summary>
    public static double PerToken(Decoder decoder)
    {
        var c = decoder.Config;
        double All(IEnumerable<DecoderParameter> parameters) => parameters.Where(Multiplies).Sum(p => (double)p.Value.numel());
        bool Multiplies(DecoderParameter p) => p.Role is ParameterRole.Inner or ParameterRole.Outward or ParameterRole.Head or ParameterRole.Adapter || (p.Role == ParameterRole.Embedding && c.TiedEmbeddings);
        var (whole, trained) = (All(decoder.Parameters) + (decoder.Adapter is { } adapter ? All(adapter.Parameters) : 0), All(decoder.Trainable));
        return (4 * whole) + (2 * trained);
    }

    /// <summary>Operations of attention for a sequence of this many tokens.</summary>
    public static double Attention(DecoderConfig config, double tokens)
    {
        var seen = config.SlidingWindow is { } window && tokens > window ? (tokens * window) - (window * (double)window / 2) : tokens * tokens / 2;
        return 12.0 * config.Layers * config.Heads * config.HeadSize * seen;
    }

    /// <summary>Operations of one batch.</summary>
    internal static double Of(double perToken, DecoderConfig config, TokenBatch batch)
    {
        var sum = perToken * batch.Ids.Length;
        for (var s = 0; s < batch.Sequences; s++) sum += Attention(config, batch.Starts[s + 1] - batch.Starts[s]);
        return sum;
    }
}
