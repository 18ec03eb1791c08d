using Citrus.Research.Figures;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Figures;

/// <summary>Made-up rows with the shape of a study's. The numbers mean nothing.</summary>
internal static class SomeRows
{
    private static readonly string[] Arms = ["Direct", "PatternRecognition", "HypotheticoDeductive", "DualExpert", "ShuffledReasoning", "DirectWithTextbook"];

    private static readonly (string Size, long Parameters)[] Sizes = [("0.1M", 134_016), ("0.4M", 402_000), ("1M", 1_050_000), ("2M", 2_100_000), ("4M", 4_100_000)];

    private static readonly (string Kind, int N, double Ceiling)[] Kinds = [("overall", 600, 0.93), ("diagnosis", 240, 0.91), ("test", 180, 0.95), ("treatment", 180, 0.94)];

    public static List<PathwayRow> Pathways(int sizes = 2, int seeds = 1, int budgets = 1)
    {
        var random = SeededRandom.For(7, "figure");
        var rows = new List<PathwayRow>();
        foreach (var budget in new[] { "equal examples", "equal tokens" }.Take(budgets))
            foreach (var (arm, a) in Arms.Select((x, i) => (x, i)))
                foreach (var (size, s) in Sizes.Take(sizes).Select((x, i) => (x, i)))
                    foreach (var (kind, n, ceiling) in Kinds)
                    {
                        var mean = 0.42 + (0.06 * s) + (a < 4 ? 0.05 * a : -0.05 * (a - 4)) + (0.04 * (random.NextDouble() - 0.5));
                        var singles = Enumerable.Range(1, seeds).Select(seed => Row(seed, Math.Clamp(mean + (0.04 * (random.NextDouble() - 0.5)), 0.2, 0.92), n)).ToList();
                        rows.AddRange(singles);
                        if (seeds > 1) rows.Add(Row(null, singles.Average(r => r.Accuracy), n * seeds));

                        PathwayRow Row(int? seed, double accuracy, int count)
                        {
                            var half = 1.96 * Math.Sqrt(accuracy * (1 - accuracy) / count);
                            return new(budget, arm, size.Size, size.Parameters, kind, seed, count, accuracy, Math.Max(0, accuracy - half), Math.Min(1, accuracy + half), ceiling, 0.25);
                        }
                    }

        return rows;
    }

    public static List<ScalingRow> Scaling(int seeds = 1) =>
    [
        .. Pathways(5, seeds).Where(r => r.Kind == "overall" && r.Arm is "Direct" or "PatternRecognition" or "HypotheticoDeductive" or "DualExpert" && r.Kind == "overall")
            .Select(r => new ScalingRow(r.Arm, r.Size, r.Parameters, r.Seed, r.N, r.Accuracy, r.Low, r.High, r.Ceiling, r.Chance)),
    ];

    public static List<StageRow> Stages()
    {
        string[] stages = ["SFT only", "CPT + SFT", "CPT + SFT + preference"];
        return [.. Pathways(1, 3).Where(r => Array.IndexOf(Arms, r.Arm) < 3)
            .Select(r => new StageRow(stages[Array.IndexOf(Arms, r.Arm)], r.Size, r.Parameters, r.Kind, r.Seed, r.N, r.Accuracy, r.Low, r.High, r.Ceiling, r.Chance))];
    }

    public static List<CurvePoint> Curves() =>
    [
        .. from arm in Arms.Take(4).Select((name, i) => (name, i))
           from step in Enumerable.Range(1, 20)
           from point in new[]
           {
               new CurvePoint("training loss (nats per token)", arm.name, step * 50_000, (1.4 / Math.Sqrt(step + arm.i)) + 0.2),
               new CurvePoint("dev accuracy (fraction)", arm.name, step * 50_000, 0.25 + (0.5 * step / (step + 8.0 - arm.i))),
           }
           select point,
    ];

    public static List<PublishedRow> Published() =>
    [
        new("Tiny-0.5B", 0.5, 33, true, "made up", "nowhere"),
        new("Small-7B", 7, 57, false, "made up", "nowhere"),
        new("Small-Med-7B", 7, 71, true, "made up, \"quoted\"", "nowhere"),
        new("Large-70B", 70, 78, false, "made up", "nowhere"),
        new("Closed", null, 90, false, "made up", "nowhere"),
    ];
}
