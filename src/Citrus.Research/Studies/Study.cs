namespace Citrus.Research.Studies;

/// <summary>
/// Runs a plan: for every cell (arm, size, seed, budget, stage) a base, a student and a score, each a step known by its content. What is finished is not run
/// again, whoever ran it; what is missing is run with all that it needs and nothing else.
/// </summary>
public sealed class Study
{
    private readonly StudentSteps _steps;
    private readonly RunStore _store;

    /// <exception cref="StudyException">The plan names an arm or size that does not exist, or has nothing to run.</exception>
    public Study(StudyPlan plan, RunStore store, StudyWorld? world = null)
    {
        Plan = plan;
        _store = store;
        if (plan.Arms.Count == 0 || plan.Sizes.Count == 0 || plan.Seeds.Count == 0 || plan.Budgets.Count == 0 || plan.Stages.Count == 0)
            throw new StudyException($"The study {plan.Name} has nothing to run: arms, sizes, seeds, budgets and stages need at least one each.");
        plan.Ladder?.Validate();
        World = world ?? StudyWorld.Open(plan.World);
        _steps = new StudentSteps(plan, World, store);
        Cells =
        [
            .. from stage in plan.Stages
               from budget in plan.Budgets
               from size in plan.Sizes
               from arm in plan.Arms.Select(Arm.Of)
               from seed in plan.Seeds
               select new StudyCell(arm, size, seed, budget, stage),
        ];
        foreach (var size in plan.Sizes) _steps.Shape(size);
    }

    public StudyPlan Plan { get; }

    public StudyWorld World { get; }

    /// <summary>All students of the study, in the table's order.</summary>
    public IReadOnlyList<StudyCell> Cells { get; }

    /// <summary>Every reading of the scored split that no manifest holds yet, those of runs that were killed included.</summary>
    public IReadOnlyList<SplitRead> Reads => _store.PendingReads(_steps.Purpose);

    /// <summary>Says that a manifest holds <see cref="Reads"/> now.</summary>
    internal void ReadsAreKept() => _store.ClearReads(_steps.Purpose);

    /// <summary>Ids of the steps whose records make the table.</summary>
    public IReadOnlyList<StepId> Scores => [.. Cells.Select(_steps.ScoreId).Concat(Cells.Select(_steps.LikelihoodId)).Distinct()];

    /// <summary>The plan's resolved identity: changes whenever any number could.</summary>
    public StepId Id => StepHash.Of("study", 1, Scores.Select(s => s.ToString()));

    /// <summary>Cells whose score is not there yet.</summary>
    public int Missing => Cells.Count(IsMissing);

    /// <summary>Runs what is missing and returns the table.</summary>
    public IReadOnlyList<StudyRow> Run(int workers, Action<JobProgress>? progress, CancellationToken cancellation)
    {
        var jobs = new Dictionary<StepId, Job>();
        foreach (var cell in Cells)
            if (IsMissing(cell)) _steps.Plan(cell, jobs);
        JobRunner.Run([.. jobs.Values], workers, progress, cancellation);
        return Table();
    }

    /// <summary>The table of a finished study.</summary>
    /// <exception cref="StudyException">A score is missing.</exception>
    public IReadOnlyList<StudyRow> Table() => StudyTable.Of(Plan, [.. Cells.Select(c => (c, Score(c), Likelihood(c)))]);

    internal StepId ScoreId(StudyCell cell) => _steps.ScoreId(cell);

    /// <summary>One student's score.</summary>
    public ScoreResult Score(StudyCell cell) => _store.Result<ScoreResult>(_steps.ScoreId(cell))
        ?? throw new StudyException($"{cell.Name} has not been scored yet; run the study first.");

    /// <summary>One student's score by the second protocol.</summary>
    public LikelihoodResult Likelihood(StudyCell cell) => _store.Result<LikelihoodResult>(_steps.LikelihoodId(cell))
        ?? throw new StudyException($"{cell.Name} has not been scored by likelihood yet; run the study first.");

    private bool IsMissing(StudyCell cell) => _store.Find(_steps.ScoreId(cell)) is null || _store.Find(_steps.LikelihoodId(cell)) is null;

    /// <summary>Folder of a student's checkpoint, or null where only its record is there.</summary>
    public string? Student(StudyCell cell) => _store.Artifact(_steps.StudentId(cell));

    /// <summary>Copies the records behind the table (and of the training steps that are there) to a folder.</summary>
    public void Publish(string folder)
    {
        foreach (var step in Cells.SelectMany(_steps.StepsOf).Distinct())
            if (_store.Find(step) is not null) _store.Publish(step, folder);
    }
}
