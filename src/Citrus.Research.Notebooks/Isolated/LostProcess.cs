using System.Globalization;
using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks.Isolated;

/// <summary>Why a process that ran a cell is no more.</summary>
internal static partial class LostProcess
{
    private const int ShownLines = 12;

    /// <summary>In words, from its exit code and the last that it wrote.</summary>
    /// <param name="exitCode">The exit code; on Unix 128 and the signal's number.</param>
    /// <param name="last">The last that it wrote to stderr.</param>
    /// <param name="notebook">The notebook's name.</param>
    /// <param name="cell">The number of the cell that was running.</param>
    public static CellFailure Explain(int exitCode, string last, string notebook, int cell)
    {
        var lines = last.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (last.Contains("Stack overflow", StringComparison.Ordinal) || exitCode == unchecked((int)0xC00000FD))
            return CellFailure.OfLostProcess("the stack overflowed (a method calls itself without end?), which ended the process", null, Frames(lines));
        if (last.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) || last.Contains("OutOfMemoryException", StringComparison.Ordinal))
            return CellFailure.OfLostProcess("there was no memory left, which ended the process", null, [.. lines.TakeLast(ShownLines)]);
        if (Unhandled().Match(last) is { Success: true } unhandled)
        {
            var line = Place().Matches(last).FirstOrDefault(m => m.Groups[1].Value == notebook && m.Groups[2].Value == cell.ToString(CultureInfo.InvariantCulture));
            return CellFailure.OfLostProcess(
                $"an exception on a thread that the cell started ended the process: {unhandled.Groups[1].Value.Trim()}",
                line is null ? null : int.Parse(line.Groups[3].Value, CultureInfo.InvariantCulture), [.. lines.TakeLast(ShownLines)]);
        }

        var why = exitCode switch
        {
            137 => "was killed (signal 9); if nobody did, the machine ran out of memory",
            139 or unchecked((int)0xC0000005) => "ended by an access violation in native code (signal 11)",
            134 => "aborted itself (signal 6)",
            143 => "was told to end (signal 15)",
            _ => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exitCode} (does the cell call Environment.Exit?)"),
        };
        return CellFailure.OfLostProcess($"the process {why} while the cell ran", null, [.. lines.TakeLast(ShownLines)]);
    }

    /// <summary>The first frames, down to those of the runtime.</summary>
    private static List<string> Frames(string[] lines) =>
        [.. lines.SkipWhile(l => !l.Contains("Stack overflow", StringComparison.Ordinal)).TakeWhile(l => !l.Contains("System.Runtime.CompilerServices", StringComparison.Ordinal)).Take(ShownLines)];

    [GeneratedRegex(@"Unhandled exception\.?\s+([^\n]+)")]
    private static partial Regex Unhandled();

    [GeneratedRegex(@"(?:in |/|\\)([^/\\\n]+\.ipynb)#(\d+):line (\d+)")]
    private static partial Regex Place();
}
