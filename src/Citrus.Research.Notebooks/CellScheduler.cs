using System.Runtime;

namespace Citrus.Research.Notebooks;

/// <summary>
/// Runs the code of one cell so that it can be stopped from outside: what comes after an <c>await</c> too, because it returns through this context. Continuations run on the
/// thread pool as they would without a context, so that a cell that blocks on a task of its own does not wait for itself.
/// </summary>
/// <param name="abort">Once cancelled, running code of the cell is aborted and no further code of it starts.</param>
internal sealed class CellScheduler(CancellationToken abort) : SynchronizationContext
{
    private int running;

    /// <summary>Whether code of the cell is on some thread at this moment.</summary>
    public bool Busy => Volatile.Read(ref running) > 0;

    /// <summary>Runs code of the cell on this thread.</summary>
    /// <exception cref="OperationCanceledException">It was aborted.</exception>
    public void Run(Action code)
    {
        var before = Current;
        Interlocked.Increment(ref running);
        try
        {
            SetSynchronizationContext(this);
#pragma warning disable SYSLIB0046 // made for this: running a person's code in a shell that must survive it
            ControlledExecution.Run(code, abort);
#pragma warning restore SYSLIB0046
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
        if (abort.IsCancellationRequested) return;
        try
        {
            Run(() => d(state));
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // Aborted: whoever waits for the cell has been told by the token.
        }
    });

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
