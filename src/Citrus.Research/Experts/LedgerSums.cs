namespace Citrus.Research.Experts;

/// <summary>Sums over paid calls.</summary>
/// <param name="Calls">Calls that gave a reply.</param>
/// <param name="Failures">Calls that gave none.</param>
/// <param name="Attempts">Requests sent, those repeated after a fault included.</param>
/// <param name="TokensIn">Input tokens.</param>
/// <param name="TokensOut">Output tokens.</param>
/// <param name="Estimated">Calls whose tokens are our estimate, for the server reported none.</param>
/// <param name="Cost">US dollars of the calls whose price is known.</param>
/// <param name="UnknownCost">Calls whose cost is unknown: where this is not 0, <paramref name="Cost"/> is a lower bound.</param>
public sealed record LedgerSums(long Calls, long Failures, long Attempts, long TokensIn, long TokensOut, long Estimated, decimal Cost, long UnknownCost)
{
    public static LedgerSums None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Input and output tokens.</summary>
    public long Tokens => TokensIn + TokensOut;

    public LedgerSums With(LedgerEntry entry) => entry.Fault is null
        ? new(Calls + 1, Failures, Attempts + entry.Attempts, TokensIn + (entry.TokensIn ?? 0), TokensOut + (entry.TokensOut ?? 0),
            Estimated + (entry.Estimated ? 1 : 0), Cost + (entry.Cost ?? 0), UnknownCost + (entry.Cost is null ? 1 : 0))
        : this with { Failures = Failures + 1, Attempts = Attempts + entry.Attempts };
}
