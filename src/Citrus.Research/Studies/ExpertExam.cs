using Citrus.Research.Evaluation;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Studies;

/// <summary>An expert sits an exam, thinking along a pathway; nothing is kept.</summary>
public static class ExpertExam
{
    /// <summary>Asks every question.</summary>
    /// <param name="expert">Plays every part of the pathway.</param>
    /// <param name="pathway">One of <see cref="PathwayNames.All"/>.</param>
    /// <param name="questions">In the vignette register; ids must differ.</param>
    /// <returns>One prediction a question, in order; an abstention is an answer that could not be read.</returns>
    public static async Task<IReadOnlyList<Prediction>> SitAsync(IChatClient expert, string pathway, IReadOnlyList<Question> questions, CancellationToken cancellationToken = default)
    {
        var traces = await new PathwayDriver(expert).RunAsync(PathwayNames.Create(pathway), questions, Register.Vignette, cancellationToken).ConfigureAwait(false);
        return [.. questions.Zip(traces, (q, t) => Prediction.Of(q, t.AnswerLabel is { } label ? $"{AnswerExtraction.OpenTag}{label}{AnswerExtraction.CloseTag}" : t.Unusable ?? ""))];
    }
}
