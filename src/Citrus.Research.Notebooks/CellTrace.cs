using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks;

/// <summary>Stack traces as the author of a cell reads them: without the frames of this host and of the script engine, cells by their number, files by their name.</summary>
internal static partial class CellTrace
{
    private const int MaxFrames = 40;
    private const int MaxCauses = 8;

    /// <summary>The line of a cell in which an exception, or what caused it, came up; null where no frame is the cell's.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="source">The name of the cell in stack traces.</param>
    public static int? LineOf(Exception exception, string source)
    {
        foreach (var cause in Causes(exception))
            foreach (var frame in new StackTrace(cause, fNeedFileInfo: true).GetFrames())
                if (frame.GetFileName() is { } file && file.EndsWith(source, StringComparison.Ordinal) && frame.GetFileLineNumber() > 0)
                    return frame.GetFileLineNumber();
        return null;
    }

    /// <summary>The exception and its causes, one entry a line.</summary>
    public static IReadOnlyList<string> Of(Exception exception)
    {
        var lines = new List<string>();
        foreach (var cause in Causes(exception))
        {
            lines.AddRange($"{(lines.Count == 0 ? "" : "caused by ")}{cause.GetType().FullName}: {cause.Message}".ReplaceLineEndings("\n").Split('\n'));
            var frames = new StackTrace(cause, fNeedFileInfo: true).GetFrames().Where(f => !IsOurs(f.GetMethod())).ToList();
            lines.AddRange(frames.Take(MaxFrames).Select(Describe));
            if (frames.Count > MaxFrames) lines.Add(string.Create(CultureInfo.InvariantCulture, $"   ... and {frames.Count - MaxFrames} more"));
        }

        return lines;
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        var open = new Queue<Exception>([exception]);
        for (var i = 0; i < MaxCauses && open.TryDequeue(out var next); i++)
        {
            yield return next;
            if (next is AggregateException many)
                foreach (var one in many.InnerExceptions) open.Enqueue(one);
            else if (next.InnerException is { } inner)
                open.Enqueue(inner);
        }
    }

    private static bool IsOurs(MethodBase? method)
    {
        if (method?.DeclaringType is not { } type) return false;
        if (type.Assembly == typeof(CellTrace).Assembly) return true;
        return type.Namespace is { } space && (space.StartsWith("Microsoft.CodeAnalysis.Scripting", StringComparison.Ordinal)
            || space is "System.Runtime.CompilerServices" or "System.Runtime.ExceptionServices" || type.FullName is "System.Runtime.ControlledExecution");
    }

    private static string Describe(StackFrame frame)
    {
        // The runtime's own words for a frame: they know generics and state machines.
        var text = new StackTrace(frame).ToString().Trim();
        var method = Submission().Replace(Location().Replace(text, ""), "");
        if (method.StartsWith("at ", StringComparison.Ordinal)) method = method[3..];
        method = method.Contains("<<Initialize>>", StringComparison.Ordinal) ? (method.Contains(">b__", StringComparison.Ordinal) ? "lambda" : "")
            : Lambda().Replace(method, "lambda in $1");
        if (frame.GetFileName() is not { Length: > 0 } file) return "   at " + (method.Length == 0 ? "the cell" : method);
        var cell = CellName().Match(file);
        var place = cell.Success ? $"cell [{cell.Groups[1].Value}]" : Path.GetFileName(file);
        return string.Create(CultureInfo.InvariantCulture, $"   at {(method.Length == 0 ? "" : method + " in ")}{place}, line {frame.GetFileLineNumber()}");
    }

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex Submission();

    [GeneratedRegex(@" in .*:line \d+$")]
    private static partial Regex Location();

    [GeneratedRegex(@"^(?:<>c(?:__DisplayClass\d+_\d+)?\.)<(\w+)>b__[\d_]+.*$")]
    private static partial Regex Lambda();

    [GeneratedRegex(@"\.ipynb#(\d+)$")]
    private static partial Regex CellName();
}
