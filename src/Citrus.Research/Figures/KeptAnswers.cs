using System.Globalization;
using Citrus.Research.Evaluation;

namespace Citrus.Research.Figures;

/// <summary>Small tables made from evaluations, so that figures can be drawn again without the evaluations' logs.</summary>
public static class KeptAnswers
{
    /// <summary>The tables, from the results folder.</summary>
    public const string Answers = "evaluation/answers.csv", Options = "evaluation/option-scores.csv";

    /// <summary>Adds evaluations to the tables of a results folder; rows of the same student and protocol are replaced.</summary>
    /// <param name="results">The results folder.</param>
    /// <param name="runs">Evaluations of students, complete.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="InvalidDataException">An evaluation is not of a student, lacks answers, or has questions with several right options.</exception>
    public static IReadOnlyList<string> Add(string results, IReadOnlyList<EvaluationFolder> runs)
    {
        var sources = new FigureSources(results);
        var (answersPath, optionsPath) = (sources.PathOf(Answers), sources.PathOf(Options));
        var answers = File.Exists(answersPath) ? CsvTables.Read<MeasuredAnswers>(answersPath).ToList() : [];
        var options = File.Exists(optionsPath) ? CsvTables.Read<OptionScores>(optionsPath).ToList() : [];
        foreach (var run in runs)
        {
            var student = StudentOf(run);
            answers.RemoveAll(a => a.Student == student && a.Protocol == run.Card.Spec);
            answers.AddRange(run.Parts.Select(p => Row(run, student, p)));
            if (run.Predictions[0].OptionScores is null) continue;
            options.RemoveAll(o => o.Student == student);
            options.AddRange(run.Questions.Zip(run.Predictions, (q, p) => new OptionScores(student, q.Id, q.Options.ToList().FindIndex(o => o.Label == q.Answers[0]),
                string.Join(' ', p.OptionScores!.Select(s => s.ToString("0.####", CultureInfo.InvariantCulture))))));
        }

        CsvTables.Write(answersPath, answers.OrderBy(a => a.Protocol, StringComparer.Ordinal).ThenBy(a => a.Student, StringComparer.Ordinal));
        CsvTables.Write(optionsPath, options.OrderBy(o => o.Student, StringComparer.Ordinal));
        return [answersPath, optionsPath];
    }

    private static string StudentOf(EvaluationFolder run)
    {
        if (!run.Model.StartsWith("student:", StringComparison.Ordinal) || run.Card.Weights is null) throw new InvalidDataException($"{run.Path} is an evaluation of {run.Model}; these tables keep students, whose weights can be told.");
        if (run.Questions.FirstOrDefault(q => q.Answers.Count != 1) is { } several) throw new InvalidDataException($"{run.Path}, question {several.Id} has {several.Answers.Count} right options; these tables keep questions with one.");
        return run.Problems.Count == 0 ? run.Model["student:".Length..] : throw new InvalidDataException($"{run.Path} is not complete: {run.Problems[0].Text}");
    }

    private static MeasuredAnswers Row(EvaluationFolder run, string student, EvaluationPart part) => new(
        student, run.Card.Weights!, run.Card.Spec, part.Variant.Length == 0 ? null : part.Variant, run.Card.QuestionsFile, run.Card.QuestionsSha256, part.Predictions.Count,
        part.Predictions.All(p => p.OutputTokens is not null && p.OptionScores is null) ? Math.Round(part.Predictions.Average(p => (double)p.OutputTokens!.Value), 3) : null,
        string.Concat(part.Predictions.Select(p => p.Correct ? '1' : '0')));
}
