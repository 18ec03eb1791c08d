using System.Globalization;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>What a study's numbers show, in a sentence made from them: where a difference does not stand out, it says so.</summary>
internal static class StudyFindings
{
    private const string Overall = "overall", Baseline = "Direct", Examples = nameof(Budget.EqualExamples), Tokens = nameof(Budget.EqualTokens);
    private const double Level = RungRow.Level;

    /// <summary>A sentence for the caption: when a difference counts.</summary>
    public static string Rule(IReadOnlyList<ComparisonRow>? comparisons) => comparisons is null ? "" : $" Title: paired differences over the same questions and seeds, p < {Level.ToString(CultureInfo.InvariantCulture)} after Holm's correction (bootstrap over questions and these seeds).";

    /// <summary>Arms against the one that does not reason, at the largest size.</summary>
    public static string Pathways(IReadOnlyList<StudyRow> rows, IReadOnlyList<ComparisonRow>? comparisons)
    {
        var size = rows.MaxBy(r => r.Parameters)!.Size;
        var found = Against(comparisons, size, Examples).ToList();
        if (found.Count == 0) return Listed(rows);
        var (better, worse, unclear) = Sorted(found);
        var parts = new List<string>();
        if (better.Count > 0)
        {
            var tokens = Against(comparisons, size, Tokens).Where(c => better.Any(b => b.First == c.First)).ToList();
            var also = tokens.Count == better.Count && tokens.All(t => t.HolmPValue < Level && t.Difference > 0) ? $", {Points(tokens)} at equal tokens" : "";
            parts.Add($"{And(better)} {(better.Count == 1 ? "answers" : "answer")} {Points(better)} points more right than direct answers do{also}");
        }

        if (worse.Count > 0) parts.Add($"{And(worse)} {Points(worse)} points fewer");
        if (unclear.Count > 0) parts.Add(better.Count + worse.Count == 0 ? $"no pathway's accuracy stands out from that of direct answers ({Range(unclear)} points)" : $"{And(unclear)} {(unclear.Count == 1 ? "does" : "do")} not stand out");
        return $"At {size}, {string.Join("; ", parts)}";
    }

