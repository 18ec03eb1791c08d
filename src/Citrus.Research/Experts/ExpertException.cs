namespace Citrus.Research.Experts;

/// <summary>A call that gave no reply. Its message is for the person who can mend it and holds no secret.</summary>
public sealed class ExpertException(ExpertFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public ExpertFault Fault { get; } = fault;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => Fault is ExpertFault.RateLimited or ExpertFault.Timeout or ExpertFault.ServerError or ExpertFault.Connection or ExpertFault.BadBody;

    /// <summary>Whether every further call would fail alike, so that the run should end in order and be taken up again once it is mended.</summary>
    public bool EndsRun => Fault is ExpertFault.UnknownModel or ExpertFault.Unauthorised or ExpertFault.BudgetSpent or ExpertFault.NotKept;

    /// <summary>How long the server asked to wait (Retry-After); null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
