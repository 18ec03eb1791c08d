using System.Text.Json;
using Citrus.Research.Evaluation;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary>An evaluation's score, as a file, for people and for the JSON line.</summary>
internal static class ScoreCard
{
    private const int FirstProblems = 3;

    /// <summary>Writes score.json and returns its path.</summary>
    public static string Write(string folder, EvaluationCard card, int asked, ExaminationResult result, ScoreExtras extras)
    {
        var path = Path.Combine(folder, EvaluationFolder.ScoreFile);
        var (input, output, latency) = (result.Samples.Where(s => s.InputTokens is not null).ToList(), result.Samples.Where(s => s.OutputTokens is not null).ToList(), result.Samples.Where(s => s.LatencyMs is not null).Select(s => s.LatencyMs!.Value).Order().ToList());
        RunStore.WriteAtomically(path, JsonSerializer.Serialize(new
        {
            model = card.Model,
            weights = card.Weights,
            questions = new { file = card.QuestionsFile, benchmark = card.Benchmark, sha256 = card.QuestionsSha256, published = card.PublishedFile, asked, shortened = extras.Shortened },
            template = extras.Template,
            unknownTokens = extras.UnknownTokens,
            judge = card.Judge,
            protocol = card.Spec,
            score = result.Parts[^1].Score,
            parts = result.Parts.Select(p => new { variant = p.Variant, score = p.Score, spread = p.Spread }),
            problems = Problems(result.Problems),
            usage = new
            {
                samples = result.Samples.Count,
                inputTokens = input.Count == 0 ? (long?)null : input.Sum(s => (long)s.InputTokens!.Value),
                outputTokens = output.Count == 0 ? (long?)null : output.Sum(s => (long)s.OutputTokens!.Value),
                medianLatencyMs = latency.Count == 0 ? (double?)null : latency[latency.Count / 2],
            },
        }, new JsonSerializerOptions(Sample.Json) { WriteIndented = true }) + "\n");
        return path;
    }

    /// <summary>The table for people.</summary>
    public static void Say(EvaluationCard card, IReadOnlyList<EvaluationPart> parts, IReadOnlyList<EvaluationProblem> problems)
    {
        var score = parts[^1].Score;
        Verb.Say($"{card.Model}, {Inputs.N(score.N)} questions{(card.Benchmark.Length > 0 ? $" of {card.Benchmark}" : "")}, protocol: {score.Protocol}{(card.Judge is { } judge ? $"; where no rule finds an answer, judged by {judge}" : "")}");
        Verb.Say($"  {"",-22} {"n",6}  accuracy  95% interval   chance  ceiling");
        foreach (var part in parts) Line(part.Variant.Length > 0 ? part.Variant : "all", part.Score.Correct, part.Score.Chance, part.Score.Ceiling);
        foreach (var g in score.Groups) Line($"{g.By} {g.Value}", g.Correct, g.Chance, g.Ceiling);
        foreach (var part in parts)
        {
            var (s, about) = (part.Score, part.Variant.Length > 0 ? part.Variant + ": " : "");
            Verb.Say($"  {about}no answer in {Inputs.N(s.NoAnswer.Count)}{(s.Missing.Count > 0 ? $" ({Inputs.N(s.Missing.Count)} of them without any output)" : "")}, which count as wrong; valid accuracy {(s.Valid is { } valid ? $"{Inputs.F(valid.Fraction)} of {Inputs.N(valid.N)}" : "does not exist")}; "
                + $"in the form asked for: {Inputs.F(s.WellFormed.Fraction)}; found by: {string.Join(", ", s.Tiers.Select(t => $"{t.Key} {Inputs.N(t.Value)}"))}");
            if (part.Spread is { } spread)
                Verb.Say($"  {about}{spread.Samples} samples a question: one alone is right in {Inputs.F(spread.Single.Fraction)} ({Inputs.F(spread.Lowest)} to {Inputs.F(spread.Highest)} by its place); all agree in {Inputs.F(spread.Consistent.Fraction)} of the questions");
        }

        Verb.Say($"  by letter {Inputs.F(score.ByLetter.Fraction)}, by named option {Inputs.F(score.ByName.Fraction)}{(score.MeanOutputTokens is { } mean ? $"; {Inputs.F(mean, 1)} tokens an answer" : "")}");
        if (score.Interval.Low <= score.Chance && score.Interval.High >= score.Chance) Verb.Say($"  Not distinguishable from guessing, which is right in {Inputs.F(score.Chance)}.");
        else if (score.Interval.High < score.Chance)
            Verb.Say($"  Below guessing, which is right in {Inputs.F(score.Chance)}: {(score.NoAnswer.Count > 0 ? "where no answer can be read it counts as wrong." : "what decides here (a letter, the length of an option) is not what makes an option right.")}");
        foreach (var kind in problems.GroupBy(p => p.Kind).OrderBy(g => g.Key))
        {
            Console.Error.WriteLine($"{Inputs.N(kind.Count())} x {kind.Key}:");
            foreach (var problem in kind.Take(FirstProblems)) Console.Error.WriteLine($"  {problem.Text}");
            if (kind.Count() > FirstProblems) Console.Error.WriteLine($"  and {Inputs.N(kind.Count() - FirstProblems)} more");
        }

        static void Line(string name, Rate rate, double chance, double? ceiling) =>
            Verb.Say($"  {name,-22} {Inputs.N(rate.N),6}  {Inputs.F(rate.Fraction),8}  {Inputs.F(rate.Interval.Low)} - {Inputs.F(rate.Interval.High)}  {Inputs.F(chance),6}  {(ceiling is { } c ? Inputs.F(c) : "-"),7}");
    }