    /// <summary>The gain of reasoning at each size, and what size alone gives.</summary>
    public static string Scaling(IReadOnlyList<StudyRow> rows, IReadOnlyList<ComparisonRow>? comparisons)
    {
        var sizes = rows.OrderBy(r => r.Parameters).Select(r => r.Size).Distinct(StringComparer.Ordinal).ToList();
        var found = (comparisons ?? []).Where(c => c is { Group: Overall, Second: Baseline, Budget: Examples } && c.First == rows[^1].Arm && sizes.Contains(c.Size)).OrderBy(c => sizes.IndexOf(c.Size)).ToList();
        if (found.Count < 2) return Listed(rows);
        var real = found.Where(c => c.HolmPValue < Level && c.Difference > 0).ToList();
        var head = real.Count == 0 ? $"{Name(found[0].First)} does not stand out from direct answers at any of {found.Count} sizes"
            : $"{Name(found[0].First)} adds {Points(real)} points to direct answers at {(real.Count == found.Count ? $"all {found.Count}" : $"{real.Count} of {found.Count}")} sizes";
        var direct = StudyFigures.Heads(rows).Where(r => r.Arm == Baseline && r.Budget == Examples).OrderBy(r => r.Parameters).ToList();
        var (small, large) = (direct[0], direct[^1]);
        var gain = large.Letter - small.Letter;
        var times = (double)large.Parameters / small.Parameters;
        // Intervals that hold each other's point do not tell the two apart.
        var clear = large.LetterLow > small.LetterHigh || small.LetterLow > large.LetterHigh;
        return string.Create(CultureInfo.InvariantCulture, $"{head}; {(clear
            ? $"{times:0} times the parameters {(gain > 0 ? "add" : "cost")} direct answers {Math.Abs(100 * gain):0}"
            : $"direct answers with {times:0} times the parameters stay within noise ({100 * small.Letter:0} and {100 * large.Letter:0} %)")}");
    }

    /// <summary>What each chain of stages adds to the one before it.</summary>
    public static string Stages(IReadOnlyList<StudyRow> rows, IReadOnlyList<ComparisonRow>? comparisons)
    {
        var arm = rows[^1].Arm;
        var heads = StudyFigures.Heads(rows).Where(r => r.Arm == arm).ToList();
        var stages = heads.Select(r => r.Stage).Distinct(StringComparer.Ordinal).ToList();
        var (first, second) = (stages[0], stages.Count > 1 ? stages[1] : "");
        ComparisonRow? Between(string after, string before) => comparisons?.FirstOrDefault(c => c.Group == Overall && c.First == $"{arm} {after}" && c.Second == $"{arm} {before}");
        var later = stages.Skip(2).Select(s => (Stage: s, Found: Between(s, second))).Where(s => s.Found is not null).Select(s => (s.Stage, Found: s.Found!)).ToList();
        if (Between(second, first) is not { } step || later.Count == 0) return $"{Name(arm)} by training stage: {string.Join(", ", heads.Select(s => $"{StudyFigures.StageName(s.Stage)} {StudyFigures.F(s.Letter)}"))}";
        // Behind the comma or the plus stands what is special about a chain.
        string Short(string stage) => StudyFigures.StageName(stage).Replace(StudyFigures.StageName(second) + ", ", "", StringComparison.Ordinal).Replace(StudyFigures.StageName(second) + " + ", "", StringComparison.Ordinal)
            is var name && name.IndexOf(", ", StringComparison.Ordinal) is > 0 and var at ? $"{name[..at]} ({name[(at + 2)..]})" : name;
        static string Moves(ComparisonRow c) => $"{(c.Difference > 0 ? "adds" : "takes")} {Points([c])}";
        var text = step.HolmPValue < Level ? $"{StudyFigures.StageName(second)} {(step.Difference > 0 ? "gains" : "loses")} {Points([step])} points against {StudyFigures.StageName(first)} alone" : $"{StudyFigures.StageName(second)} does not stand out from {StudyFigures.StageName(first)} alone";
        var real = later.Where(s => s.Found.HolmPValue < Level).OrderByDescending(s => s.Found.Difference).Select(s => $"{Short(s.Stage)} {Moves(s.Found)}").ToList();
        var unclear = later.Where(s => s.Found.HolmPValue >= Level).Select(s => Short(s.Stage)).ToList();
        return $"{Name(arm)}: {text}; after it {(real.Count == 0 ? "nothing stands out from noise" : string.Join(", ", real))}{(real.Count > 0 && unclear.Count > 0 ? $", and {string.Join(", ", unclear)} {(unclear.Count == 1 ? "does" : "do")} not stand out" : "")}";
    }

    /// <summary>Which steps of the ladder stand out over seeds.</summary>
    public static string StagesAndData(IReadOnlyList<RungRow> rungs)
    {
        var real = rungs.Where(r => r.PValue < Level).OrderByDescending(r => Math.Abs(r.Difference)).ToList();
        var head = real.Count == 0 ? $"None of {rungs.Count} steps stands out" : $"{real.Count} of {rungs.Count} steps {(real.Count == 1 ? "stands" : "stand")} out";
        var most = real.Count > 0 ? real : [.. rungs.OrderByDescending(r => Math.Abs(r.Difference))];
        return $"{head} from noise over {rungs[0].Seeds} {(rungs[0].Seeds == 1 ? "seed's questions" : "seeds")}{(real.Count == 0 ? ", not even" : real.Count > 3 ? ", most of all" : ":")} {string.Join(", ", most.Take(real.Count == 0 ? 1 : 3).Select(r => $"{r.Step} ({Signed(r.Difference)} points)"))}";
    }

    /// <summary>Whether the arm whose loss ends lowest is the one that answers best.</summary>
    public static string TrainingCurves(IReadOnlyList<CurvePoint> means, IEnumerable<StudyRow> heads, string size)
    {
        var accuracy = heads.Where(r => r.Size == size && r.Budget == Examples).ToDictionary(r => r.Arm, r => r.Letter, StringComparer.Ordinal);
        var ends = means.GroupBy(p => p.Run, StringComparer.Ordinal).Select(g => (Arm: g.Key, Loss: g.MaxBy(p => p.X)!.Y)).Where(e => accuracy.ContainsKey(e.Arm)).OrderBy(e => e.Loss).ToList();
        if (ends.Count < 2) return string.Create(CultureInfo.InvariantCulture, $"The loss ends at {means[^1].Y:0.000} nats a token");
        var (least, most, best) = (ends[0], ends[^1], ends.MaxBy(e => accuracy[e.Arm]));
        var numbers = string.Create(CultureInfo.InvariantCulture, $"{Name(least.Arm)} ends lowest ({least.Loss:0.000} nats), {Low(most.Arm)} highest ({most.Loss:0.000})");
        return least.Arm == best.Arm
            ? $"{numbers}; the lowest loss is also the best accuracy ({StudyFigures.F(accuracy[best.Arm])})"
            : $"Loss does not rank the arms: {char.ToLowerInvariant(numbers[0])}{numbers[1..]}, and {Low(best.Arm)} answers best ({StudyFigures.F(accuracy[best.Arm])})";
    }

    /// <summary>Whether length alone goes with accuracy: an arm that thinks as long about something else is the test.</summary>
    public static string ThinkingLength(IReadOnlyList<StudyRow> heads, IReadOnlyList<ComparisonRow> comparisons)
    {
        var size = heads.MaxBy(r => r.Parameters)!.Size;
        var here = heads.Where(r => r.Size == size).ToList();
        var control = here.FirstOrDefault(r => Arm.Of(r.Arm).Swapped);
        var shortest = here.MinBy(r => r.OutputTokens)!;
        string One(StudyRow r) => string.Create(CultureInfo.InvariantCulture, $"{100 * r.Letter:0} % with {r.OutputTokens:0} tokens");
        if (control is null)
        {
            var longest = here.MaxBy(r => r.OutputTokens)!;
            return $"At {size}, from {Low(shortest.Arm)} ({One(shortest)}) to {Low(longest.Arm)} ({One(longest)}): length and pathway change together here";
        }

        var like = here.Where(r => r.Arm != control.Arm && Arm.Of(r.Arm).Pathway == Arm.Of(control.Arm).Pathway).MinBy(r => Math.Abs(r.OutputTokens - control.OutputTokens));
        var found = comparisons.FirstOrDefault(c => c.Group == Overall && c.Budget == Examples && c.Size == size && ((c.First == control.Arm && c.Second == like?.Arm) || (c.Second == control.Arm && c.First == like?.Arm)));
        if (like is null || found is null) return $"At {size}, {Low(control.Arm)} answers {One(control)}";
        return found.HolmPValue < Level
            ? $"At {size}, it is not the length: thought about the case ({Low(like.Arm)}) answers {One(like)}, about another case {One(control)}, none at all {One(shortest)}"
            : $"At {size}, thought about another case ({One(control)}) does not stand out from thought about the case ({One(like)}): what is thought shows no effect";
    }

    private static IEnumerable<ComparisonRow> Against(IReadOnlyList<ComparisonRow>? comparisons, string size, string budget) => (comparisons ?? [])
        .Where(c => c.Group == Overall && c.Size == size && c.Budget == budget && c.Second == Baseline && !c.First.Contains(' ') && Arm.Of(c.First) is { Swapped: false, ExtraTextbook: false });

    private static (List<ComparisonRow> Better, List<ComparisonRow> Worse, List<ComparisonRow> Unclear) Sorted(List<ComparisonRow> found) => (
        [.. found.Where(c => c.HolmPValue < Level && c.Difference > 0).OrderByDescending(c => c.Difference)],
        [.. found.Where(c => c.HolmPValue < Level && c.Difference < 0).OrderBy(c => c.Difference)],
        [.. found.Where(c => c.HolmPValue >= Level)]);

    private static string Listed(IReadOnlyList<StudyRow> rows)
    {
        var heads = StudyFigures.Heads(rows).Where(r => r.Budget == Examples).ToList();
        var largest = heads.Where(r => r.Parameters == heads.Max(h => h.Parameters) && Arm.Of(r.Arm) is { Swapped: false, ExtraTextbook: false }).OrderByDescending(r => r.Letter).ToList();
        return $"At {largest[0].Size}: " + string.Join(", ", largest.Select(r => $"{Name(r.Arm)} {StudyFigures.F(r.Letter)}"));
    }

    private static string Name(string arm) => FigureLook.Label(arm);

    /// <summary>A name within a sentence.</summary>
    private static string Low(string arm) => FigureLook.Label(arm).ToLowerInvariant();

    private static string And(IReadOnlyList<ComparisonRow> found)
    {
        var names = found.Select(c => Low(c.First)).ToList();
        return names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }

    /// <summary>Absolute points, one number or from and to.</summary>
    private static string Points(IReadOnlyList<ComparisonRow> found)
    {
        var values = found.Select(c => (int)Math.Round(100 * Math.Abs(c.Difference))).Order().ToList();
        return values[0] == values[^1] ? values[0].ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{values[0]} to {values[^1]}");
    }

    private static string Range(IReadOnlyList<ComparisonRow> found) => $"{Signed(found.Min(c => c.Difference))} to {Signed(found.Max(c => c.Difference))}";

    private static string Signed(double fraction) => (100 * fraction).ToString("+0;−0;0", CultureInfo.InvariantCulture);
}
