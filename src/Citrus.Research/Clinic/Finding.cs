namespace Citrus.Research.Clinic;

/// <summary>Something that is present or absent in a patient.</summary>
/// <param name="Id">Also its word in the chart register.</param>
/// <param name="Background">P(present) where the disease says nothing about it, 0..1.</param>
/// <param name="Present">Noun phrases for "present", for the vignette register.</param>
/// <param name="Absent">Noun phrases for "absent", their own negation included.</param>
public sealed record Finding(string Id, FindingKind Kind, double Background, IReadOnlyList<string> Present, IReadOnlyList<string> Absent);
