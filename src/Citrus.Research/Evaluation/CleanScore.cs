using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>An evaluation's accuracy on all questions, on those that training data does not hold, and on those that it holds.</summary>
public sealed record CleanScore
{
    /// <summary>The raw score: all questions of the benchmark, the unanswered ones counting as wrong.</summary>
    public required Rate All { get; init; }

    /// <summary>Questions that were not found in the training data; null where there is none.</summary>
    public required Rate? Clean { get; init; }

    /// <summary>Questions that were found in the training data; null where there is none.</summary>
    public required Rate? Contaminated { get; init; }

    /// <summary>Contaminated minus clean, where the true difference lies (95%; Newcombe, Statistics in Medicine 1998; 17: 873-890, method 10, from the two parts' intervals); null where a part is empty.</summary>
    /// <remarks>The parts hold different questions, so a difference may also come from one part being harder.</remarks>
    public Interval? Gap
    {
        get
        {
            if (Clean is not { } clean || Contaminated is not { } seen) return null;
            var difference = seen.Fraction - clean.Fraction;
            return new Interval(
                difference - Root(seen.Fraction - seen.Interval.Low, clean.Interval.High - clean.Fraction),
                difference + Root(seen.Interval.High - seen.Fraction, clean.Fraction - clean.Interval.Low));
        }
    }

    /// <param name="questions">The whole benchmark.</param>
    /// <param name="predictions">One for each question, in the same order.</param>
    /// <param name="isContaminated">By the question's place.</param>
    /// <exception cref="ArgumentException">There is no question, or a prediction is of another one.</exception>
    public static CleanScore Of(IReadOnlyList<Question> questions, IReadOnlyList<Prediction> predictions, Func<int, bool> isContaminated)
    {
        if (questions.Count == 0) throw new ArgumentException("A score needs at least one question.", nameof(questions));
        if (questions.Count != predictions.Count) throw new ArgumentException($"{questions.Count} questions have {predictions.Count} predictions; one each is needed.", nameof(predictions));
        for (var i = 0; i < questions.Count; i++)
            if (predictions[i].QuestionId != questions[i].Id) throw new ArgumentException($"Prediction {i + 1} is of question {predictions[i].QuestionId}, not {questions[i].Id}.", nameof(predictions));

        var all = predictions.Select((p, i) => (Contaminated: isContaminated(i), p.Correct)).ToList();
        Rate? Part(bool contaminated) => all.Count(p => p.Contaminated == contaminated) is > 0 and var n ? new Rate(all.Count(p => p.Contaminated == contaminated && p.Correct), n) : null;
        return new CleanScore { All = new Rate(all.Count(p => p.Correct), all.Count), Clean = Part(false), Contaminated = Part(true) };
    }

    private static double Root(double a, double b) => Math.Sqrt((a * a) + (b * b));
}
