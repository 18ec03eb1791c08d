using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>What was said to one question, and what it was worth.</summary>
public sealed record Prediction
{
    public required string QuestionId { get; init; }

    /// <summary>The raw output, thought and tags included; for a likelihood protocol the chosen label.</summary>
    public required string Output { get; init; }

    public required ExtractedAnswer Extracted { get; init; }

    /// <summary>Right by the chosen option: the letter, or the named option where no letter was given. Of several right options, exactly these were chosen.</summary>
    public required bool Correct { get; init; }

    /// <summary>A letter was given and it is right.</summary>
    public required bool CorrectByLetter { get; init; }

    /// <summary>An option's text was given and it is the right one's.</summary>
    public required bool CorrectByName { get; init; }

    /// <summary>Tokens of the output, of all samples where there were several; null where nobody counted.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>Score of each option, in nats, in the options' order; null for generation.</summary>
    public IReadOnlyList<double>? OptionScores { get; init; }

    /// <summary>The labels that were chosen, in the question's own; null where it is the extracted one alone.</summary>
    public IReadOnlyList<string>? Chosen { get; init; }

    /// <summary>There was no output at all: wrong, and told apart from an output without an answer.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Samples that this is the vote of; 1 where it is one output.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>How many of the samples chose what was chosen.</summary>
    public int Votes { get; init; } = 1;

    /// <summary>The labels that were chosen; empty where no answer could be read.</summary>
    public IReadOnlyList<string> Choice => Chosen ?? (Extracted.Label is { } label ? [label] : []);

    /// <summary>Reads the answer from an output and holds it against the truth.</summary>
    public static Prediction Of(Question question, string output, int? outputTokens = null) => question.Answers.Count > 1
        ? Of(question, Reading.Of(question, output, order: null, several: true), output, outputTokens)
        : Of(question, output, AnswerExtraction.Extract(output, question.Options), outputTokens);

    /// <summary>What a question without any output gets.</summary>
    public static Prediction Missing(Question question) =>
        Of(question, "", new ExtractedAnswer(ExtractionTier.None, null, null, false), null) with { IsMissing = true, Samples = 0, Votes = 0 };

    /// <summary>Whether exactly the right options were chosen.</summary>
    internal static bool IsExact(Question question, IReadOnlyCollection<string> chosen) => chosen.Count == question.Answers.Count && question.Answers.All(chosen.Contains);

    internal static Prediction Of(Question question, Reading read, string output, int? outputTokens) => new()
    {
        QuestionId = question.Id,
        Output = output,
        Extracted = read.Extracted,
        Correct = IsExact(question, read.Chosen),
        CorrectByLetter = read.Extracted.Letter is not null && IsExact(question, read.Chosen),
        CorrectByName = read.Named is { } named && IsExact(question, [named]),
        OutputTokens = outputTokens,
        Chosen = read.Chosen,
    };

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

    private static bool IsRight(Question question, string? label) => label is not null && IsExact(question, [label]);
}
