namespace Citrus.Research.Evaluation.Statistics;

/// <summary>Whether a model is right as often as it is sure, for protocols that give every option a probability.</summary>
/// <param name="N">Questions.</param>
/// <param name="Accuracy">Share where the likeliest option is right; the first of equals.</param>
/// <param name="Confidence">Mean probability of the likeliest option.</param>
/// <param name="ExpectedError">ECE: |accuracy - confidence| of each bin, weighted by its share of the questions (Guo et al. 2017, arXiv 1706.04599, equation 3); 0..1.</param>
/// <param name="Brier">Mean over questions of the squared distance between the probabilities and the truth, summed over the options (Brier 1950, Monthly Weather Review 78: 1-3); 0 is perfect, 2 the worst.</param>
/// <param name="Bins">From 0 to 1, empty ones included.</param>
public sealed record Calibration(int N, double Accuracy, double Confidence, double ExpectedError, double Brier, IReadOnlyList<CalibrationBin> Bins)
{
    /// <param name="probabilities">Per question, of each option; they add up to 1.</param>
    /// <param name="right">Per question, the index of the right option. Questions with several right options have no such index and are left out by the caller.</param>
    /// <param name="bins">Bins of equal width; the error depends on it, so it is said beside the number.</param>
    public static Calibration Of(IReadOnlyList<IReadOnlyList<double>> probabilities, IReadOnlyList<int> right, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (probabilities.Count != right.Count) throw new ArgumentException($"There are probabilities of {probabilities.Count} questions and right answers of {right.Count}.", nameof(right));
        if (right.Count == 0) throw new ArgumentException("Calibration needs at least one question.", nameof(right));
        var (count, sure, hits) = (new int[bins], new double[bins], new int[bins]);
        var brier = 0.0;
        for (var q = 0; q < right.Count; q++)
        {
            var p = probabilities[q];
            if (p.Count == 0 || p.Any(v => v is not (>= 0 and <= 1)) || Math.Abs(p.Sum() - 1) > 1e-6)
                throw new ArgumentException($"Question {q + 1}: [{string.Join(", ", p)}] are no probabilities; they lie between 0 and 1 and add up to 1.", nameof(probabilities));
            if (right[q] < 0 || right[q] >= p.Count) throw new ArgumentException($"Question {q + 1} has {p.Count} options; {right[q]} is none of their indexes.", nameof(right));
            var best = 0;
            for (var i = 0; i < p.Count; i++)
            {
                if (p[i] > p[best]) best = i;
                brier += (p[i] - (i == right[q] ? 1 : 0)) * (p[i] - (i == right[q] ? 1 : 0));
            }

            // bins are (low, high]; the least possible confidence belongs to the first
            var bin = Math.Clamp((int)Math.Ceiling(p[best] * bins) - 1, 0, bins - 1);
            count[bin]++;
            sure[bin] += p[best];
            if (best == right[q]) hits[bin]++;
        }

        var n = right.Count;
        return new Calibration(n, (double)hits.Sum() / n, sure.Sum() / n, Enumerable.Range(0, bins).Sum(b => Math.Abs(hits[b] - sure[b])) / n, brier / n,
            [.. Enumerable.Range(0, bins).Select(b => new CalibrationBin((double)b / bins, (b + 1.0) / bins, count[b], sure[b] / count[b], (double)hits[b] / count[b]))]);
    }

    /// <summary>Probabilities of options from their scores in nats (softmax); the scores may be log-probabilities that do not add up to 1 over the options.</summary>
    /// <exception cref="ArgumentException">A score is not a number, or none is above minus infinity.</exception>
    public static IReadOnlyList<double> Probabilities(IReadOnlyList<double> scores)
    {
        if (scores.Count == 0 || scores.Any(double.IsNaN) || scores.Max() is not (> double.NegativeInfinity and < double.PositiveInfinity))
            throw new ArgumentException($"[{string.Join(", ", scores)}] are no scores: each is a number in nats, and at least one is above minus infinity.", nameof(scores));
        var top = scores.Max();
        var weights = scores.Select(s => Math.Exp(s - top)).ToArray();
        var sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
