namespace Citrus.Research.Synthesis;

/// <summary>How a consultation is led.</summary>
public sealed record ConsultationOptions
{
    /// <summary>Most questions the doctor may ask; 0 or more. Then it is asked to conclude.</summary>
    public int Questions { get; init; } = 12;

    /// <summary>Further attempts after a reply that could not be used, 0 or more.</summary>
    public int Retries { get; init; } = 2;

    internal ConsultationOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Questions);
        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        return this;
    }
}
