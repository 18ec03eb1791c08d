namespace Citrus.Research.Evaluation.Statistics;

/// <summary>The chance that at least one of k answers is right, estimated from n ≥ k sampled answers without bias (Chen et al. 2021, arXiv 2107.03374, equation 1).</summary>
/// <remarks>Taking the first k of n samples, or 1 - (1 - c/n)^k, would be noisier or biased; this averages over all choices of k out of the n.</remarks>
public static class PassAtK
{
    /// <summary>Of one question: 1 - C(n - c, k) / C(n, k), as a product that cannot overflow.</summary>
    /// <param name="samples">n, at least <paramref name="k"/>.</param>
    /// <param name="correct">c, the right ones among them.</param>
    /// <param name="k">At least 1.</param>
    public static double Of(int samples, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (samples < k) throw new ArgumentOutOfRangeException(nameof(samples), samples, $"pass@{k} needs at least {k} samples of the question.");
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, samples);
        if (samples - correct < k) return 1;
        var none = 1.0;
        for (var i = samples - correct + 1; i <= samples; i++) none *= 1 - ((double)k / i);
        return 1 - none;
    }

    /// <summary>Of a benchmark: the mean over its questions, which may have different numbers of samples.</summary>
    public static double Mean(IReadOnlyList<(int Samples, int Correct)> questions, int k) => questions.Count == 0
        ? throw new ArgumentException("A mean needs at least one question.", nameof(questions))
        : questions.Average(q => Of(q.Samples, q.Correct, k));
}
