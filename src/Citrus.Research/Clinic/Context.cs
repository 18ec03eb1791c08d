namespace Citrus.Research.Clinic;

/// <summary>A fact about a patient that can forbid a drug: an allergy, a pregnancy, an organ failure, an interaction.</summary>
/// <param name="Id">Also its word in the chart register.</param>
/// <param name="Frequency">Share of attenders who have it, 0..1.</param>
/// <param name="Sex">The sex it is limited to, or null.</param>
/// <param name="Ages">The age bands it is limited to; empty means all.</param>
public sealed record Context(string Id, string Kind, double Frequency, Sex? Sex, IReadOnlyList<AgeBand> Ages, IReadOnlyList<string> Phrases);
