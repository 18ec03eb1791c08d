using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Holds a trace's outcome against the truth.</summary>
public static class Verification
{
    public const string Abstained = "abstained";
    public const string Unusable = "unusable";
    public const string NoAnswer = "no answer";
    public const string WrongAnswer = "wrong answer";
    public const string OtherQuestion = "another question";

    /// <summary>The answer checker gave no reply that could be used.</summary>
    public const string Unchecked = "not checked";

    /// <summary>A trace is kept where it is of this question, is usable, and ends in a right option.</summary>
    public static VerificationResult Of(Question question, Trace trace) =>
        trace.Question != question.Id ? new(false, OtherQuestion)
        : trace.Unusable is { } why ? new(false, why.StartsWith("abstained", StringComparison.Ordinal) ? Abstained : Unusable)
        : trace.AnswerLabel is not { } label ? new(false, NoAnswer)
        : question.Answers.Contains(label) && trace.AnswerText == question.OptionText(label) ? new(true, "")
        : new(false, WrongAnswer);
}
