using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>A question's samples, sorted out.</summary>
/// <param name="Kept">Those that passed the filters, in the order of sampling.</param>
/// <param name="Rejected">The others, each with its reason.</param>
/// <param name="Best">The one to be chosen; null where none is good enough.</param>
/// <param name="Worst">Those to be rejected, the worst first; empty where there is no best.</param>
public sealed record PreferenceSelection(
    Question Question, IReadOnlyList<PreferenceSample> Kept, IReadOnlyList<(PreferenceSample Sample, string Reason)> Rejected, PreferenceSample? Best, IReadOnlyList<PreferenceSample> Worst);
