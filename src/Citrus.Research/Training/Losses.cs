namespace Citrus.Research.Training;

/// <summary>Losses as functions of the predicted tokens' log-probabilities, with their derivatives. Plain arithmetic in double precision.</summary>
public static class Losses
{
    /// <summary>Weighted mean cross-entropy over all predicted tokens of a batch: -sum(w log p) / sum(w), in nats per token.</summary>
    /// <param name="logProbabilities">Natural log-probability of each predicted token.</param>
    /// <param name="weights">Their weights, above 0.</param>
    /// <param name="slopes">Filled with the derivative with respect to each log-probability.</param>
    /// <param name="whole">Weights of the whole step of which this batch is a part, so that the parts' losses and slopes add up to the whole's; null where it is all.</param>
    public static double CrossEntropy(ReadOnlySpan<float> logProbabilities, ReadOnlySpan<float> weights, Span<float> slopes, double? whole = null)
    {
        var (loss, total) = (0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            total += weights[i];
            loss -= weights[i] * (double)logProbabilities[i];
        }

        total = whole ?? total;
        for (var i = 0; i < weights.Length; i++) slopes[i] = (float)(-weights[i] / total);
        return total == 0 ? 0 : loss / total;
    }

    /// <summary>A preference loss over a batch of pairs; see <see cref="PreferenceOptions"/>.</summary>
    /// <param name="logProbabilities">Of every token of every answer.</param>
    /// <param name="weights">Their weights, above 0.</param>
    /// <param name="owners">Which answer each token belongs to: 0 .. pairs - 1 are the chosen ones, pairs .. 2 pairs - 1 the rejected ones in the same order; what comes after is replayed: it joins the chosen ones in the anchor and has no other part.</param>
    /// <param name="pairs">Number of pairs.</param>
    /// <param name="slopes">Filled with the derivative with respect to each log-probability.</param>
    /// <param name="whole">Pairs, and weight of all tokens in the anchor (<see cref="AnchorWeight"/>), of the whole step of which this batch is a part; null where it is all.</param>
    /// <param name="reference">With <see cref="PreferenceOptions.Reference"/>: <see cref="TrainingPair.Reference"/> of each pair.</param>
    /// <returns>The loss, the part of pairs whose chosen answer scores higher, and the mean lead in score.</returns>
    public static (double Loss, double Accuracy, double Margin) Preference(
        ReadOnlySpan<float> logProbabilities, ReadOnlySpan<float> weights, ReadOnlySpan<int> owners, int pairs, PreferenceOptions options, Span<float> slopes,
        (int Pairs, double Anchor)? whole = null, ReadOnlySpan<(double Chosen, double Rejected)> reference = default)
    {
        if (options.Reference && reference.Length != pairs)
            throw new ArgumentException($"{pairs} pairs but {reference.Length} reference scores: this loss compares with a reference model, whose scores ReferenceScores computes once.");
        var (sums, totals) = (new double[2 * pairs], new double[2 * pairs]);
        var (replayed, replayedWeight) = (0.0, 0.0);
        for (var i = 0; i < owners.Length; i++)
        {
            if (owners[i] >= 2 * pairs)
            {
                (replayed, replayedWeight) = (replayed + (weights[i] * (double)logProbabilities[i]), replayedWeight + weights[i]);
                continue;
            }

            sums[owners[i]] += weights[i] * (double)logProbabilities[i];
            totals[owners[i]] += weights[i];
        }

        var compared = 0;
        for (var p = 0; p < pairs; p++) compared += totals[p] > 0 && totals[pairs + p] > 0 ? 1 : 0;
        var all = Math.Max(1, whole?.Pairs ?? compared);
        double Length(int answer) => options.LengthNormalised && totals[answer] > 0 ? totals[answer] : 1;
        var (loss, right, margin, push) = (0.0, 0, 0.0, new double[pairs]);
        for (var p = 0; p < pairs; p++)
        {
            if (!(totals[p] > 0 && totals[pairs + p] > 0)) continue; // an answer that is masked throughout says nothing, and no score is not a score of 0
            var lead = sums[p] / Length(p) - sums[pairs + p] / Length(pairs + p);
            if (options.Reference) lead -= reference[p].Chosen / Length(p) - reference[p].Rejected / Length(pairs + p);
            if (options.Contrast)
            {
                var (cost, slope) = Cost(lead, options);
                (loss, push[p]) = (loss + cost / all, slope / all);
            }

            margin += lead / all;
            if (lead > 0) right++;
        }

        var anchored = Math.Max(whole?.Anchor ?? (totals.AsSpan(0, pairs).ToArray().Sum() + replayedWeight), double.Epsilon); // nothing to anchor is 0, not 0 / 0
        var anchor = -replayed / anchored;
        for (var p = 0; p < pairs; p++) anchor -= sums[p] / anchored;
        for (var i = 0; i < owners.Length; i++)
        {
            var slope = owners[i] < pairs ? push[owners[i]] * weights[i] / Length(owners[i])
                : owners[i] < 2 * pairs ? -push[owners[i] - pairs] * weights[i] / Length(owners[i])
                : 0;
            if (owners[i] < pairs || owners[i] >= 2 * pairs) slope -= options.Alpha * weights[i] / anchored;
            slopes[i] = (float)slope;
        }

        return (loss + options.Alpha * anchor, right / (double)all, margin);
    }

    /// <summary>Weight of the tokens of a batch that the anchor of <see cref="Preference"/> is averaged over: those of chosen and replayed answers.</summary>
    public static double AnchorWeight(ReadOnlySpan<float> weights, ReadOnlySpan<int> owners, int pairs)
    {
        var sum = 0.0;
        for (var i = 0; i < owners.Length; i++) sum += owners[i] < pairs || owners[i] >= 2 * pairs ? weights[i] : 0;
        return sum;
    }

    /// <summary>What a pair costs at a lead, and the derivative.</summary>
    private static (double Cost, double Slope) Cost(double lead, PreferenceOptions options)
    {
        var (beta, smoothing) = (options.Beta, options.LabelSmoothing);
        var x = beta * lead - options.Gamma;
        switch (options.Shape)
        {
            case PreferenceShape.Hinge:
                return x < 1 ? (1 - x, -beta) : (0, 0);
            case PreferenceShape.Squared:
                var off = lead - 1 / (2 * beta);
                return (off * off, 2 * off);
            default:
                return (((1 - smoothing) * Softplus(-x)) + (smoothing * Softplus(x)), (-(1 - smoothing) * beta / (1 + Math.Exp(x))) + (smoothing * beta / (1 + Math.Exp(-x))));
        }
    }

    private static double Softplus(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));
}
