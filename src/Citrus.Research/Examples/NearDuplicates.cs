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

    /// <summary>For each text the place of the first kept text it nearly repeats; null where it is kept.</summary>
    /// <param name="threshold">Similarity above 0 up to 1 from which on a text is a near-duplicate.</param>
    public static IReadOnlyList<int?> Of(IReadOnlyList<string> texts, double threshold)
    {
        if (threshold is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "above 0, at most 1");
        var words = new List<ulong>();
        var runs = new uint[texts.Count][];
        var frequency = new Dictionary<uint, int>();
        for (var i = 0; i < texts.Count; i++)
        {
            TextTokens.Read(texts[i], words);
            // A text of fewer words is one run.
            runs[i] = [.. TextTokens.Grams(words, Math.Clamp(words.Count, 1, Run)).Select(g => (uint)(g >> 32)).Distinct()];
            foreach (var run in runs[i]) frequency[run] = frequency.GetValueOrDefault(run) + 1;
        }

        // Rarest first, so that the indexed runs meet few candidates.
        var rank = new Dictionary<uint, int>(frequency.Count);
        foreach (var (run, _) in frequency.OrderBy(f => f.Value).ThenBy(f => f.Key)) rank.Add(run, rank.Count);
        var (sets, index, of) = (new int[texts.Count][], new Dictionary<int, List<int>>(), new int?[texts.Count]);
        var candidates = new SortedSet<int>();
        for (var i = 0; i < texts.Count; i++)
        {
            var set = runs[i].Select(r => rank[r]).Order().ToArray();
            (sets[i], runs[i]) = (set, []);
            var prefix = set.Length == 0 ? 0 : set.Length - (int)Math.Ceiling((threshold * set.Length) - 1e-9) + 1;
            candidates.Clear();
            for (var k = 0; k < prefix; k++)
                foreach (var other in index.GetValueOrDefault(set[k]) ?? [])
                    if (Math.Min(sets[other].Length, set.Length) >= threshold * Math.Max(sets[other].Length, set.Length) - 1e-9) candidates.Add(other);
            of[i] = candidates.Cast<int?>().FirstOrDefault(c => Jaccard(sets[c!.Value], set) >= threshold - 1e-9);
            if (of[i] is not null) continue;
            for (var k = 0; k < prefix; k++)
            {
                if (!index.TryGetValue(set[k], out var list)) index.Add(set[k], list = []);
                list.Add(i);
            }
        }

        return of;
    }

    private static double Jaccard(int[] a, int[] b)
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
