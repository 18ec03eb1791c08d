using System.Globalization;
using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Figures;

/// <summary>The figures of evaluations that were made with this workbench; see <see cref="KeptAnswers"/>.</summary>
public static class MeasuredFigures
{
    private const int Bins = 10;

    /// <summary>Whether students are right as often as they are sure, from the likelihoods of options.</summary>
    /// <param name="scores">Per student and question, of each option.</param>
    /// <param name="answers">The runs that they come from, which say how they were asked.</param>
    /// <exception cref="ArgumentException">There are no scores.</exception>
    /// <exception cref="InvalidDataException">A score is no number.</exception>
    public static Figure Calibrations(IReadOnlyList<OptionScores> scores, IReadOnlyList<MeasuredAnswers> answers)
    {
        var models = scores.GroupBy(s => s.Student, StringComparer.Ordinal).Select(g => (Name: ArmOf(g.Key), Calibration: Calibration.Of([.. g.Select(s => Calibration.Probabilities(s.Values()))], [.. g.Select(s => s.Right)], Bins))).ToList();
        var how = answers.Where(a => scores.Any(s => s.Student == a.Student) && a.Tokens is null).Select(a => a.Protocol).Distinct(StringComparer.Ordinal).ToList();
        return CalibrationFigure.Draw(Verdict(models, SizesOf(scores.Select(s => s.Student))), models, new FigureText("calibration",
            $"Options scored straight after the question, without a thought ({string.Join(", ", how)}). Simulated clinic, dev split, chart register; one seed. Not for clinical use.", "95 % intervals (Wilson)"));
    }

    /// <summary>Accuracy of students whose thought is ended at a budget of tokens.</summary>
    /// <param name="answers">Rows of <c>thinking</c> sweeps; others are left out.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <exception cref="InvalidDataException">A student's parts are not of the same questions, or tell no budget.</exception>
    public static Figure ThinkingBudget(IReadOnlyList<MeasuredAnswers> answers)
    {
        var parts = answers.Where(a => a.Variant?.StartsWith("thinking=", StringComparison.Ordinal) == true).Select(a => (Answers: a, Budget: Budget(a))).ToList();
        if (parts.Count == 0) throw new ArgumentException("There is no sweep over budgets of thought.", nameof(answers));
        var students = parts.GroupBy(p => p.Answers.Student, StringComparer.Ordinal).ToList();
        var rows = students.SelectMany(s => s.OrderBy(p => p.Budget).Select(p =>
        {
            var interval = Wilson.Of(p.Answers.Right.Count(c => c == '1'), p.Answers.N);
            return new ThinkingRow($"{SizesOf([s.Key])}thought ended at a budget of tokens", ArmOf(s.Key), p.Answers.N, p.Answers.Tokens ?? throw new InvalidDataException($"{s.Key}, {p.Answers.Variant}: nobody counted tokens."),
                p.Answers.Right.Count(c => c == '1') / (double)p.Answers.N, interval.Low, interval.High);
        })).ToList();
        return ThinkingFigure.Draw(Verdict([.. students.Select(s => (s.Key, Turn([.. s.OrderBy(p => p.Budget)])))]), rows, 0.25, joined: true, text: new FigureText("thinking-budget",
            $"Budgets: {string.Join(", ", parts.Select(p => p.Budget).Distinct().Order())} tokens of thought, after which the student must answer; points stand at what it wrote. "
            + $"Title: exact McNemar test against the largest budget, p < {RungRow.Level.ToString(CultureInfo.InvariantCulture)} after Holm's correction over a student's budgets. Simulated clinic, dev split, greedy, chart register; one seed. Not for clinical use.", "95 % intervals (Wilson)"));
    }

