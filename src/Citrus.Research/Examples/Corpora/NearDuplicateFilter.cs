namespace Citrus.Research.Examples.Corpora;

/// <summary>Finds, text after text, those that say nearly the same as an earlier one, in memory that grows with the number of texts (about half a kilobyte each) and not with their length.</summary>
/// <remarks>
/// MinHash (Broder 1997) of runs of five words: 64 hashes in 16 bands of 4, a candidate being one that shares a band; its similarity is the share of equal hashes, an estimate with a standard error of about
/// 0.05. Where all texts fit into memory <see cref="NearDuplicates"/> is exact. The same on every run and machine.
/// </remarks>
internal sealed class NearDuplicateFilter(double threshold)
{
    private const int Run = 5, Hashes = 64, Bands = 16, PerBand = Hashes / Bands;

    private static readonly (ulong Factor, ulong Offset)[] Functions = [.. Enumerable.Range(0, Hashes).Select(i => (Mixed((2 * (ulong)i) + 1) | 1, Mixed((2 * (ulong)i) + 2)))];

    private readonly List<uint[]> _signatures = [];
    private readonly Dictionary<(int Band, ulong Key), int> _first = [];
    private readonly List<ulong> _words = [];

    /// <summary>Whether an earlier text is as similar; a text that is not is remembered.</summary>
    public bool IsRepeat(string text)
    {
        TextTokens.Read(text, _words);
        if (_words.Count == 0) return false;
        var signature = new uint[Hashes];
        Array.Fill(signature, uint.MaxValue);
        foreach (var run in TextTokens.Grams(_words, Math.Clamp(_words.Count, 1, Run)))
            for (var i = 0; i < Hashes; i++) signature[i] = Math.Min(signature[i], (uint)(((run * Functions[i].Factor) + Functions[i].Offset) >> 32));

        var place = _signatures.Count;
        Span<ulong> keys = stackalloc ulong[Bands];
        for (var band = 0; band < Bands; band++)
        {
            var key = 0UL;
            for (var i = 0; i < PerBand; i++) key = Mixed(key ^ signature[(band * PerBand) + i]);
            keys[band] = key;
            // One text stands for all that share a band with it: they are similar to each other, or it would not be in this band.
            if (_first.TryGetValue((band, key), out var other) && Similarity(_signatures[other], signature) >= threshold) return true;
        }

        _signatures.Add(signature);
        for (var band = 0; band < Bands; band++) _first.TryAdd((band, keys[band]), place);
        return false;
    }

    private static double Similarity(uint[] a, uint[] b)
    {
        var equal = 0;
        for (var i = 0; i < Hashes; i++) equal += a[i] == b[i] ? 1 : 0;
        return equal / (double)Hashes;
    }

    private static ulong Mixed(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
