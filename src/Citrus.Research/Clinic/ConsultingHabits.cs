using Citrus.Research.Experts;

namespace Citrus.Research.Clinic;

/// <summary>How the embedded clinician asks as doctor.</summary>
public sealed record ConsultingHabits
{
    /// <summary>Asks for what lowers the entropy over the diseases most.</summary>
    public const string ByInformation = "information";

    /// <summary>Asks in random order: the baseline that shows what choosing buys.</summary>
    public const string AtRandom = "random";

    /// <summary><see cref="ByInformation"/> or <see cref="AtRandom"/>.</summary>
    public string Asks { get; init; } = ByInformation;

    /// <summary>It stops where one disease is at least this likely, 0..1.</summary>
    public double Certain { get; init; } = 0.97;

    /// <summary>It stops where no question would tell more than this, in nats.</summary>
    public double Worth { get; init; } = 0.005;

    /// <summary>Draws the wording, and the order where it is random.</summary>
    public long Seed { get; init; }

    /// <summary>The habits that a spec names: <c>asks</c>, <c>certain</c>, <c>worth</c> and <c>seed</c>.</summary>
    /// <exception cref="FormatException">One of them is none that it can be.</exception>
    public static ConsultingHabits Of(ExpertSpec spec)
    {
        var usual = new ConsultingHabits();
        var asks = spec.Text("asks") ?? usual.Asks;
        if (asks is not (ByInformation or AtRandom)) throw new FormatException($"asks={asks} in expert '{spec}': expected {ByInformation} or {AtRandom}.");
        return new() { Asks = asks, Certain = spec.Number("certain", usual.Certain, 0, 1), Worth = spec.Number("worth", usual.Worth, 0, 10), Seed = spec.Integer("seed", 0) };
    }
}
