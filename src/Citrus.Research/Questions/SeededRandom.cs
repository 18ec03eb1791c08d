using System.Globalization;
using System.IO.Hashing;
using System.Numerics;
using System.Text;

namespace Citrus.Research.Questions;

/// <summary>A small seeded generator (xoshiro256**, Blackman and Vigna 2018) with the same stream on every platform and runtime.</summary>
public sealed class SeededRandom
{
    private ulong _a, _b, _c, _d;
    private double? _spare;

    public SeededRandom(ulong seed)
    {
        // SplitMix64 spreads the seed over the state, as the generator's authors advise.
        ulong Split()
        {
            var z = seed += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        (_a, _b, _c, _d) = (Split(), Split(), Split(), Split());
    }

    /// <summary>An independent stream for a named purpose: same seed and names, same stream.</summary>
    public static SeededRandom For(long seed, params ReadOnlySpan<object> names)
    {
        var text = new StringBuilder(seed.ToString(CultureInfo.InvariantCulture));
        foreach (var name in names) text.Append('/').Append(Convert.ToString(name, CultureInfo.InvariantCulture));
        return new SeededRandom(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. bound - 1, without bias.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var n = (ulong)bound;
        var limit = ulong.MaxValue - (ulong.MaxValue % n);
        ulong x;
        do x = NextUInt64(); while (x >= limit);
        return (int)(x % n);
    }

    /// <summary>Uniform in low .. high, both included.</summary>
    public int Between(int low, int high) => low + Next(high - low + 1);

    /// <summary>True with probability <paramref name="p"/>.</summary>
    public bool Chance(double p) => NextDouble() < p;

    /// <summary>Standard normal (Box and Muller).</summary>
    public double Gaussian()
    {
        if (_spare is { } kept)
        {
            _spare = null;
            return kept;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        var angle = 2 * Math.PI * NextDouble();
        _spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    public T Pick<T>(IReadOnlyList<T> list) => list[Next(list.Count)];

    /// <summary>Index drawn in proportion to the weights (not negative, not all zero).</summary>
    public int Weighted(IReadOnlyList<double> weights)
    {
        var x = NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Count; i++)
        {
            x -= weights[i];
            if (x < 0) return i;
        }

        return weights.Count - 1;
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(IList<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }

    /// <summary><paramref name="count"/> different elements in random order; all of them, shuffled, where there are fewer.</summary>
    public List<T> Sample<T>(IReadOnlyList<T> list, int count)
    {
        var copy = list.ToList();
        Shuffle(copy);
        return copy.Count <= count ? copy : copy[..count];
    }
}
