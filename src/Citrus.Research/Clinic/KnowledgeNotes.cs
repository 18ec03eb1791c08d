using System.Globalization;

namespace Citrus.Research.Clinic;

/// <summary>Collects what is wrong with knowledge files, and remembers on which line each id was written.</summary>
internal sealed class KnowledgeNotes
{
    private readonly List<(string File, long Line, int Order, string Text)> _errors = [];
    private readonly Dictionary<string, (string File, long Line)> _lines = new(StringComparer.Ordinal);

    public bool Any => _errors.Count > 0;

    public IReadOnlyList<string> Errors =>
        [.. _errors.OrderBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Line).ThenBy(e => e.Order).Select(e => e.Text).Distinct(StringComparer.Ordinal)];

    public static string At(string file, long line) => line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file}:{line}") : file;

    public void Add(string file, long line, string message) =>
        _errors.Add((file, line, _errors.Count, $"{At(file, line)}: {message}"));

    /// <summary>Adds an error at the line where <paramref name="key"/> was noted.</summary>
    public void Add(string key, string message)
    {
        var (file, line) = _lines.GetValueOrDefault(key, ("knowledge", 0));
        Add(file, line, message);
    }

    /// <summary>Notes where a thing stands; the first place counts.</summary>
    public void Note(string key, string file, long line) => _lines.TryAdd(key, (file, line));

    /// <summary><c>file:line</c> of a noted thing.</summary>
    public string Where(string key)
    {
        var (file, line) = _lines.GetValueOrDefault(key, ("knowledge", 0));
        return At(file, line);
    }
}
