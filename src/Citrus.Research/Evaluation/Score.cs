using System.Globalization;
using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>What a set of predictions is worth, with its uncertainty and its protocol.</summary>
public sealed record Score
{
    /// <summary>Tags that questions are grouped by where nothing else is said.</summary>
    public static IReadOnlyList<string> DefaultTags { get; } = ["unseen", "contraindicated"];

    public required Protocol Protocol { get; init; }

    /// <summary>Right by the chosen option: the headline.</summary>
    public required Rate Correct { get; init; }

    /// <summary>Right by the letter that was given.</summary>
    public required Rate ByLetter { get; init; }

    /// <summary>Right by the option that was named.</summary>
    public required Rate ByName { get; init; }

    /// <summary>No option could be read from the output; such an answer counts as wrong.</summary>
    public required Rate NoAnswer { get; init; }

    /// <summary>The output had the form that was asked for.</summary>
    public required Rate WellFormed { get; init; }

    /// <summary>Right among the questions whose output gave an answer; null where none did. A model that declines the hard ones looks better by it than it is.</summary>
    public Rate? Valid { get; init; }

    /// <summary>Questions without any output; they count as wrong and are among those without an answer.</summary>
    public Rate Missing { get; init; }

    /// <summary>How the answers were found: questions by tier, those without an answer under <c>None</c>.</summary>
    public IReadOnlyDictionary<string, int> Tiers { get; init; } = new Dictionary<string, int>();

    /// <summary>Letter and named option were different ones.</summary>
    public required Rate Disagreeing { get; init; }

    /// <summary>Tokens in an output, over the outputs that were counted; null where none was.</summary>
    public required double? MeanOutputTokens { get; init; }

    /// <summary>The best accuracy anyone can have, 0..1: the mean of the questions' <c>ceiling</c> tags; null where one has none.</summary>
    public required double? Ceiling { get; init; }

    /// <summary>Accuracy of guessing, 0..1.</summary>
    public required double Chance { get; init; }

    /// <summary>By kind, then by tags; values in ordinal order.</summary>
    public required IReadOnlyList<ScoreGroup> Groups { get; init; }

    public int N => Correct.N;

    public double Accuracy => Correct.Fraction;

    public Interval Interval => Correct.Interval;

    /// <summary>Scores predictions against their questions, matched by position.</summary>
    /// <param name="tags">Tags to group by; <see cref="DefaultTags"/> where null.</param>
    /// <exception cref="ArgumentException">There is none, or a prediction is of another question.</exception>
    public static Score Of(IReadOnlyList<Question> questions, IReadOnlyList<Prediction> predictions, Protocol protocol, IReadOnlyList<string>? tags = null)
    {
        if (questions.Count == 0) throw new ArgumentException("A score needs at least one question.", nameof(questions));
        if (questions.Count != predictions.Count) throw new ArgumentException($"{questions.Count} questions have {predictions.Count} predictions; one each is needed.", nameof(predictions));
        for (var i = 0; i < questions.Count; i++)
            if (predictions[i].QuestionId != questions[i].Id) throw new ArgumentException($"Prediction {i + 1} is of question {predictions[i].QuestionId}, not {questions[i].Id}.", nameof(predictions));

        var all = questions.Zip(predictions).ToList();
        Rate Share(Func<Prediction, bool> which) => new(predictions.Count(which), predictions.Count);
        var several = Ballot.Several(questions);
        var counted = predictions.Where(p => p.OutputTokens is not null).ToList();
        return new Score
        {
            Protocol = protocol,
            Correct = Share(p => p.Correct),
            ByLetter = Share(p => p.CorrectByLetter),
            ByName = Share(p => p.CorrectByName),
            NoAnswer = Share(p => p.Choice.Count == 0),
            WellFormed = Share(p => p.Extracted.IsWellFormed),
            Disagreeing = Share(p => p.Extracted.Disagrees),
            Valid = predictions.Count(p => p.Choice.Count > 0) is > 0 and var given ? new Rate(predictions.Count(p => p.Correct), given) : null,
            Missing = Share(p => p.IsMissing),
            Tiers = Enum.GetValues<ExtractionTier>().Select(t => (Tier: t, Count: predictions.Count(p => p.Extracted.Tier == t))).Where(t => t.Count > 0).ToDictionary(t => t.Tier.ToString(), t => t.Count),
            MeanOutputTokens = counted.Count == 0 ? null : counted.Average(p => p.OutputTokens!.Value),
            Ceiling = MeanCeiling(questions),
            Chance = Guessing(questions, several),
            Groups =
            [
                .. GroupBy("kind", all, several, q => q.Kind.Length > 0 ? q.Kind : null),
                .. (tags ?? DefaultTags).SelectMany(tag => GroupBy(tag, all, several, q => q.Tags.GetValueOrDefault(tag))),
            ],
        };
    }

    private static IEnumerable<ScoreGroup> GroupBy(string by, List<(Question Question, Prediction Prediction)> all, bool several, Func<Question, string?> key)
    {
        foreach (var part in all.Where(p => key(p.Question) is not null).GroupBy(p => key(p.Question)!).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var list = part.ToList();
            var questions = list.ConvertAll(p => p.Question);
            yield return new ScoreGroup(
                by, part.Key, Share(list, p => p.Correct), Share(list, p => p.CorrectByLetter), Share(list, p => p.CorrectByName), MeanCeiling(questions), Guessing(questions, several));
        }
    }

    private static Rate Share(List<(Question Question, Prediction Prediction)> list, Func<Prediction, bool> which) => new(list.Count(p => which(p.Prediction)), list.Count);

    /// <summary>Where several options may be chosen, any set but the empty one can be guessed.</summary>
    private static double Guessing(IReadOnlyList<Question> questions, bool several) =>
        several ? questions.Average(q => 1 / (Math.Pow(2, q.Options.Count) - 1)) : questions.Average(q => 1.0 / q.Options.Count);

    private static double? MeanCeiling(IReadOnlyList<Question> questions)
    {
        var sum = 0.0;
        foreach (var question in questions)
        {
            if (!question.Tags.TryGetValue("ceiling", out var text)) return null;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ceiling) || ceiling is not (>= 0 and <= 1))
                throw new ArgumentException($"Question {question.Id}: the tag ceiling is \"{text}\"; a number between 0 and 1 is needed.");
            sum += ceiling;
        }

        return sum / questions.Count;
    }
}
