namespace Citrus.Research.Synthesis;

/// <summary>How exam questions are made of consultations.</summary>
public sealed record ConsultationRecordOptions
{
    /// <summary>Most options that the benchmark JMED has: A to U.</summary>
    public const int MaximumOptions = 21;

    /// <summary>Options of a question, the last of them "none of the above", 3..21; fewer where there are not as many illnesses.</summary>
    public int Options { get; init; } = 7;

    /// <summary>Share of questions whose right illness is left out, so that "none of the above" is right, 0..1.</summary>
    public double NoneShare { get; init; } = 0.05;

    /// <summary>Draws options, their order, and where the right one is left out.</summary>
    public long Seed { get; init; }

    internal ConsultationRecordOptions Validated()
    {
        if (Options is < 3 or > MaximumOptions) throw new ArgumentOutOfRangeException(nameof(Options), Options, $"A question made of a consultation has 3 to {MaximumOptions} options.");
        if (NoneShare is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(NoneShare), NoneShare, "A share lies between 0 and 1.");
        return this;
    }
}
