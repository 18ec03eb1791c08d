using Citrus.Research.Questions;

namespace Citrus.Research.Models;

/// <summary>From logits to a token; plain arithmetic, so that every platform chooses alike.</summary>
internal static class NextToken
{
    /// <summary>The likeliest id (the smallest of equals) at temperature 0, else one drawn by inverse cumulative probability.</summary>
    /// <exception cref="InvalidOperationException">The logits hold no number.</exception>
    public static int Choose(ReadOnlySpan<float> logits, double temperature, SeededRandom random)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++) if (logits[i] > logits[best]) best = i;
        if (!float.IsFinite(logits[best])) throw new InvalidOperationException("The model's output is not a number: its training went wrong or its file is damaged.");
        if (temperature == 0) return best;
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp((logit - logits[best]) / temperature);
        var left = random.NextDouble() * sum;
        for (var i = 0; i < logits.Length; i++)
        {
            left -= Math.Exp((logits[i] - logits[best]) / temperature);
            if (left < 0) return i;
        }

        return best;
    }

    /// <summary>Natural log-probability of an id at temperature 1.</summary>
    public static double LogProbability(ReadOnlySpan<float> logits, int id)
    {
        double most = logits[id], sum = 0;
        foreach (var logit in logits) most = Math.Max(most, logit);
        foreach (var logit in logits) sum += Math.Exp(logit - most);
        return logits[id] - most - Math.Log(sum);
    }
}
