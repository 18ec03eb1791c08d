namespace Citrus.Research.Clinic;

/// <summary>A clinic that a patient attends: the known frame of a case, with its diseases and its panel of findings.</summary>
/// <param name="Id">Also its word in the chart register.</param>
/// <param name="Panel">Ids of all findings named by any of its diseases, in file order: what a case may reveal.</param>
public sealed record Department(string Id, string Name, string System, IReadOnlyList<Disease> Diseases, IReadOnlyList<string> Panel);
