namespace Citrus.Research.Clinic;

/// <summary>A test that settles a diagnosis.</summary>
public sealed record ConfirmingTest(string Id, string Name);
