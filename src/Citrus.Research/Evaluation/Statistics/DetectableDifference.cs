namespace Citrus.Research.Evaluation.Statistics;

/// <summary>How small a difference of two arms a test set can show (Miller 2024, arXiv 2411.00640, section 5).</summary>
public static class DetectableDifference
{
    /// <summary>The smallest true difference that a two-sided test at <paramref name="level"/> finds with probability <paramref name="power"/>.</summary>
    /// <param name="questions">Questions that both arms answer.</param>
    /// <param name="discordant">Share of questions where exactly one arm is right; the variance of the paired difference at no true difference.</param>
    /// <returns>A fraction: 0.03 is three points of accuracy.</returns>
    public static double Of(int questions, double discordant, double level = 0.05, double power = 0.8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(questions, 1);
        if (discordant is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(discordant), discordant, "A share lies between 0 and 1.");
        return OfError(Math.Sqrt(discordant / questions), level, power);
    }

    /// <summary>The same where each arm answered questions of its own, or where nobody kept who was right where.</summary>
    /// <param name="first">Questions of the first arm.</param>
    /// <param name="second">Questions of the second arm.</param>
    /// <param name="accuracy">Share right that both are thought to have; 0.5 is the worst case.</param>
    public static double Unpaired(int first, int second, double accuracy, double level = 0.05, double power = 0.8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(second, 1);
        if (accuracy is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "A share lies between 0 and 1.");
        return OfError(Math.Sqrt(accuracy * (1 - accuracy) * ((1.0 / first) + (1.0 / second))), level, power);
    }

    /// <summary>Of any difference whose standard error is known, e.g. a clustered one or one over repeated samples.</summary>
    public static double OfError(double standardError, double level = 0.05, double power = 0.8)
    {
        if (!(standardError >= 0)) throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is 0 or more.");
        if (power is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(power), power, "Power lies between 0 and 1, e.g. 0.8.");
        return (Quantile.Normal(1 - level) + MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, power)) * standardError;
    }
}
