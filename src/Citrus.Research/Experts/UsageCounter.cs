namespace Citrus.Research.Experts;

/// <summary>Counts what an expert was asked and what it answered; safe from several threads.</summary>
public sealed class UsageCounter
{
    private long _calls, _failures, _tokensIn, _tokensOut, _uncounted;

    /// <summary>Calls that came back.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Calls that threw.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Input tokens, as the expert reports them.</summary>
    public long TokensIn => Interlocked.Read(ref _tokensIn);

    /// <summary>Output tokens, as the expert reports them.</summary>
    public long TokensOut => Interlocked.Read(ref _tokensOut);

    /// <summary>Calls whose answer reported no usage: where this is not 0, the token sums are lower bounds.</summary>
    public long Uncounted => Interlocked.Read(ref _uncounted);

    internal void Count(long? tokensIn, long? tokensOut)
    {
        Interlocked.Increment(ref _calls);
        if (tokensIn is null || tokensOut is null) Interlocked.Increment(ref _uncounted);
        Interlocked.Add(ref _tokensIn, tokensIn ?? 0);
        Interlocked.Add(ref _tokensOut, tokensOut ?? 0);
    }

    internal void CountFailure() => Interlocked.Increment(ref _failures);
}
