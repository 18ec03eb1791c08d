namespace Citrus.Research.Notebooks;

/// <summary>Why a cell failed.</summary>
/// <param name="Name">The exception's type, or what stands for it.</param>
/// <param name="Message">The exception's message.</param>
/// <param name="Line">The line inside the cell, from 1.</param>
/// <param name="Trace">More for people, one entry a line.</param>
/// <param name="TimedOut">Whether it ran past its time.</param>
/// <param name="Cancelled">Whether it was stopped on request.</param>
/// <param name="Exception">The exception, where there was one.</param>
internal sealed record CellFailure(string Name, string Message, int? Line, IReadOnlyList<string> Trace, bool TimedOut, bool Cancelled, Exception? Exception)
{
    public static CellFailure OfTimeout(TimeSpan limit) =>
        new("Timeout", FormattableString.Invariant($"ran past its {limit.TotalSeconds:0.###} s"), null, [], TimedOut: true, Cancelled: false, null);

    public static CellFailure OfCancellation() => new("Cancelled", "stopped on request", null, [], TimedOut: false, Cancelled: true, null);

    /// <summary>The process that ran the cell is no more.</summary>
    public static CellFailure OfLostProcess(string message, int? line, IReadOnlyList<string> last) => new("ProcessEnded", message, line, last, TimedOut: false, Cancelled: false, null);

    /// <summary>What an exception from compiling or running the cell means.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="source">The name of the cell in stack traces.</param>
    public static CellFailure Of(Exception exception, string source)
    {
        while (exception is AggregateException { InnerExceptions.Count: 1 } or System.Reflection.TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        return exception switch
        {
            CompilationFailedException c => new("CompilationError", c.Message, c.Line, c.Diagnostics, false, false, c),
            DirectiveException d => new("DirectiveError", d.Message, d.Line, [], false, false, d),
            _ => new(exception.GetType().FullName!, exception.Message, CellTrace.LineOf(exception, source), CellTrace.Of(exception), false, false, exception),
        };
    }

    /// <summary>One line that says where and why.</summary>
    public string Headline(string notebook, Cell cell)
    {
        var line = Line is > 0 && Line <= cell.Source.Split('\n').Length ? $", line {Line}" : "";
        return $"{notebook}, cell [{cell.ExecutionCount}]{line}: {Name}: {Message}";
    }

    /// <summary>The failure as the cell's last output.</summary>
    public CellOutput ToOutput(string notebook, Cell cell) =>
        new(OutputKind.Error) { Name = Name, Text = Message, Traceback = [Headline(notebook, cell), .. Trace] };

    /// <summary>The exception that tells the caller; with the line itself below the headline.</summary>
    public CellFailedException ToException(string notebook, Cell cell, NotebookRunOptions options, IReadOnlyList<CellTiming> timings)
    {
        var lines = cell.Source.Split('\n');
        var shown = Line is > 0 && Line <= lines.Length ? $"\n    {lines[Line.Value - 1].Trim()}" : "";
        return new CellFailedException(Headline(notebook, cell) + shown, Exception)
        {
            Notebook = notebook,
            Cell = cell.ExecutionCount!.Value,
            CellId = cell.Id,
            Line = Line,
            TimedOut = TimedOut,
            Cells = timings,
            OutputPath = options.OutputPath,
            HtmlPath = options.HtmlPath,
        };
    }
}
