using Citrus.Research.Evaluation;

namespace Citrus.Research.Figures;

/// <summary>A line of a report's score table: one run, on one benchmark or on all of its questions.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Model">Who answered.</param>
/// <param name="Benchmark">The benchmark; several are named together.</param>
/// <param name="Protocol">How it was asked and scored.</param>
/// <param name="N">Questions: the denominator, answered or not.</param>
/// <param name="Right">Right ones. Where a question has several samples: as the run counted (its vote), else the sum of each question's share of right samples, rounded.</param>
/// <param name="Accuracy">0..1.</param>
/// <param name="Low">Wilson's 95 % interval, lower end.</param>
/// <param name="High">Wilson's 95 % interval, upper end.</param>
/// <param name="Chance">Accuracy of guessing, 0..1; null where the options are unknown.</param>
/// <param name="Samples">Samples of these questions.</param>
/// <param name="NoAnswer">Samples without an answer that could be read; they count as wrong.</param>
/// <param name="ValidAccuracy">Share of right samples among those with an answer; null where none has one.</param>
/// <param name="Missing">Questions without a sample; they count as wrong.</param>
/// <param name="WellFormed">Share of samples that have the form asked for; null for a synthesis.</param>
/// <param name="MeanOutputTokens">Over the samples that were counted; null where none was.</param>
/// <param name="MeanLatencyMs">Milliseconds, over the samples that were timed; null where none was.</param>
/// <param name="Note">How <paramref name="Right"/> was counted, where that needs a word.</param>
public sealed record ReportScore(
    string Run, string Model, string Benchmark, string Protocol, int N, int Right, double Accuracy, double Low, double High, double? Chance, int Samples, int NoAnswer,
    double? ValidAccuracy, int Missing, double? WellFormed, double? MeanOutputTokens, double? MeanLatencyMs, string Note)
{
    /// <summary>The lines of one run: all of its questions first, then each benchmark where there are several.</summary>
    internal static IEnumerable<ReportScore> Of(int run, ReportRun about, IReadOnlyList<ReportRow> rows, List<string> problems)
    {
        var mine = rows.Where(row => row.Asked.ContainsKey(run)).ToList();
        var names = mine.Select(row => row.Question.Benchmark).Where(b => b.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        var parts = mine.SelectMany(row => row.Entries.Where(e => e.Run == run && e.Sample is not null).Select(e => EvaluationParts.PartOf(e.Sample!))).Distinct(StringComparer.Ordinal).OrderBy(EvaluationParts.Value).DefaultIfEmpty("").ToList();
        foreach (var part in parts)
        {
            // Of a sweep each value is a run of its own; the run's own count is of the last.
            var all = Line(run, about, string.Join(", ", names), mine, part);
            if (part == parts[^1] && about.Counted is { } counted)
            {
                var repeats = mine.Exists(row => Own(row, run, part).Count > 1);
                if (counted.N != all.N) problems.Add($"{about.Name}: score.json counts {counted.N} questions, questions.jsonl has {all.N}; the page counts these.");
                else if (repeats) all = all with { Right = counted.Count, Accuracy = counted.Fraction, Low = counted.Interval.Low, High = counted.Interval.High, Note = "several samples a question, counted as the run did (its vote)" };
                else if (counted.Count != all.Right) problems.Add($"{about.Name}: score.json says {counted.Count} right, its samples say {all.Right}; the page counts the samples.");
            }

            yield return all;
            if (names.Count > 1)
                foreach (var name in names) yield return Line(run, about, name, mine.FindAll(row => row.Question.Benchmark == name), part);
        }
    }

    private static List<ReportEntry> Own(ReportRow row, int run, string part) => row.Entries.FindAll(e => e.Run == run && e.Counts && (e.Sample is null || EvaluationParts.PartOf(e.Sample) == part));

    private static ReportScore Line(int run, ReportRun about, string benchmark, List<ReportRow> rows, string part)
    {
        var (right, missing, repeats) = (0.0, 0, false);
        var entries = new List<ReportEntry>();
        foreach (var row in rows)
        {
            var own = Own(row, run, part);
            entries.AddRange(own);
            if (own.Count == 0) missing++;
            else right += (double)own.Count(e => e.State == ReportState.Right) / own.Count;
            repeats |= own.Count > 1;
        }

        var rate = new Rate((int)Math.Round(right, MidpointRounding.ToEven), rows.Count);
        var answered = entries.Count(e => e.State != ReportState.NoAnswer);
        // A set of several right options is not guessed at the share of right ones; no chance is told then.
        var guessable = rows.TrueForAll(row => row.Question is { Answers.Count: 1, Options.Count: > 0 });
        double? Mean(Func<ReportEntry, double?> value) => entries.Where(e => value(e) is not null).Select(e => value(e)!.Value).DefaultIfEmpty(double.NaN).Average() is var mean && double.IsNaN(mean) ? null : mean;
        return new ReportScore(
            about.Name, about.Model, benchmark, part.Length > 0 ? $"{about.Protocol}, {part}" : about.Protocol, rate.N, rate.Count, rate.N == 0 ? 0 : rate.Fraction, rate.Interval.Low, rate.Interval.High,
            rows.Count > 0 && guessable ? rows.Average(row => 1.0 / row.Question.Options.Count) : null,
            entries.Count, entries.Count - answered, answered == 0 ? null : (double)entries.Count(e => e.State == ReportState.Right) / answered, missing,
            about.IsSynthesis || entries.Count == 0 ? null : (double)entries.Count(e => e.Sample is { Extracted.IsWellFormed: true }) / entries.Count,
            Mean(e => e.Tokens), Mean(e => e.LatencyMs), repeats ? "several samples a question: each question counts the share of its samples that is right" : "");
    }
}
