using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>What one output says about a question: read by rule, in the question's own labels.</summary>
/// <param name="Extracted">What was found, in the labels that the model saw.</param>
/// <param name="Chosen">The chosen labels, a shuffle undone; empty where none could be read.</param>
/// <param name="Named">The label that was named by its text, a shuffle undone; null where none was.</param>
/// <param name="Outside">A label that was given as the answer and that no option has; null where there is none.</param>
internal sealed record Reading(ExtractedAnswer Extracted, IReadOnlyList<string> Chosen, string? Named, string? Outside)
{
    /// <summary>Reads an output.</summary>
    /// <param name="question">The question, its options in their own order.</param>
    /// <param name="order">The order that they were shown in; null is their own.</param>
    /// <param name="several">Whether several labels may be chosen.</param>
    public static Reading Of(Question question, string output, string? order, bool several)
    {
        var shown = order is null ? question : OptionOrder.Apply(question, order);
        string Back(string label) => order is null ? label : OptionOrder.Undo(question, order, label);
        if (several)
        {
            var (labels, extracted) = SeveralAnswers.Extract(output, shown.Options);
            return new(extracted, [.. labels.Select(Back).Order(StringComparer.Ordinal)], null, labels.Count == 0 ? OutsideLabel.Of(output, shown.Options) : null);
        }

        var found = AnswerExtraction.Extract(output, shown.Options);
        return new(found, found.Label is { } label ? [Back(label)] : [], found.Named is { } named ? Back(named) : null, found.Label is null ? OutsideLabel.Of(output, shown.Options) : null);
    }
}
