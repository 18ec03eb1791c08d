using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Citrus.Research.Notebooks.InCells;

/// <summary>
/// Called by every loop and function that a cell declares (the host writes the calls in, see <c>StopChecks</c>): so a cell that is told to stop ends with an exception, runs
/// its finally blocks and keeps the variables it has set. Aborting its thread is no way: on .NET 10 an abort in the middle of an allocation ends the process.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellStop
{
    // How many cells were told to stop and have not ended yet: nearly always none, so that a check is one comparison.
    private static volatile int stopping;

    /// <summary>Throws where the calling cell was told to stop.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check()
    {
        if (stopping != 0) CellSink.Current?.ThrowIfDenied();
    }

    /// <summary>As <see cref="Check"/>; throws, too, where a recursion is about to use up the stack, which would end the process.</summary>
    /// <exception cref="InsufficientExecutionStackException">The recursion is too deep.</exception>
    public static void Enter()
    {
        Check();
        RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    internal static void Begin() => Interlocked.Increment(ref stopping);

    internal static void End() => Interlocked.Decrement(ref stopping);
}
