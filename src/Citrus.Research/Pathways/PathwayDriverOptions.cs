namespace Citrus.Research.Pathways;

/// <summary>How a driver runs questions.</summary>
public sealed record PathwayDriverOptions
{
    /// <summary>Questions in flight at a time, 1 or more.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>File that traces are appended to and resumed from; null keeps them in memory only.</summary>
    public string? Journal { get; init; }

    /// <summary>Told after every finished question, from whichever thread finished it.</summary>
    public IProgress<PathwayProgress>? Progress { get; init; }

    /// <summary>Spec of the reasoning expert, written into every step; part of what a resume compares.</summary>
    public string ReasoningSpec { get; init; } = "";

    /// <summary>Spec of the reflection expert and judge; that of the reasoning expert where null.</summary>
    public string? ReflectionSpec { get; init; }
}
