namespace Citrus.Research.Clinic;

/// <summary>A treatment and the contexts in which it is contraindicated.</summary>
public sealed record Drug(string Id, string Name, string Class, IReadOnlyList<string> Avoid);
