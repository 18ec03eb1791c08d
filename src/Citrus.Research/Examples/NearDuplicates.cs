namespace Citrus.Research.Examples;

/// <summary>Finds texts that say nearly the same as an earlier one: exact Jaccard similarity of their runs of five words.</summary>
/// <remarks>
/// Exact, and the same on every run: two texts of similarity t share a run among the rarest few of each, so only those are indexed (the prefix filter of Chaudhuri and others 2006,
/// Bayardo and others 2007); every candidate is then compared in full.
/// </remarks>
public static class NearDuplicates
{
    /// <summary>Words in a run; in Chinese, characters.</summary>
    private const int Run = 5;

    private const int CounterBits = 24;

    /// <summary>For each text the place of the first kept text it nearly repeats; null where it is kept.</summary>
    /// <param name="threshold">Similarity above 0 up to 1 from which on a text is a near-duplicate.</param>
    public static IReadOnlyList<int?> Of(IReadOnlyList<string> texts, double threshold)
    {
        if (threshold is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "above 0, at most 1");
        var sets = texts.AsParallel().AsOrdered().Select(RunsOf).ToArray();
        // How common a run is, by the low bits of its hash: two runs that share a counter look more common than they are, which costs time and changes no result.
        var counts = new int[1 << CounterBits];
        foreach (var set in sets)
            foreach (var run in set) counts[run & ((1 << CounterBits) - 1)]++;

        var (index, of, candidates) = (new Dictionary<uint, List<int>>(), new int?[texts.Count], new SortedSet<int>());
        for (var i = 0; i < texts.Count; i++)
        {
            var set = sets[i];
            // Rarest first, so that the indexed runs meet few candidates.
            var keys = Array.ConvertAll(set, run => ((ulong)counts[run & ((1 << CounterBits) - 1)] << 32) | run);
            Array.Sort(keys);
            var prefix = set.Length == 0 ? 0 : set.Length - (int)Math.Ceiling((threshold * set.Length) - 1e-9) + 1;
            candidates.Clear();
            for (var k = 0; k < prefix; k++)
            {
                if (!index.TryGetValue((uint)keys[k], out var others)) continue;
                foreach (var other in others)
                    if (Math.Min(sets[other].Length, set.Length) >= (threshold * Math.Max(sets[other].Length, set.Length)) - 1e-9) candidates.Add(other);
            }

            foreach (var candidate in candidates)
            {
                if (Jaccard(sets[candidate], set) < threshold - 1e-9) continue;
                of[i] = candidate;
                break;
            }

            if (of[i] is not null)
            {
                sets[i] = []; // compared with no later text
                continue;
            }

            for (var k = 0; k < prefix; k++)
            {
                if (!index.TryGetValue((uint)keys[k], out var list)) index.Add((uint)keys[k], list = new(1));
                list.Add(i);
            }
        }

        return of;
    }

    /// <summary>The different runs of a text, hashed and sorted.</summary>
    private static uint[] RunsOf(string text)
    {
        var words = new List<ulong>();
        TextTokens.Read(text, words);
        // A text of fewer words is one run.
        var runs = TextTokens.Grams(words, Math.Clamp(words.Count, 1, Run)).Select(g => (uint)(g >> 32)).ToArray();
        Array.Sort(runs);
        var different = 0;
        for (var i = 0; i < runs.Length; i++)
            if (i == 0 || runs[i] != runs[i - 1]) runs[different++] = runs[i];
        return runs[..different];
    }

    private static double Jaccard(uint[] a, uint[] b)
    {
        var (i, j, shared) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j]) (i, j, shared) = (i + 1, j + 1, shared + 1);
            else if (a[i] < b[j]) i++;
            else j++;
        }

        return (double)shared / (a.Length + b.Length - shared);
    }
}
