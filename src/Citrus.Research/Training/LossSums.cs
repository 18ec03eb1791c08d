namespace Citrus.Research.Training;

/// <summary>Loss and accuracy summed over steps.</summary>
/// <param name="Steps">Steps taken when the sums were 0.</param>
internal sealed record LossSums(long Steps = 0, double Loss = 0, double Accurate = 0)
{
    public LossSums With(double loss, double? accuracy) => new(Steps, Loss + loss, Accurate + (accuracy ?? 0));

    public double MeanLoss(long now) => Loss / Math.Max(1, now - Steps);

    public double MeanAccuracy(long now) => Accurate / Math.Max(1, now - Steps);
}
