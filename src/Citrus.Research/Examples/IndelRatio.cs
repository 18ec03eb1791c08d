using System.Numerics;

namespace Citrus.Research.Examples;

/// <summary>How alike two texts are, 0..100: 100 x 2 x (length of the longest common subsequence) / (sum of the lengths), in code points.</summary>
/// <remarks>The normalised Indel similarity, which is <c>fuzz.ratio</c> of rapidfuzz and thefuzz (before rounding). Case, spaces and punctuation count; two empty texts are alike.</remarks>
public static class IndelRatio
{
    /// <summary>The ratio of two texts as they are.</summary>
    public static double Of(string a, string b)
    {
        var (x, y) = (CodePoints(a), CodePoints(b));
        return x.Length + y.Length == 0 ? 100 : 200.0 * CommonSubsequence(x, y) / (x.Length + y.Length);
    }

    /// <summary>Most insertions and deletions that two texts of this length together may have to reach a ratio.</summary>
    internal static int Budget(int lengths, double ratio) => (int)((lengths * (100 - ratio) / 100) + 1e-9);

    /// <summary>
    /// Length of the longest common subsequence: each column of the dynamic programme is a row of bits, one zero for each step up (Hyyrö, Bit-parallel LCS-length computation revisited, 2004).
    /// </summary>
    private static int CommonSubsequence(int[] a, int[] b)
    {
        var words = (a.Length + 63) / 64;
        var places = new Dictionary<int, ulong[]>();
        for (var i = 0; i < a.Length; i++)
        {
            if (!places.TryGetValue(a[i], out var bits)) places.Add(a[i], bits = new ulong[words]);
            bits[i / 64] |= 1UL << (i % 64);
        }

        var column = new ulong[words];
        Array.Fill(column, ulong.MaxValue);
        foreach (var symbol in b)
            if (places.TryGetValue(symbol, out var bits)) Step(column, bits);
        return Zeros(column);
    }

    /// <summary>Takes the column over one symbol of the other text.</summary>
    internal static void Step(Span<ulong> column, ReadOnlySpan<ulong> places)
    {
        var carry = 0UL;
        for (var w = 0; w < column.Length; w++)
        {
            var v = column[w];
            var u = v & places[w];
            var sum = v + u;
            var more = sum + carry;
            carry = (sum < v ? 1UL : 0) | (more < sum ? 1UL : 0);
            column[w] = more | (v & ~u);
        }
    }

    internal static int Zeros(ReadOnlySpan<ulong> column)
    {
        var zeros = 0;
        foreach (var word in column) zeros += BitOperations.PopCount(~word);
        return zeros;
    }

    private static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(r => r.Value)];
}
