namespace Citrus.Research.Training;

/// <summary>Batches in parts: what a step learns from, computed a piece at a time where memory is short.</summary>
public static class BatchParts
{
    /// <summary>Each batch in so many parts of about equal length, for <see cref="TrainingOptions.Accumulate"/>; a small batch has empty parts at its end.</summary>
    public static IEnumerable<IReadOnlyList<TrainingSequence>> InParts(this IEnumerable<IReadOnlyList<TrainingSequence>> batches, int parts) => Split(batches, parts, s => s.Ids.Length);

    /// <summary>The same for pairs, of which both answers count.</summary>
    public static IEnumerable<IReadOnlyList<TrainingPair>> InParts(this IEnumerable<IReadOnlyList<TrainingPair>> batches, int parts) => Split(batches, parts, p => p.Chosen.Ids.Length + p.Rejected.Ids.Length);

    private static IEnumerable<IReadOnlyList<T>> Split<T>(IEnumerable<IReadOnlyList<T>> batches, int parts, Func<T, int> length)
    {
        if (parts < 1) throw new ArgumentException($"A batch in {parts} parts; there must be at least 1.");
        if (parts == 1) return batches;
        return batches.SelectMany(b => One(b));

        IEnumerable<IReadOnlyList<T>> One(IReadOnlyList<T> batch)
        {
            var (all, before, at) = (batch.Sum(x => (long)length(x)), 0L, 0);
            for (var part = 1; part <= parts; part++)
            {
                var from = at;
                // One at least while there are any, so that no part is left out before the end.
                for (; at < batch.Count && (at == from || before + (length(batch[at]) / 2) <= all * part / parts || part == parts); at++) before += length(batch[at]);
                yield return [.. batch.Skip(from).Take(at - from)];
            }
        }
    }
}
