namespace Citrus.Research.Pathways;

/// <summary>What a pathway does next: it asks (<see cref="Request"/>) or it is done (<see cref="Trace"/>); exactly one is not null.</summary>
public sealed record PathwayMove
{
    private PathwayMove(PathwayState state, ExpertRequest? request, Trace? trace) => (State, Request, Trace) = (state, request, trace);

    /// <summary>The state to hand back together with the reply.</summary>
    public PathwayState State { get; }

    public ExpertRequest? Request { get; }

    public Trace? Trace { get; }

    public static PathwayMove Ask(PathwayState state, ExpertRequest request) => new(state, request, null);

    public static PathwayMove Done(PathwayState state, Trace trace) => new(state, null, trace);
}