    /// <summary>The figures of the JSON line.</summary>
    public static IReadOnlyList<(string Name, object? Value)> Figures(EvaluationCard card, IReadOnlyList<EvaluationPart> parts, IReadOnlyList<EvaluationProblem> problems)
    {
        var score = parts[^1].Score;
        return
        [
            ("model", card.Model), ("n", score.N), ("accuracy", Math.Round(score.Accuracy, 4)), ("interval", Rounded(score.Interval.Low, score.Interval.High)),
            ("chance", Math.Round(score.Chance, 4)), ("ceiling", score.Ceiling is { } c ? Math.Round(c, 4) : null), ("protocol", score.Protocol.ToString()), ("spec", card.Spec),
            ("noAnswer", score.NoAnswer.Count), ("missing", score.Missing.Count), ("validAccuracy", score.Valid is { } v ? Math.Round(v.Fraction, 4) : null), ("wellFormed", Math.Round(score.WellFormed.Fraction, 4)), ("tiers", score.Tiers),
            ("spread", parts[^1].Spread is { } s ? new { samples = s.Samples, single = Math.Round(s.Single.Fraction, 4), consistent = Math.Round(s.Consistent.Fraction, 4) } : null),
            ("sweep", parts.Count > 1 ? parts.Select(p => new { variant = p.Variant, accuracy = Math.Round(p.Score.Accuracy, 4), interval = Rounded(p.Score.Interval.Low, p.Score.Interval.High) }) : null),
            ("problems", problems.Count == 0 ? null : problems.GroupBy(p => p.Kind).OrderBy(g => g.Key).ToDictionary(g => g.Key.ToString(), g => g.Count())),
            ("byKind", score.Groups.Where(g => g.By == "kind").Select(g => new { kind = g.Value, n = g.Correct.N, accuracy = Math.Round(g.Correct.Fraction, 4) })),
        ];
    }

    private static double[] Rounded(double low, double high) => [Math.Round(low, 4), Math.Round(high, 4)];

    private static IEnumerable<object> Problems(IReadOnlyList<EvaluationProblem> problems) =>
        problems.GroupBy(p => p.Kind).OrderBy(g => g.Key).Select(g => (object)new { kind = g.Key, count = g.Count(), first = g.Take(FirstProblems).Select(p => p.Text) });
}
