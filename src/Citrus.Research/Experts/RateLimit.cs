namespace Citrus.Research.Experts;

/// <summary>
/// Lets at most so many requests and tokens begin in any 60 seconds, in the order they came, and nobody while the server has asked for a
/// pause (Retry-After). Safe from several threads.
/// </summary>
/// <param name="requests">Most requests a minute; null is unbounded.</param>
/// <param name="tokens">Most tokens a minute, input and output; null is unbounded. A single request may be larger: then it goes alone.</param>
public sealed class RateLimit(int? requests, long? tokens, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _queue = new(1);
    private readonly Queue<Admission> _recent = new();
    private long _tokensInWindow;
    private long _pausedUntil;

    /// <summary>Waits for its turn.</summary>
    /// <param name="expectedTokens">Input and output tokens, estimated.</param>
    /// <returns>What to <see cref="Correct"/> once the tokens are known.</returns>
    public async ValueTask<Admission?> EnterAsync(long expectedTokens, CancellationToken cancellationToken = default)
    {
        if (requests is null && tokens is null && Volatile.Read(ref _pausedUntil) == 0) return null;
        await _queue.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                TimeSpan wait;
                lock (_lock)
                {
                    wait = Wait(expectedTokens);
                    if (wait <= TimeSpan.Zero)
                    {
                        if (requests is null && tokens is null) return null;
                        var admission = new Admission { At = time.GetTimestamp(), Tokens = expectedTokens };
                        _recent.Enqueue(admission);
                        _tokensInWindow += expectedTokens;
                        return admission;
                    }
                }

                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _queue.Release();
        }
    }

    /// <summary>Replaces an estimate by what it was.</summary>
    public void Correct(Admission? admission, long tokensTaken)
    {
        if (admission is null) return;
        lock (_lock)
        {
            if (!admission.Gone) _tokensInWindow += tokensTaken - admission.Tokens;
            admission.Tokens = tokensTaken;
        }
    }

    /// <summary>Holds everybody back for so long.</summary>
    public void Pause(TimeSpan duration)
    {
        lock (_lock) _pausedUntil = Math.Max(_pausedUntil, Math.Max(1, (time.GetUtcNow() + duration).UtcTicks));
    }

    private TimeSpan Wait(long expectedTokens)
    {
        if (_pausedUntil != 0)
        {
            var left = _pausedUntil - time.GetUtcNow().UtcTicks;
            if (left > 0) return TimeSpan.FromTicks(left);
            Volatile.Write(ref _pausedUntil, 0);
        }

        var now = time.GetTimestamp();
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) >= Window)
        {
            _recent.Dequeue().Gone = true;
            _tokensInWindow -= oldest.Tokens;
        }

        if (_recent.Count == 0) return TimeSpan.Zero;
        var full = _recent.Count >= requests || _tokensInWindow + expectedTokens > tokens;
        // A millisecond more, for timers may be early.
        return full ? Window - time.GetElapsedTime(_recent.Peek().At, now) + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
    }

    /// <summary>A request that was let through.</summary>
    public sealed class Admission
    {
        internal long At { get; init; }

        internal long Tokens { get; set; }

        internal bool Gone { get; set; }
    }
}
