using MathNet.Numerics;

namespace Citrus.Research.Evaluation.Statistics;

/// <summary>
/// The chance that the commonest of k answers is right (self-consistency, Wang et al. 2023, arXiv 2203.11171), over all choices of k out of the n
/// that were sampled. Computed exactly, so that no draw of the k adds noise.
/// </summary>
public static class MajorityAtK
{
    /// <summary>Of one question.</summary>
    /// <param name="answers">What each sample answered; null where no answer could be read. A sample without an answer takes up one of the k places but no vote.</param>
    /// <param name="right">The right answer.</param>
    /// <param name="k">At least 1, at most the number of answers.</param>
    /// <returns>0..1. Where several answers share the lead one of them is taken at random; where nobody votes the question is lost.</returns>
    public static double Of(IReadOnlyList<string?> answers, string right, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (answers.Count < k) throw new ArgumentOutOfRangeException(nameof(k), k, $"A vote of {k} needs at least {k} samples of the question; it has {answers.Count}.");
        if (answers.Count > 1000) throw new ArgumentOutOfRangeException(nameof(answers), answers.Count, "At most 1000 samples a question.");
        var silent = answers.Count(a => a is null);
        var mine = answers.Count(a => a == right);
        var others = answers.Where(a => a is not null && a != right).GroupBy(a => a!, StringComparer.Ordinal).Select(g => g.Count()).ToArray();
        var won = 0.0;
        for (var votes = 1; votes <= Math.Min(mine, k); votes++)
        {
            var left = k - votes;
            // ways[d, t]: choices of d samples of the other answers where none has more votes than the right one and t have as many
            var ways = new double[left + 1, others.Length + 1];
            for (var d = 0; d <= Math.Min(left, silent); d++) ways[d, 0] = Ways(silent, d);
            foreach (var count in others)
            {
                var next = new double[left + 1, others.Length + 1];
                for (var d = 0; d <= left; d++)
                    for (var t = 0; t <= others.Length; t++)
                        if (ways[d, t] > 0)
                            for (var drawn = 0; drawn <= Math.Min(Math.Min(count, votes), left - d); drawn++)
                                next[d + drawn, drawn == votes ? t + 1 : t] += ways[d, t] * Ways(count, drawn);
                ways = next;
            }

            for (var t = 0; t <= others.Length; t++) won += Ways(mine, votes) * ways[left, t] / (t + 1);
        }

        return Math.Min(1, won / Ways(answers.Count, k));
    }

    private static double Ways(int n, int k) => SpecialFunctions.Binomial(n, k);
}
