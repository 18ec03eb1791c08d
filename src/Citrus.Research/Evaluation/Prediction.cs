using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>What was said to one question, and what it was worth.</summary>
public sealed record Prediction
{
    public required string QuestionId { get; init; }

    /// <summary>The raw output, thought and tags included; for a likelihood protocol the chosen label.</summary>
    public required string Output { get; init; }

    public required ExtractedAnswer Extracted { get; init; }

    /// <summary>Right by the chosen option: the letter, or the named option where no letter was given.</summary>
    public required bool Correct { get; init; }

    /// <summary>A letter was given and it is right.</summary>
    public required bool CorrectByLetter { get; init; }

    /// <summary>An option's text was given and it is the right one's.</summary>
    public required bool CorrectByName { get; init; }

    /// <summary>Tokens of the output; null where nobody counted.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>Score of each option, in nats, in the options' order; null for generation.</summary>
    public IReadOnlyList<double>? OptionScores { get; init; }

    /// <summary>Reads the answer from an output and holds it against the truth.</summary>
    public static Prediction Of(Question question, string output, int? outputTokens = null) =>
        Of(question, output, AnswerExtraction.Extract(output, question.Options), outputTokens);

    internal static Prediction Of(Question question, string output, ExtractedAnswer extracted, int? outputTokens) => new()
    {
        QuestionId = question.Id,
        Output = output,
        Extracted = extracted,
        Correct = IsRight(question, extracted.Label),
        CorrectByLetter = IsRight(question, extracted.Letter),
        CorrectByName = IsRight(question, extracted.Named),
        OutputTokens = outputTokens,
    };

    private static bool IsRight(Question question, string? label) => label is not null && question.Answers.Contains(label);
}
