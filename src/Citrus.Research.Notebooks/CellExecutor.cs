using System.Diagnostics;
using System.Globalization;
using Citrus.Research.Notebooks.InCells;
using Microsoft.CodeAnalysis.Scripting;

namespace Citrus.Research.Notebooks;

/// <summary>
/// One C# session with its state: executes cells, one after the other. A cell that does not end is stopped, and the session lives on. The console must be captured
/// (<see cref="ConsoleCapture"/>) by whoever owns the process.
/// </summary>
/// <param name="folder">Against which relative paths of <c>#r</c> and <c>#load</c> are resolved.</param>
internal sealed class CellExecutor(string folder) : IDisposable
{
    /// <summary>How long a cell that was told to stop may take to end in order before it is made to, in two steps of this length.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a cell that is made to end is waited for before it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>The session, for questions about its variables and types.</summary>
    public CSharpSession Session { get; } = new(folder, new CellContext());

    /// <summary>Compiles and runs a cell.</summary>
    /// <param name="source">The cell's source.</param>
    /// <param name="name">The name under which its lines show in stack traces.</param>
    /// <param name="sink">Takes the outputs, the value of the last expression among them; errors are left to the caller. Not closed.</param>
    /// <param name="limit">The longest that it may take, compilation included; null is without limit.</param>
    /// <param name="cancellationToken">Stops the cell; see <see cref="CellStop"/>.</param>
    public async Task<CellResult> ExecuteAsync(string source, string name, CellSink sink, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        // Not disposed: what the cell leaves running may ask its token for long.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scheduler = new CellScheduler();
        sink.Stop = stop.Token;
        var (work, thread) = Start(scheduler, source, name, sink);
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(work, Task.Delay(limit ?? Timeout.InfiniteTimeSpan, timer.Token)).ConfigureAwait(false);
        await timer.CancelAsync().ConfigureAwait(false);
        if (first == work && !cancellationToken.IsCancellationRequested)
            return new CellResult(await work.ConfigureAwait(false), watch.Elapsed, LeftBehind: false);

        var failure = cancellationToken.IsCancellationRequested ? CellFailure.OfCancellation() : CellFailure.OfTimeout(limit!.Value);
        // First in order, if the cell heeds its token; then where it next loops, calls, writes or shows; and a thread that sleeps or waits is woken.
        _ = Task.Run(stop.Cancel, CancellationToken.None);
        await UntilAsync(() => work.IsCompleted, Patience).ConfigureAwait(false);
        CellStop.Begin();
        sink.Deny();
        await UntilAsync(() => work.IsCompleted, Patience).ConfigureAwait(false);
        if (!work.IsCompleted && scheduler.Busy) thread.Interrupt();
        // A cell that only awaits something is over once nothing of it runs, though its task never ends.
        await UntilAsync(() => work.IsCompleted || !scheduler.Busy, Grace).ConfigureAwait(false);
        scheduler.Close();
        var leftBehind = !work.IsCompleted && scheduler.Busy;
        if (leftBehind) _ = work.ContinueWith(static _ => CellStop.End(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else CellStop.End();
        return new CellResult(failure, watch.Elapsed, leftBehind);
    }

    public void Dispose() => Session.Dispose();

    private static async Task UntilAsync(Func<bool> done, TimeSpan atMost)
    {
        for (var watch = Stopwatch.StartNew(); !done() && watch.Elapsed < atMost;) await Task.Delay(5, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Compiles and runs on a thread of its own: it has a deep stack, can be woken, and where it cannot be stopped it can be left behind.</summary>
    private (Task<CellFailure?> Work, Thread Thread) Start(CellScheduler scheduler, string source, string name, CellSink sink)
    {
        var done = new TaskCompletionSource<CellFailure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(Work, maxStackSize: 16 << 20) { IsBackground = true, Name = name };
        thread.Start();
        return (done.Task, thread);

        void Work()
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            CellSink.Current = sink;
            try
            {
                var compiled = Session.Compile(source, name, sink.Stop);
                sink.Stop.ThrowIfCancellationRequested();
                Task<ScriptState>? running = null;
                scheduler.Run(() => running = Session.RunAsync(compiled, sink.Stop));
                _ = Finish(running!, compiled);
            }
            catch (Exception e)
            {
                done.TrySetResult(CellFailure.Of(e, name));
            }
        }

        async Task Finish(Task<ScriptState> running, CompiledCell compiled)
        {
            try
            {
                var state = await running.ConfigureAwait(false);
                // A person's code formats it, which may take its time, too; and this thread may be in the middle of the cell's last continuation.
                if (state.Exception is null && compiled.ReturnsValue && state.ReturnValue is not DisplayedValue)
                    await scheduler.RunAsync(() => sink.Add(new CellOutput(OutputKind.Result) { Data = MimeBundle.Of(state.ReturnValue, []) })).ConfigureAwait(false);
                if (compiled.WallTime is { } time) sink.Add(new CellOutput(OutputKind.Display) { Data = MimeBundle.Plain(time) });
                done.TrySetResult(state.Exception is null ? null : CellFailure.Of(state.Exception, name));
            }
            catch (Exception e)
            {
                done.TrySetResult(CellFailure.Of(e, name));
            }
        }
    }
}
