namespace Citrus.Research.Experts;

/// <summary>What all experts of one run share.</summary>
public sealed record ExpertSessionOptions
{
    /// <summary>SQLite file of replies that were paid for; null keeps none, so that a resume pays again for what a trace in progress had.</summary>
    public string? Cache { get; init; }

    /// <summary>Append-only JSON Lines file of every paid call; what earlier runs wrote counts against the budget. Null keeps the sums in memory only.</summary>
    public string? Ledger { get; init; }

    /// <summary>Folder that every exchange is recorded to, for <c>replay:DIR</c>; null records nothing.</summary>
    public string? Record { get; init; }

    /// <summary>CSV of prices; the shipped one where null.</summary>
    public string? Prices { get; init; }

    /// <summary>Most tokens (input and output) that may be spent, earlier runs of the same ledger included; null is unbounded.</summary>
    public long? TokenBudget { get; init; }

    /// <summary>Most US dollars that may be spent, earlier runs of the same ledger included; null is unbounded. Needs a known price for every expert.</summary>
    public decimal? CostBudget { get; init; }

    /// <summary>Further attempts at a call that failed for a transient reason, 0 or more.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Median wait before the first further attempt where the server does not say; it doubles each time, with jitter, up to 5 minutes.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock; the system's where null.</summary>
    public TimeProvider? Time { get; init; }
}
