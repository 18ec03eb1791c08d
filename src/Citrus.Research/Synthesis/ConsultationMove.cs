using Citrus.Research.Pathways;

namespace Citrus.Research.Synthesis;

/// <summary>What comes next: a request (<see cref="Request"/>) or the end (<see cref="Consultation"/>); exactly one is not null.</summary>
public sealed record ConsultationMove
{
    private ConsultationMove(ConsultationState state, ExpertRequest? request, Consultation? consultation) => (State, Request, Consultation) = (state, request, consultation);

    /// <summary>The state to hand back together with the reply.</summary>
    public ConsultationState State { get; }

    public ExpertRequest? Request { get; }

    public Consultation? Consultation { get; }

    public static ConsultationMove Ask(ConsultationState state, ExpertRequest request) => new(state, request, null);

    public static ConsultationMove Done(ConsultationState state, Consultation consultation) => new(state, null, consultation);
}
