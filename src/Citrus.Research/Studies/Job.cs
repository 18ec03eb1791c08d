namespace Citrus.Research.Studies;

/// <summary>A step still to be run.</summary>
/// <param name="Step">Its id.</param>
/// <param name="Name">For people, e.g. "DualExpert, S, seed 1".</param>
/// <param name="Needs">Steps that must be finished before it starts.</param>
/// <param name="Cost">Estimated work in any unit common to a plan (here: training tokens times parameters); steers order and ETA.</param>
/// <param name="Run">Does it; reports its done fraction 0..1.</param>
public sealed record Job(StepId Step, string Name, IReadOnlyList<StepId> Needs, double Cost, Action<Action<double>, CancellationToken> Run);
