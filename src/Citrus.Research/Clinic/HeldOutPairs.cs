using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>
/// Pairs of disease and context that treatment questions of one split alone may hold: a test of combining what was learned apart.
/// </summary>
/// <remarks>
/// Per disease, one contraindicating context belongs to test where the first-line drug has at least two, and one more to dev where it has
/// at least three; of the harmless contexts one belongs to test and one to dev where there are at least four. Train has none of them,
/// test none of dev's and dev none of test's. Which ones depends on the ids of the knowledge only, never on a seed.
/// </remarks>
public sealed class HeldOutPairs
{
    private readonly Dictionary<(string Disease, string Context), string> _splits = [];

    public HeldOutPairs(Knowledge knowledge)
    {
        foreach (var disease in knowledge.Departments.SelectMany(d => d.Diseases).Where(d => d.FirstLine is not null))
        {
            var random = SeededRandom.For(0, "held-out", knowledge.World, disease.Id);
            var avoid = knowledge.Drugs[disease.FirstLine!].Avoid.OrderBy(c => c, StringComparer.Ordinal).ToList();
            var harmless = knowledge.Contexts.Keys.Except(avoid, StringComparer.Ordinal).OrderBy(c => c, StringComparer.Ordinal).ToList();
            random.Shuffle(avoid);
            random.Shuffle(harmless);
            if (avoid.Count >= 2) _splits[(disease.Id, avoid[0])] = ExamSplit.Test;
            if (avoid.Count >= 3) _splits[(disease.Id, avoid[1])] = ExamSplit.Dev;
            if (harmless.Count < 4) continue;
            _splits[(disease.Id, harmless[0])] = ExamSplit.Test;
            _splits[(disease.Id, harmless[1])] = ExamSplit.Dev;
        }
    }

    /// <summary>The only split that may hold the pair, or null where every split may.</summary>
    public string? SplitOf(string disease, string? context) => context is null ? null : _splits.GetValueOrDefault((disease, context));

    /// <summary>Whether a split's treatment questions may hold the pair.</summary>
    public bool Allowed(string split, string disease, string? context) => SplitOf(disease, context) is not { } owner || owner == split;
}
