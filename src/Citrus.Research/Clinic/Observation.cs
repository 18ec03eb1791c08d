namespace Citrus.Research.Clinic;

/// <summary>A finding that was looked for, and whether it was there.</summary>
public sealed record Observation(string Finding, bool Present);
