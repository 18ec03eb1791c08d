namespace Citrus.Research.Evaluation.Statistics;

/// <summary>How many standard errors a two-sided interval reaches to each side.</summary>
public static class Quantile
{
    /// <summary>Of the standard normal: 1.96 for 0.95.</summary>
    public static double Normal(double confidence) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, Upper(confidence));

    /// <summary>Of Student's t with the given degrees of freedom: 4.303 for 0.95 and 2.</summary>
    public static double StudentT(double confidence, double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0)) throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Degrees of freedom are more than 0.");
        return MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, degreesOfFreedom, Upper(confidence));
    }

    private static double Upper(double confidence) => confidence is > 0 and < 1
        ? 0.5 + (confidence / 2)
        : throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Confidence lies between 0 and 1, e.g. 0.95.");
}
