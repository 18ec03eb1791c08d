namespace Citrus.Research.Training;

/// <summary>What a training has counted: budget, loss curve, and sums since the last point of the curve and of the log. A resumed run begins with a saved one.</summary>
internal sealed record TrainingTally
{
    public long Steps { get; set; }

    public long Examples { get; set; }

    public long Tokens { get; set; }

    public long LossTokens { get; set; }

    /// <summary>Batches read; several make a step where gradients are accumulated.</summary>
    public long Batches { get; set; }

    /// <summary>Floating-point operations; see <see cref="TrainingCost"/>.</summary>
    public double Operations { get; set; }

    /// <summary>Time spent training, over all sittings.</summary>
    public double Seconds { get; set; }

    public List<LossPoint> Curve { get; init; } = [];

    public double? Accuracy { get; set; }

    /// <summary>Steps at the last point of the curve, and sums since then.</summary>
    public LossSums Point { get; set; } = new();

    /// <summary>The same since the last line of the log.</summary>
    public LossSums Line { get; set; } = new();

    /// <summary>Part of the budget that is used up, 0 to 1.</summary>
    public double Fraction(TrainingOptions options) =>
        Math.Min(1, Math.Max(Part(Examples, options.Examples), Math.Max(Part(Tokens, options.Tokens), Part(Steps, options.Steps))));

    public void Add(IReadOnlyList<MicroBatch> step, double operations, double loss, double? accuracy, TrainingOptions options)
    {
        Steps++;
        Batches += step.Count;
        Examples += step.Sum(b => b.Items);
        Tokens += step.Sum(b => (long)b.Tokens.Ids.Length);
        LossTokens += step.Sum(b => (long)b.Tokens.Rows.Length);
        Operations += operations;
        Point = Point.With(loss, accuracy);
        Line = Line.With(loss, accuracy);
        if (Fraction(options) * options.CurvePoints >= Curve.Count + 1) Mark(accuracy is not null);
    }

    public TrainingSummary Summary(double seconds)
    {
        if (Point.Steps < Steps) Mark(Accuracy is not null);
        return new TrainingSummary
        {
            Steps = Steps,
            Examples = Examples,
            Tokens = Tokens,
            LossTokens = LossTokens,
            Seconds = seconds,
            FinalLoss = Curve.Count == 0 ? double.NaN : Curve[^1].Loss,
            Curve = Curve,
            PreferenceAccuracy = Accuracy,
        };
    }

    private void Mark(bool withAccuracy)
    {
        Curve.Add(new LossPoint(Steps, Point.MeanLoss(Steps)));
        if (withAccuracy) Accuracy = Point.MeanAccuracy(Steps);
        Point = new LossSums(Steps);
    }

    private static double Part(long done, long? budget) => budget is { } b ? done / (double)b : 0;
}
