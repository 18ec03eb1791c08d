namespace Citrus.Research.Notebooks.Isolated;

/// <summary>A <see cref="CellFailure"/> on its way to another process.</summary>
internal sealed record JournalFailure(string Name, string Message, int? Line, IReadOnlyList<string> Trace, bool TimedOut, bool Cancelled)
{
    public static JournalFailure? Of(CellFailure? failure) =>
        failure is null ? null : new(failure.Name, failure.Message, failure.Line, failure.Trace, failure.TimedOut, failure.Cancelled);

    public CellFailure ToFailure() => new(Name, Message, Line, Trace, TimedOut, Cancelled, null);
}
