using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>Brings samples and questions together: every question counts, whatever became of it, and whatever does not fit is told.</summary>
public static class EvaluationParts
{
    private const string Sweep = "thinking=";

    /// <summary>The parts of an evaluation, a sweep's in rising order.</summary>
    /// <param name="questions">The benchmark: what counts is its size.</param>
    /// <param name="samples">The samples with their lines, in any order; line 0 is none.</param>
    /// <param name="protocol">How they were asked.</param>
    /// <param name="problems">What does not fit, in the samples' order, then the missing questions in theirs.</param>
    /// <param name="expected">Samples that a question should have in each part; null does not ask.</param>
    public static IReadOnlyList<EvaluationPart> Of(
        IReadOnlyList<Question> questions, IReadOnlyList<(int Line, Sample Sample)> samples, Protocol protocol, out IReadOnlyList<EvaluationProblem> problems, Func<Question, int>? expected = null)
    {
        var found = new List<EvaluationProblem>();
        var several = Ballot.Several(questions);
        var byId = questions.ToDictionary(q => q.Id, StringComparer.Ordinal);
        var kept = new Dictionary<(string Part, string Question), List<Sample>>();
        var seen = new Dictionary<(string, string, int), int>();
        if (samples.Count == 0) found.Add(new(EvaluationProblemKind.Empty, "", 0, "There is no prediction at all."));
        foreach (var (line, sample) in samples)
        {
            void Tell(EvaluationProblemKind kind, string text) => found.Add(new(kind, sample.Question, line, $"{(line > 0 ? $"line {line}, " : "")}question {sample.Question}: {text}"));
            if (!byId.TryGetValue(sample.Question, out var question))
            {
                Tell(EvaluationProblemKind.UnknownQuestion, "the benchmark has no such question; it counts for nothing.");
                continue;
            }

            if (!seen.TryAdd((sample.Question, sample.Variant, sample.Repeat), line))
            {
                Tell(EvaluationProblemKind.Duplicated, $"it is there before{(seen[(sample.Question, sample.Variant, sample.Repeat)] is > 0 and var first ? $", in line {first}" : "")}; the first counts.");
                continue;
            }

            var part = PartOf(sample);
            if (!kept.TryGetValue((part, question.Id), out var list)) kept.Add((part, question.Id), list = []);
            list.Add(Checked(question, sample, several, Tell));
        }

        var names = kept.Keys.Select(k => k.Part).Distinct(StringComparer.Ordinal).OrderBy(Value).DefaultIfEmpty("").ToList();
        var parts = names.ConvertAll(name => Part(name, questions, kept, protocol, several, expected, found));
        problems = found;
        return parts;
    }

    /// <summary>The part of a sweep that a sample belongs to, e.g. <c>thinking=512</c>; empty where it belongs to the whole.</summary>
    internal static string PartOf(Sample sample) => sample.Variant.StartsWith(Sweep, StringComparison.Ordinal) ? sample.Variant : "";

    private static EvaluationPart Part(
        string name, IReadOnlyList<Question> questions, Dictionary<(string Part, string Question), List<Sample>> kept, Protocol protocol, bool several, Func<Question, int>? expected, List<EvaluationProblem> problems)
    {
        var predictions = new List<Prediction>(questions.Count);
        var all = new List<(Question Question, List<Sample> Samples)>(questions.Count);
        var about = name.Length > 0 ? $" at {name}" : "";
        foreach (var question in questions)
        {
            var own = kept.GetValueOrDefault((name, question.Id)) ?? [];
            // Orders are drawn anew for each question, the original first; that is the order in which the log should be read.
            own.Sort((a, b) => a.Repeat.CompareTo(b.Repeat));
            var want = expected?.Invoke(question) ?? own.Count;
            if (own.Count == 0) problems.Add(new(EvaluationProblemKind.Missing, question.Id, 0, $"question {question.Id}: no prediction{about}; it counts as wrong."));
            else if (own.Count < want) problems.Add(new(EvaluationProblemKind.Missing, question.Id, 0, $"question {question.Id}: {own.Count} of {want} samples{about}; those that are there vote."));
            predictions.Add(Ballot.Of(question, own, several));
            all.Add((question, own));
        }

        return new(name, predictions, Score.Of(questions, predictions, protocol), Spread(all, several));
    }

    private static EvaluationSpread? Spread(List<(Question Question, List<Sample> Samples)> all, bool several)
    {
        var most = all.Max(a => a.Samples.Count);
        if (most < 2) return null;
        var read = all.ConvertAll(a => a.Samples.ConvertAll(s => Ballot.Read(a.Question, s, several)));
        var single = new Rate(read.Sum(r => r.Count(p => p.Correct)), read.Sum(r => r.Count));
        var consistent = new Rate(read.Count(r => r.Count > 0 && r[0].Choice.Count > 0 && r.TrueForAll(p => p.Choice.SequenceEqual(r[0].Choice))), read.Count);
        var places = Enumerable.Range(0, most).Select(i => read.Where(r => r.Count > i).Average(r => r[i].Correct ? 1.0 : 0)).ToList();
        return new(most, single, consistent, places.Min(), places.Max());
    }

    /// <summary>What cannot be counted as it stands becomes a sample without an answer.</summary>
    private static Sample Checked(Question question, Sample sample, bool several, Action<EvaluationProblemKind, string> tell)
    {
        string? order;
        try
        {
            order = OptionOrder.Of(sample.Variant, question);
        }
        catch (FormatException error)
        {
            tell(EvaluationProblemKind.OptionsDiffer, $"{error.Message} It counts as wrong.");
            return sample with { Variant = OptionOrder.Other, OptionScores = null, Extracted = new ExtractedAnswer(ExtractionTier.None, null, null, false), Chosen = [] };
        }

        if (sample.Answers.Count > 0 && !sample.Answers.ToHashSet(StringComparer.Ordinal).SetEquals(question.Answers))
            tell(EvaluationProblemKind.AnswerDiffers, $"the prediction says {string.Join(", ", sample.Answers)} is right, the question {string.Join(", ", question.Answers)}; the question's counts.");
        if (sample.OptionScores is { } scores)
        {
            if (!Ballot.IsUsable(scores, question))
            {
                var bad = scores.Count != question.Options.Count ? $"{scores.Count} likelihoods for {question.Options.Count} options" : $"likelihoods [{string.Join(", ", scores.Select(s => s.ToString("G4", CultureInfo.InvariantCulture)))}] cannot be compared";
                tell(EvaluationProblemKind.BadLikelihood, $"{bad}; it counts as wrong.");
            }
        }
        else if (Reading.Of(question, sample.Output, order, several).Outside is { } outside && sample.Extracted.Tier != ExtractionTier.Judge)
        {
            tell(EvaluationProblemKind.LabelOutsideOptions, $"the answer is {outside}; the options are {string.Join(", ", question.Options.Select(o => o.Label))}. It counts as wrong.");
        }

        return sample;
    }

    internal static long Value(string part) => part.Length > Sweep.Length && long.TryParse(part.AsSpan(Sweep.Length), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : -1;
}
