using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>Runs to compare, as they lie in their folders.</summary>
public static class ComparedRuns
{
    /// <summary>The runs of several folders, called as the folders are; where two folders have the same name, with as much of the path as tells them apart.</summary>
    /// <exception cref="ArgumentException">A folder is given twice.</exception>
    /// <exception cref="IOException">There is no such folder, or it holds no evaluation.</exception>
    public static IReadOnlyList<ComparedRun> Open(IReadOnlyList<string> folders)
    {
        var paths = folders.Select(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))).ToList();
        if (paths.GroupBy(p => p, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"{twice.Key} is given twice; a run compared with itself says nothing.");
        var parts = paths.ConvertAll(p => p.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries));
        var depth = 1;
        List<string> Names() => parts.ConvertAll(p => string.Join('/', p.TakeLast(depth)));
        while (Names().Distinct(StringComparer.Ordinal).Count() < parts.Count) depth++;
        return [.. folders.Zip(Names()).SelectMany(f => Of(EvaluationFolder.Open(f.First), f.Second))];
    }

    /// <summary>The run in a folder; a sweep gives one for each of its values.</summary>
    /// <param name="name">What to call it.</param>
    public static IReadOnlyList<ComparedRun> Of(EvaluationFolder folder, string name)
    {
        var several = Ballot.Several(folder.Questions);
        return [.. folder.Parts.Select(part =>
        {
            var answers = part.Spread is null ? null : Answers(folder, part, several);
            return new ComparedRun(part.Variant.Length == 0 ? name : $"{name} {part.Variant}", folder.Model, folder.Protocol, folder.Questions,
                [.. part.Predictions.Select(p => p.Correct)],
                answers is null ? null : [.. answers.Select((a, i) => a.Count(x => x == Right(folder.Questions[i])) / (double)answers.Max(b => b.Count))],
                [.. folder.Problems.Select(p => p.Text)],
                [.. part.Predictions.Select(p => string.Concat(p.Choice))],
                Calibrated(folder.Questions, part.Predictions),
                answers is null ? null : Curve(folder.Questions, answers));
        })];
    }

    /// <summary>What each sample of each question chose; null where no answer could be read.</summary>
    private static List<List<string?>> Answers(EvaluationFolder folder, EvaluationPart part, bool several)
    {
        var samples = folder.Samples.Where(s => part.Variant.Length == 0 || s.Variant == part.Variant).GroupBy(s => s.Question, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.DistinctBy(s => (s.Variant, s.Repeat)).ToList(), StringComparer.Ordinal);
        return [.. folder.Questions.Select(q => (samples.GetValueOrDefault(q.Id) ?? []).ConvertAll(s => Ballot.Read(q, s, several).Choice is { Count: > 0 } choice ? string.Concat(choice) : null))];
    }

    /// <summary>The right options as a choice is written: labels in order.</summary>
    private static string Right(Question question) => string.Concat(question.Answers.Order(StringComparer.Ordinal));

    /// <summary>At 1, 2, 4, ... and all samples. A sample that is not there is one without an answer.</summary>
    private static List<SamplePoint> Curve(IReadOnlyList<Question> questions, List<List<string?>> answers)
    {
        var most = answers.Max(a => a.Count);
        var filled = answers.ConvertAll(a => a.Concat(Enumerable.Repeat<string?>(null, most - a.Count)).ToList());
        return [.. Enumerable.Range(0, 31).Select(i => 1 << i).TakeWhile(k => k < most).Append(most).Select(k => new SamplePoint(
            k,
            PassAtK.Mean([.. filled.Select((a, i) => (most, a.Count(x => x == Right(questions[i]))))], k),
            filled.Select((a, i) => MajorityAtK.Of(a, Right(questions[i]), k)).Average()))];
    }

    /// <summary>Over the questions that have one right option and a usable score for each of them; null where there is none.</summary>
    private static Calibration? Calibrated(IReadOnlyList<Question> questions, IReadOnlyList<Prediction> predictions)
    {
        var scored = questions.Zip(predictions).Where(x => x.First.Answers.Count == 1 && x.Second.OptionScores is { } scores && Ballot.IsUsable(scores, x.First)).ToList();
        return scored.Count == 0 ? null : Calibration.Of(
            [.. scored.Select(x => Calibration.Probabilities(x.Second.OptionScores!))],
            [.. scored.Select(x => x.First.Options.ToList().FindIndex(o => o.Label == x.First.Answer))]);
    }
}
