using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Citrus.Research.Questions;

namespace Citrus.Research.Models;

/// <summary>From logits to a token; plain arithmetic in float64, so that every platform chooses alike. One instance serves one thread at a time.</summary>
internal sealed class TokenSampler
{
    private double[] _weights = [];
    private int[] _candidates = [];

    /// <summary>The likeliest id (the smallest of equals) at temperature 0, else one drawn by inverse cumulative probability, in the order of ids, from what the filters leave.</summary>
    /// <exception cref="InvalidOperationException">The logits hold no number.</exception>
    public int Choose(ReadOnlySpan<float> logits, GenerationOptions options, SeededRandom random)
    {
        var best = TensorPrimitives.IndexOfMax(logits);
        if (!float.IsFinite(logits[best])) throw NotANumber();
        if (options.IsGreedy) return best;
        if (_weights.Length < logits.Length) _weights = new double[logits.Length];
        var sum = Weigh(logits, logits[best], options.Temperature, _weights);
        if (options.TopK == 0 && options.TopP == 1 && options.MinP == 0) return Draw(_weights.AsSpan(0, logits.Length), sum, random, best);
        var kept = Kept(logits, sum, options);
        kept.Sort();
        var total = 0.0;
        foreach (var id in kept) total += _weights[id];
        var left = random.NextDouble() * total;
        foreach (var id in kept)
        {
            left -= _weights[id];
            if (left < 0) return id;
        }

        return best;
    }

    /// <summary>Ids that top-k, top-p and min-p leave, likeliest first.</summary>
    public int[] Left(ReadOnlySpan<float> logits, GenerationOptions options)
    {
        if (_weights.Length < logits.Length) _weights = new double[logits.Length];
        return Kept(logits, Weigh(logits, TensorPrimitives.Max(logits), options.Temperature, _weights), options).ToArray();
    }

    /// <summary>Natural log-probability of an id at temperature 1.</summary>
    public static double LogProbability(ReadOnlySpan<float> logits, int id)
    {
        var (most, sum) = CpuDecodingKernels.Exponentials(logits);
        return logits[id] - most - Math.Log(sum);
    }

    internal static InvalidOperationException NotANumber() => new("The model's output is not a number: its training went wrong or its file is damaged.");

    private Span<int> Kept(ReadOnlySpan<float> logits, double sum, GenerationOptions options)
    {
        if (_candidates.Length < logits.Length) _candidates = new int[logits.Length];
        var candidates = _candidates.AsSpan(0, logits.Length);
        for (var i = 0; i < candidates.Length; i++) candidates[i] = i;
        if (options.TopK > 0 && options.TopK < logits.Length)
        {
            candidates = Likeliest(candidates, options.TopK);
            sum = 0;
            foreach (var id in candidates) sum += _weights[id];
        }

        // min-p is relative to the likeliest, whose weight is 1, so that it may go first here: what it drops lies behind all that it keeps.
        var before = candidates;
        if (options.TopP == 1)
        {
            candidates = AtLeast(before, options.MinP);
            candidates.Sort(Order);
            return candidates;
        }

        // Only as many are sorted as are needed: those above a threshold that falls until they hold enough.
        var threshold = 1e-2;
        while (true)
        {
            var (mass, count) = (0.0, 0);
            foreach (var id in before)
            {
                if (_weights[id] < threshold) continue;
                mass += _weights[id];
                count++;
            }

            if (mass >= options.TopP * sum * (1 + 1e-9) || count == before.Length || threshold == 0) break;
            threshold = threshold < 1e-15 ? 0 : threshold * 1e-2;
        }

        candidates = AtLeast(before, threshold);
        candidates.Sort(Order);
        var (reached, kept) = (0.0, 0);
        while (kept < candidates.Length && (kept == 0 || reached < options.TopP * sum)) reached += _weights[candidates[kept++]];
        while (kept > 1 && _weights[candidates[kept - 1]] < options.MinP) kept--;
        return candidates[..kept];
    }

    private int Order(int a, int b) => _weights[a] != _weights[b] ? _weights[b].CompareTo(_weights[a]) : a.CompareTo(b);

    /// <summary>Moves the candidates of at least this weight to the front and returns them; the likeliest is always among them.</summary>
    private Span<int> AtLeast(Span<int> candidates, double weight)
    {
        if (weight == 0) return candidates;
        var count = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (_weights[candidates[i]] >= weight) (candidates[count], candidates[i], count) = (candidates[i], candidates[count], count + 1);
        }

        return candidates[..count];
    }

    /// <summary>The <paramref name="count"/> likeliest, by a heap whose root is the least of them.</summary>
    private Span<int> Likeliest(Span<int> candidates, int count)
    {
        var heap = new PriorityQueue<int, (double, int)>(count + 1, Comparer<(double Weight, int NegativeId)>.Default);
        foreach (var id in candidates)
        {
            var rank = (_weights[id], -id);
            if (heap.Count < count) heap.Enqueue(id, rank);
            else if (heap.TryPeek(out _, out var least) && rank.CompareTo(least) > 0) heap.EnqueueDequeue(id, rank);
        }

        for (var i = 0; i < count; i++) candidates[i] = heap.Dequeue();
        return candidates[..count];
    }

    private static int Draw(ReadOnlySpan<double> weights, double sum, SeededRandom random, int best)
    {
        var left = random.NextDouble() * sum;
        for (var i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }

        return best;
    }

    /// <summary>weights = exp((logit - most) / temperature); their sum.</summary>
    private static double Weigh(ReadOnlySpan<float> logits, float most, double temperature, Span<double> weights)
    {
        var (sum, i) = (0.0, 0);
        var (shift, inverse) = (Vector256.Create((double)most), Vector256.Create(temperature));
        for (; i <= logits.Length - 4; i += 4)
        {
            var wide = Vector256.Create((double)logits[i], logits[i + 1], logits[i + 2], logits[i + 3]);
            Vector256.Exp((wide - shift) / inverse).CopyTo(weights[i..]);
        }

        // The last few in the same arithmetic: equal logits have equal weights wherever they stand.
        if (i < logits.Length)
        {
            var last = Vector256.Create((double)logits[i], logits[Math.Min(i + 1, logits.Length - 1)], logits[Math.Min(i + 2, logits.Length - 1)], 0);
            last = Vector256.Exp((last - shift) / inverse);
            for (var k = 0; i < logits.Length; i++, k++) weights[i] = last[k];
        }

        foreach (var weight in weights[..logits.Length]) sum += weight;
        return sum;
    }
}
