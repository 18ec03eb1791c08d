namespace Citrus.Research.Clinic;

/// <summary>Which questions a clinic exam asks, and how clear they must be.</summary>
/// <remarks>
/// A question is kept or dropped for what it tells, never for the truth behind it, so the posterior over its options stays exact.
/// </remarks>
public sealed record ExamOptions
{
    /// <summary>Departments asked about, by id; null means all.</summary>
    public IReadOnlyList<string>? Departments { get; init; }

    /// <summary>Kinds asked, in turn (see <see cref="QuestionKind"/>); null means all that the world can ask.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>Fewest panel findings a case reveals, present or absent.</summary>
    public int MinimumFindings { get; init; } = 5;

    /// <summary>Most panel findings a case reveals (all of them where the panel is smaller).</summary>
    public int MaximumFindings { get; init; } = 8;

    /// <summary>Most findings told from outside the panel, at their background rate: they say nothing about the disease.</summary>
    public int MaximumDistractors { get; init; } = 1;

    /// <summary>Fewest findings that are present; a vignette needs a complaint.</summary>
    public int MinimumPresent { get; init; } = 1;

    /// <summary>The best option's exact posterior probability must be at least this, 0..1.</summary>
    /// <remarks>
    /// It sets the Bayes ceiling. Measured on 4000 test questions of the shipped knowledge, other options as they are (diagnosis, test, treatment):
    /// 0: 0.952, 0.957, 0.989; 0.6: 0.959, 0.961, 0.991; 0.75: 0.969, 0.971, 0.993; 0.9: 0.984, 0.985, 0.996. With 0.6 counting what speaks
    /// against each hypothesis is right in 0.969, 0.965 and 0.995 of them. In the DDXPlus world 0.6 gives 0.960, and counting is right in 0.960.
    /// </remarks>
    public double MinimumPosterior { get; init; } = 0.6;

    /// <summary>
    /// The best hypothesis must have at least this many fewer observations against it than the next (see <see cref="Fit"/>), among
    /// the options' diseases for a diagnosis and the whole department otherwise; 0 allows ties, which prevalence breaks.
    /// </summary>
    public int MinimumMargin { get; init; } = 1;

    /// <summary>Whether counting what speaks against each hypothesis must lead to the option that the exact posterior prefers.</summary>
    /// <remarks>Without it counting is right in 0.958, 0.925 and 0.921 of diagnosis, test and treatment questions (ceiling 0.956, 0.955, 0.988).</remarks>
    public bool CountingAgrees { get; init; } = true;

    /// <summary>Options of a question, 2..10; even, since a treatment question offers two drugs of each disease.</summary>
    public int OptionCount { get; init; } = 4;

    /// <summary>Share of treatment cases, before unclear ones are dropped, whose context forbids the first-line drug, 0..1.</summary>
    public double ContraindicatedShare { get; init; } = 0.5;

    /// <summary>Share of the other treatment cases that have no context at all, 0..1.</summary>
    public double NoContextShare { get; init; } = 0.3;

    internal void Check(Knowledge knowledge)
    {
        static void Need(bool right, string message)
        {
            if (!right) throw new ArgumentException($"Exam options: {message}");
        }

        var known = knowledge.Departments.Select(d => d.Id).ToList();
        foreach (var d in Departments ?? []) Need(known.Contains(d), $"unknown department {d}; this world has {string.Join(", ", known)}.");
        Need(Departments is not { Count: 0 }, "no department; leave Departments null for all.");
        foreach (var k in Kinds ?? [])
        {
            Need(QuestionKind.All.Contains(k), $"unknown kind {k}; choose from {string.Join(", ", QuestionKind.All)}.");
            Need(KindsOf(knowledge).Contains(k), $"the world {knowledge.World} cannot ask for a {k}; it can ask for {string.Join(", ", KindsOf(knowledge))}.");
        }

        Need(Kinds is not { Count: 0 }, "no kind; leave Kinds null for all.");
        Need(MinimumFindings >= 1 && MaximumFindings >= MinimumFindings, "1 <= MinimumFindings <= MaximumFindings must hold.");
        Need(MaximumDistractors >= 0, "MaximumDistractors must not be negative.");
        Need(MinimumPresent >= 0 && MinimumPresent <= MinimumFindings, "0 <= MinimumPresent <= MinimumFindings must hold.");
        Need(MinimumPosterior is >= 0 and < 1, "MinimumPosterior must be in 0..1, below 1.");
        Need(MinimumMargin >= 0, "MinimumMargin must not be negative.");
        Need(OptionCount is >= 2 and <= 10 && OptionCount % 2 == 0, "OptionCount must be even and in 2..10.");
        Need(ContraindicatedShare is >= 0 and <= 1 && NoContextShare is >= 0 and <= 1, "shares must be in 0..1.");
        var smallest = knowledge.Departments.Where(d => Departments?.Contains(d.Id) ?? true).MinBy(d => d.Diseases.Count)!;
        Need(smallest.Diseases.Count >= OptionCount, $"OptionCount {OptionCount} is more than the {smallest.Diseases.Count} diseases of {smallest.Id}.");
    }

    /// <summary>The kinds of question that a world can ask: diagnoses, and tests and treatments where every disease has them.</summary>
    public static IReadOnlyList<string> KindsOf(Knowledge knowledge)
    {
        var diseases = knowledge.Departments.SelectMany(d => d.Diseases).ToList();
        var kinds = new List<string> { QuestionKind.Diagnosis };
        if (diseases.All(d => d.Confirm is not null)) kinds.Add(QuestionKind.Test);
        if (diseases.All(d => d.FirstLine is not null && d.SecondLine is not null)) kinds.Add(QuestionKind.Treatment);
        return kinds;
    }
}
