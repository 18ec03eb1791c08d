namespace Citrus.Research.Training;

/// <summary>Puts sequences into bins of a token budget. What shares a bin stays apart: attention is block-diagonal and positions begin anew in each sequence (<c>TokenBatch</c>).</summary>
/// <remarks>Pure: the same lengths and budget give the same bins.</remarks>
public static class Packing
{
    /// <summary>Best-fit decreasing (Johnson 1974): the longest first, each into the bin it leaves least room in. At most 11/9 of the fewest possible bins, and six ninths of one more.</summary>
    /// <param name="lengths">Tokens of each sequence.</param>
    /// <param name="budget">Most tokens of a bin.</param>
    /// <returns>The bins in the order they were opened, each with the places of its sequences, longest first. Every sequence is in exactly one.</returns>
    /// <exception cref="ArgumentException">A sequence is longer than the budget.</exception>
    public static IReadOnlyList<int[]> BestFit(IReadOnlyList<int> lengths, int budget)
    {
        var order = Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i]).ThenBy(i => i).ToArray();
        if (order.Length > 0 && lengths[order[0]] > budget) throw new ArgumentException($"Sequence {order[0]} has {lengths[order[0]]} tokens, more than a bin's {budget}: raise the budget or shorten it.");
        if (order.Length > 0 && lengths[order[^1]] < 1) throw new ArgumentException($"Sequence {order[^1]} has {lengths[order[^1]]} tokens; at least 1 is needed.");
        var bins = new List<List<int>>();
        // Bins by the room left in them, first opened first: the tightest that fits is found in log time.
        var open = new SortedSet<(int Room, int Bin)>();
        foreach (var i in order)
        {
            var (room, bin) = (budget, bins.Count);
            using (var fitting = open.GetViewBetween((lengths[i], 0), (budget, int.MaxValue)).GetEnumerator())
                if (fitting.MoveNext()) (room, bin) = fitting.Current;
            if (bin == bins.Count) bins.Add([]);
            else open.Remove((room, bin));
            bins[bin].Add(i);
            if (room > lengths[i]) open.Add((room - lengths[i], bin));
        }

        return [.. bins.Select(b => b.ToArray())];
    }

    /// <summary>Part of the bins' room that holds tokens, 0 to 1; 1 where there are none.</summary>
    public static double Utilisation(IReadOnlyList<int> lengths, int bins, int budget) => bins == 0 ? 1 : lengths.Sum(l => (long)l) / ((double)bins * budget);
}
