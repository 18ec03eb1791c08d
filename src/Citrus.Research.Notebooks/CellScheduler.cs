namespace Citrus.Research.Notebooks;

/// <summary>
/// Knows whether code of one cell is on some thread: what comes after an <c>await</c> too, because it returns through this context. Continuations run on the thread pool as
/// they would without a context, so that a cell that blocks on a task of its own does not wait for itself.
/// </summary>
internal sealed class CellScheduler : SynchronizationContext
{
    private int running;
    private volatile bool closed;

    /// <summary>Whether code of the cell is on some thread at this moment.</summary>
    public bool Busy => Volatile.Read(ref running) > 0;

    /// <summary>From now on nothing starts that comes after an <c>await</c>.</summary>
    public void Close() => closed = true;

    /// <summary>Runs code of the cell on this thread.</summary>
    public void Run(Action code)
    {
        var before = Current;
        Interlocked.Increment(ref running);
        try
        {
            SetSynchronizationContext(this);
            code();
        }
        finally
        {
            SetSynchronizationContext(before);
            Interlocked.Decrement(ref running);
        }
    }

    /// <summary>Runs code of the cell on the thread pool.</summary>
    public Task RunAsync(Action code) => Task.Run(() => Run(code), CancellationToken.None);

    public override void Post(SendOrPostCallback d, object? state) => ThreadPool.QueueUserWorkItem(_ =>
    {
        if (!closed) Run(() => d(state));
    });

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
