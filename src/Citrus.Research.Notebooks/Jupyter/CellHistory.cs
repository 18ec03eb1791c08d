using System.Text;
using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>The cells that this kernel has executed, oldest first. Nothing is kept on disk: there is one session, and its number is 1.</summary>
internal sealed class CellHistory
{
    /// <summary>The only session's number.</summary>
    public const int Session = 1;

    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];

    /// <summary>One executed cell.</summary>
    /// <param name="Line">Its execution count.</param>
    /// <param name="Input">Its source.</param>
    /// <param name="Output">Its result as plain text; null where it had none.</param>
    public sealed record Entry(int Line, string Input, string? Output);

    /// <summary>Adds a cell that has begun.</summary>
    public void Add(int line, string input)
    {
        lock (gate) entries.Add(new Entry(line, input, null));
    }

    /// <summary>Says what the cell's result was.</summary>
    public void SetOutput(int line, string output)
    {
        lock (gate)
        {
            var index = entries.FindLastIndex(e => e.Line == line);
            if (index >= 0) entries[index] = entries[index] with { Output = output };
        }
    }

    /// <summary>The last cells.</summary>
    public IReadOnlyList<Entry> Tail(int count)
    {
        lock (gate) return [.. entries.TakeLast(Math.Max(0, count))];
    }

    /// <summary>The cells of a session from one execution count to before another.</summary>
    /// <param name="session">1 or, counted back from now, 0; others are empty.</param>
    /// <param name="start">The first; below 1 is the first there is.</param>
    /// <param name="stop">Where to stop; below 1 is after the last.</param>
    public IReadOnlyList<Entry> Range(int session, int start, int stop)
    {
        lock (gate) return session is not (0 or Session) ? [] : [.. entries.Where(e => e.Line >= start && (stop < 1 || e.Line < stop))];
    }

    /// <summary>The last cells whose source fits a pattern of <c>*</c> and <c>?</c>.</summary>
    public IReadOnlyList<Entry> Search(string pattern, int count, bool unique)
    {
        var expression = new StringBuilder("^");
        foreach (var c in pattern) expression.Append(c switch { '*' => ".*", '?' => ".", _ => Regex.Escape(c.ToString()) });
        // Somebody else's pattern over somebody's texts: without backtracking it cannot take long.
        var regex = new Regex(expression.Append('$').ToString(), RegexOptions.Singleline | RegexOptions.NonBacktracking);
        lock (gate)
        {
            var found = entries.Where(e => regex.IsMatch(e.Input));
            if (unique) found = found.Reverse().DistinctBy(e => e.Input).Reverse();
            return [.. found.TakeLast(Math.Max(0, count))];
        }
    }
}
