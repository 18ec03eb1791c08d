using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>Makes one prediction of the samples of a question.</summary>
/// <remarks>
/// One sample is its own prediction. Of several, what most samples chose is the prediction; of equally many, what was chosen first (the lowest sample number, then the
/// first order of the options). A sample without an answer does not vote. Where options were scored, the scores of all samples are averaged, each in the question's
/// own order, and the best wins; of equals the first option.
/// </remarks>
public static class Ballot
{
    /// <summary>The prediction.</summary>
    /// <param name="question">The question, its options in their own order.</param>
    /// <param name="samples">Its samples, all of the same kind, in the order they were asked for.</param>
    /// <param name="several">Whether several options may be chosen; see <see cref="Several"/>.</param>
    public static Prediction Of(Question question, IReadOnlyList<Sample> samples, bool several = false)
    {
        if (samples.Count == 0) return Prediction.Missing(question);
        if (samples.All(s => s.OptionScores is not null && s.Variant != OptionOrder.Other)) return OfScores(question, samples);
        var read = samples.Select(s => (Sample: s, Prediction: Read(question, s, several))).ToList();
        var winner = read.Where(r => r.Prediction.Choice.Count > 0).Select((r, i) => (r, i)).GroupBy(x => string.Concat(x.r.Prediction.Choice))
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Min(x => x.i)).FirstOrDefault();
        var chosen = winner?.First().r.Prediction ?? read[0].Prediction;
        if (samples.Count == 1) return chosen;
        var counted = read.Where(r => r.Prediction.OutputTokens is not null).ToList();
        return chosen with { Samples = samples.Count, Votes = winner?.Count() ?? 0, OutputTokens = counted.Count == 0 ? null : counted.Sum(r => r.Prediction.OutputTokens!.Value) };
    }

    /// <summary>Reads one sample again, as it would be read today. What a judge said is kept where the rules still find nothing.</summary>
    public static Prediction Read(Question question, Sample sample, bool several = false)
    {
        if (sample.Variant == OptionOrder.Other) return Prediction.Of(question, sample.Output, new ExtractedAnswer(ExtractionTier.None, null, null, false), sample.OutputTokens);
        if (sample.OptionScores is not null) return OfScores(question, [sample]);
        if (sample.Extracted.Tier == ExtractionTier.Judge)
        {
            var judged = new Reading(sample.Extracted, sample.Choice, null, null);
            var ruled = Reading.Of(question, sample.Output, OptionOrder.Of(sample.Variant, question), several);
            return Prediction.Of(question, ruled.Chosen.Count > 0 ? ruled : judged, sample.Output, sample.OutputTokens);
        }

        return Prediction.Of(question, Reading.Of(question, sample.Output, OptionOrder.Of(sample.Variant, question), several), sample.Output, sample.OutputTokens);
    }

    /// <summary>Whether a benchmark has questions with several right options; then several may be chosen in all of its questions, for nobody is told in which.</summary>
    public static bool Several(IEnumerable<Question> questions) => questions.Any(q => q.Answers.Count > 1);

    /// <summary>Whether likelihoods can be compared: one for each option, each a finite number (negative infinity is a probability of 0 and may stand).</summary>
    internal static bool IsUsable(IReadOnlyList<double> scores, Question question) =>
        scores.Count == question.Options.Count && !scores.Any(s => double.IsNaN(s) || double.IsPositiveInfinity(s)) && scores.Any(double.IsFinite);

    private static Prediction OfScores(Question question, IReadOnlyList<Sample> samples)
    {
        var usable = samples.Where(s => IsUsable(s.OptionScores!, question)).ToList();
        var none = new ExtractedAnswer(ExtractionTier.None, null, null, false);
        if (usable.Count == 0) return Prediction.Of(question, samples[0].Output, none, null) with { OptionScores = samples[0].OptionScores, Samples = samples.Count, Votes = 0 };
        var mean = question.Options.Select((_, i) => usable.Average(s => s.OptionScores![i])).ToList();
        var best = question.Options[mean.IndexOf(mean.Max())].Label;
        string Best(Sample s) => question.Options[s.OptionScores!.ToList().IndexOf(s.OptionScores!.Max())].Label;
        return Prediction.Of(question, best, new ExtractedAnswer(ExtractionTier.Tagged, best, best, true), null) with
        {
            OptionScores = mean,
            Samples = samples.Count,
            Votes = usable.Count(s => Best(s) == best),
        };
    }
}
