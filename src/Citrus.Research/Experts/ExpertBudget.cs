using System.Globalization;

namespace Citrus.Research.Experts;

/// <summary>
/// How much may be spent, and what is promised to calls in flight. A call that would go past the budget waits for those in flight, whose
/// promises are estimates; where none is in flight, the budget is spent.
/// </summary>
public sealed class ExpertBudget(ExpertLedger ledger, long? tokens, decimal? cost)
{
    /// <summary>Output tokens expected of a call before any was made.</summary>
    private const long FirstGuess = 512;

    private readonly Lock _lock = new();
    private readonly ExpertLedger _ledger = ledger;
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _promisedTokens;
    private decimal _promisedCost;
    private int _inFlight;

    /// <summary>Most tokens, input and output; null is unbounded.</summary>
    public long? Tokens { get; } = tokens;

    /// <summary>Most US dollars; null is unbounded.</summary>
    public decimal? Cost { get; } = cost;

    /// <summary>Whether anything is bounded.</summary>
    public bool IsBounded => Tokens is not null || Cost is not null;

    /// <summary>Waits until the call may be made, and promises it what it is expected to spend.</summary>
    /// <param name="tokensIn">Input tokens, estimated.</param>
    /// <param name="mostOut">Most output tokens; null where there is no bound.</param>
    /// <param name="price">The expert's price; needed where money is bounded.</param>
    /// <exception cref="ExpertException">The budget is spent.</exception>
    internal async ValueTask<Promise> TakeAsync(long tokensIn, long? mostOut, ExpertPrice? price, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task settled;
            lock (_lock)
            {
                var spent = _ledger.Total;
                // What a reply usually takes, but never more than it may.
                var usual = spent.Calls == 0 ? FirstGuess : (spent.TokensOut / spent.Calls) + 1;
                var tokensOut = Math.Min(usual, mostOut ?? long.MaxValue);
                var (needTokens, needCost) = (tokensIn + tokensOut, price?.Cost(tokensIn, tokensOut) ?? 0);
                if ((Tokens is not { } most || spent.Tokens + _promisedTokens + needTokens <= most) && (Cost is not { } dollars || spent.Cost + _promisedCost + needCost <= dollars))
                {
                    _promisedTokens += needTokens;
                    _promisedCost += needCost;
                    _inFlight++;
                    return new Promise(this, needTokens, needCost);
                }

                if (_inFlight == 0) throw new ExpertException(ExpertFault.BudgetSpent, Spent(spent, needTokens, needCost));
                settled = _settled.Task;
            }

            await settled.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private string Spent(LedgerSums spent, long needTokens, decimal needCost) => Tokens is { } most && spent.Tokens + needTokens > most
        ? string.Create(CultureInfo.InvariantCulture, $"the budget of {most:N0} tokens is spent: {spent.Tokens:N0} used, the next call needs about {needTokens:N0}. Run the same command with a larger --budget-tokens to go on; nothing is lost.")
        : string.Create(CultureInfo.InvariantCulture, $"the budget of {Cost:0.00####} US dollars is spent: {spent.Cost:0.00####} used, the next call needs about {needCost:0.00####}. Run the same command with a larger --budget-usd to go on; nothing is lost.");

    private void Settle(long tokens, decimal cost)
    {
        TaskCompletionSource settled;
        lock (_lock)
        {
            _promisedTokens -= tokens;
            _promisedCost -= cost;
            _inFlight--;
            (settled, _settled) = (_settled, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        settled.SetResult();
    }

    /// <summary>What a call in flight was promised; disposed of when the ledger knows what it really took.</summary>
    internal readonly struct Promise(ExpertBudget budget, long tokens, decimal cost) : IDisposable
    {
        public void Dispose() => budget.Settle(tokens, cost);
    }
}
