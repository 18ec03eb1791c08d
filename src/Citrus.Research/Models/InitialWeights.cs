using Citrus.Research.Questions;

namespace Citrus.Research.Models;

/// <summary>Draws the first values of a decoder's tensors, each from a stream of its own, so that one does not depend on another's size.</summary>
internal static class InitialWeights
{
    public static float[] Of(DecoderConfig config, string name, long[] shape, ParameterRole role, DecoderInitialisation start, long seed)
    {
        var columns = (int)shape[^1];
        var count = (int)shape.Aggregate(1L, (a, b) => a * b);
        if (role == ParameterRole.Gain)
        {
            var gains = new float[count];
            Array.Fill(gains, name.EndsWith("q_norm.weight", StringComparison.Ordinal) || name.EndsWith("k_norm.weight", StringComparison.Ordinal) ? (float)start.QueryKeyGain : 1);
            return gains;
        }

        if (role == ParameterRole.Bias) return new float[count];
        var fan = 1 / Math.Sqrt(columns);
        var embedding = config.TiedEmbeddings ? start.TiedEmbedding : start.Embedding;
        var values = Normal(seed, name, count, role switch
        {
            ParameterRole.Embedding => embedding,
            ParameterRole.Head => start.Head,
            ParameterRole.Inner => start.Inner * fan,
            _ => fan * (name.EndsWith("o_proj.weight", StringComparison.Ordinal) ? start.AttentionOut : start.FeedForwardOut),
        });
        if (role == ParameterRole.Embedding && start.SharedOffset != 0)
        {
            var signs = Signs(seed, columns);
            for (var i = 0; i < count; i++) values[i] += (float)(start.SharedOffset * embedding * signs[i % columns]);
        }

        var head = config.HeadSize * columns;
        if (start.MatchingHead && name == "model.layers.1.self_attn.q_proj.weight")
            Normal(seed, name.Replace("q_proj", "k_proj"), head, start.Inner * fan).CopyTo(values, 0);
        if (start.PreviousTokenHead > 0 && name is "model.layers.0.self_attn.q_proj.weight" or "model.layers.0.self_attn.k_proj.weight")
            LookBack(values.AsSpan(0, head), config, start.PreviousTokenHead, Signs(seed, columns), isKey: name.Contains("k_proj"));
        return values;
    }

    /// <summary>
    /// Mixes in query and key directions whose rotary phases agree when the key is one position before the query: frequencies f, queries
    /// sqrt(f) at phase 0, keys sqrt(f) at phase f.
    /// </summary>
    private static void LookBack(Span<float> weights, DecoderConfig config, double share, double[] signs, bool isKey)
    {
        var half = config.HeadSize / 2;
        var direction = new double[config.HeadSize];
        for (var j = 0; j < half; j++)
        {
            var f = Math.Pow(config.RopeTheta, -(double)j / half);
            direction[j] = Math.Sqrt(f) * (isKey ? Math.Cos(f) : 1);
            direction[j + half] = isKey ? Math.Sqrt(f) * Math.Sin(f) : 0;
        }

        var norm = Math.Sqrt(direction.Sum(x => x * x));
        for (var row = 0; row < config.HeadSize; row++)
        {
            for (var column = 0; column < signs.Length; column++)
            {
                ref var weight = ref weights[(row * signs.Length) + column];
                weight = (float)(((1 - share) * weight) + (share * 2 * direction[row] / norm * signs[column] / Math.Sqrt(signs.Length)));
            }
        }
    }

    private static float[] Normal(long seed, string name, int count, double deviation)
    {
        var values = new float[count];
        if (deviation <= 0) return values;
        var random = SeededRandom.For(seed, "weights", name);
        for (var i = 0; i < count; i++) values[i] = (float)(random.Gaussian() * deviation);
        return values;
    }

    private static double[] Signs(long seed, int count)
    {
        var random = SeededRandom.For(seed, "weights", "offset");
        return [.. Enumerable.Range(0, count).Select(_ => random.Chance(0.5) ? 1.0 : -1.0)];
    }
}
