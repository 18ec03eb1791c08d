using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Figures;

/// <summary>One question with all that the runs said to it: a line of the page's list.</summary>
/// <param name="IsKnown">False where samples name a question that their run's questions do not have.</param>
internal sealed record ReportRow(Question Question, bool IsKnown)
{
    /// <summary>The question as each run asked it, by the run's index.</summary>
    public SortedDictionary<int, Question> Asked { get; } = [];

    /// <summary>By run, then by repeat.</summary>
    public List<ReportEntry> Entries { get; } = [];

    /// <summary>Traces given beside the runs.</summary>
    public List<Trace> Traces { get; } = [];
}
