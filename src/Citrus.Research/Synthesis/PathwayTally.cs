using Citrus.Research.Clinic;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>What a pathway is worth and costs, over a set of questions.</summary>
/// <param name="Pathway">Its name.</param>
/// <param name="Questions">How many were asked.</param>
/// <param name="Right">Traces that end with the right answer.</param>
/// <param name="CallsPerQuestion">Mean number of calls of an expert for one question.</param>
/// <param name="Rejections">Proposals that the reflection expert rejected, over all questions.</param>
/// <param name="TrueClaims">Share of the accepted steps' checkable claims that hold, 0..1; null where nothing was claimed.</param>
public sealed record PathwayTally(string Pathway, int Questions, int Right, double CallsPerQuestion, int Rejections, double? TrueClaims)
{
    /// <summary>Counts the traces of one pathway.</summary>
    /// <param name="traces">One a question, in the same order.</param>
    /// <exception cref="ArgumentException">There is no trace, or not one a question.</exception>
    public static PathwayTally Of(StepCheck check, IReadOnlyList<Question> questions, IReadOnlyList<Trace> traces)
    {
        if (traces.Count == 0 || traces.Count != questions.Count) throw new ArgumentException($"{questions.Count} questions have {traces.Count} traces; one each is needed.", nameof(traces));
        var pairs = questions.Zip(traces).ToList();
        return new PathwayTally(
            traces[0].Pathway, questions.Count, pairs.Count(p => Verification.Of(p.First, p.Second).Kept), traces.Average(t => (double)t.Calls), traces.Sum(t => t.Rejections),
            pairs.Aggregate(Faithfulness.None, (sum, p) => sum + TraceFaithfulness.Of(check, p.First, p.Second).Faithfulness).Fraction);
    }
}
