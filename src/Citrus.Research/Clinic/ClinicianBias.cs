using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>The biases that strike one question.</summary>
internal readonly record struct ClinicianBias(bool Anchors, bool ClosesEarly, bool NeglectsBaseRate, bool Slips)
{
    public static ClinicianBias Of(ClinicianOptions options, string questionText)
    {
        if (options.Fallibility == 0) return default;
        var random = SeededRandom.For(options.Seed, "bias", questionText);
        return new ClinicianBias(
            random.Chance(options.Fallibility * options.Anchoring),
            random.Chance(options.Fallibility * options.PrematureClosure),
            random.Chance(options.Fallibility * options.BaseRateNeglect),
            random.Chance(options.Fallibility * options.ContraindicationSlip));
    }
}