    private static int Budget(MeasuredAnswers a) => int.TryParse(a.Variant!["thinking=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var budget) ? budget
        : throw new InvalidDataException($"{a.Student}: \"{a.Variant}\" tells no budget; thinking=32 would.");

    /// <summary>The arm of <c>HypotheticoDeductive-0.1M-seed1</c>; a name of another form as it is.</summary>
    private static string ArmOf(string student) => student.Split('-') is [var arm, _, _] ? arm : student;

    /// <summary>The sizes of such names, as the beginning of a sentence.</summary>
    private static string SizesOf(IEnumerable<string> students) => students.Select(s => s.Split('-') is [_, var size, _] ? size : "").Distinct(StringComparer.Ordinal).ToList() is [{ Length: > 0 } one] ? $"At {one}, " : "";

    private static string Verdict(IReadOnlyList<(string Name, Calibration Calibration)> models, string where)
    {
        static string Ece(Calibration c) => string.Create(CultureInfo.InvariantCulture, $"ECE {c.ExpectedError:0.00}");
        var said = models.Select(m =>
        {
            var (c, right) = (m.Calibration, Wilson.Of((int)Math.Round(m.Calibration.Accuracy * m.Calibration.N), m.Calibration.N));
            var gap = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(100 * (c.Confidence - c.Accuracy)):0} points");
            return (Name: FigureLook.Label(m.Name).ToLowerInvariant(), Gap: gap, Ece: Ece(c), Side: c.Confidence > right.High ? 1 : c.Confidence < right.Low ? -1 : 0);
        }).ToList();
        if (said.Count > 1 && said.TrueForAll(s => s.Side == 1)) return $"{where}likelihoods are surer than right: {string.Join(", ", said.Select(s => $"{s.Name} by {s.Gap} ({s.Ece})"))}";
        return where + string.Join("; ", said.Select(s => s.Side switch
        {
            1 => $"{s.Name} is {s.Gap} surer than right ({s.Ece})",
            -1 => $"{s.Name} is {s.Gap} less sure than right ({s.Ece})",
            _ => $"{s.Name} is as sure as it is right, within noise ({s.Ece})",
        }));
    }

    private static string Verdict(IReadOnlyList<(string Student, IReadOnlyList<(int Budget, double Right)> Turn)> students)
    {
        string Right(int at)
        {
            var values = students.Select(s => (int)Math.Round(100 * s.Turn[at].Right)).Order().ToList();
            return values[0] == values[^1] ? $"{values[0]} %" : $"{values[0]} to {values[^1]} %";
        }

        var first = students[0].Turn;
        var where = SizesOf(students.Select(s => s.Student));
        // Students whose turn is at the same budgets are told of together.
        if (first.Count == 4 && students.All(s => s.Turn.Select(t => t.Budget).SequenceEqual(first.Select(t => t.Budget))))
            return $"{where}{Right(0)} right with {first[0].Budget} tokens of thought{(first[1].Budget > first[0].Budget ? $", still {Right(1)} with {first[1].Budget}" : "")}, {Right(3)} with up to {first[3].Budget}; from {first[2].Budget} on more does not stand out";
        return where + string.Join("; ", students.Select(s => FormattableString.Invariant(s.Turn.Count == 4
            ? $"{FigureLook.Label(ArmOf(s.Student)).ToLowerInvariant()} {100 * s.Turn[0].Right:0} % right with {s.Turn[0].Budget} tokens of thought, {100 * s.Turn[3].Right:0} % with up to {s.Turn[3].Budget}, from {s.Turn[2].Budget} on more does not stand out"
            : (FormattableString)$"{FigureLook.Label(ArmOf(s.Student)).ToLowerInvariant()}: no budget of thought stands out ({100 * s.Turn[0].Right:0} % at {s.Turn[0].Budget}, {100 * s.Turn[1].Right:0} % at {s.Turn[1].Budget} tokens)")));
    }

    /// <summary>The least budget, the last that stands out from the largest, the next one, and the largest; only the first and the last where none stands out.</summary>
    private static IReadOnlyList<(int Budget, double Right)> Turn(IReadOnlyList<(MeasuredAnswers Answers, int Budget)> parts)
    {
        var most = parts[^1].Answers;
        if (parts.FirstOrDefault(p => p.Answers.N != most.N || p.Answers.Right.Length != p.Answers.N || p.Answers.QuestionsSha256 != most.QuestionsSha256).Answers is { } odd)
            throw new InvalidDataException($"{odd.Student}, {odd.Variant}: the budgets' answers are not to the same questions.");
        static bool[] Right(MeasuredAnswers a) => [.. a.Right.Select(c => c == '1')];
        static (int, double) Point((MeasuredAnswers Answers, int Budget) p) => (p.Budget, p.Answers.Right.Count(c => c == '1') / (double)p.Answers.N);
        var adjusted = parts.Count < 2 ? [] : Holm.Adjust([.. parts.SkipLast(1).Select(p => McNemar.Of(Right(p.Answers), Right(most)).PValue)]);
        var last = Enumerable.Range(0, adjusted.Count).Where(i => adjusted[i] < RungRow.Level).DefaultIfEmpty(-1).Max();
        return last < 0 ? [Point(parts[0]), Point(parts[^1])] : [Point(parts[0]), Point(parts[last]), Point(parts[last + 1]), Point(parts[^1])];
    }
}
