using System.Text;

namespace Citrus.Research.Notebooks;

/// <summary>Gathers what a cell writes and shows. Safe for many threads; closed when the cell is over, after which writes go nowhere.</summary>
internal sealed class CellSink(NotebookRunOptions options)
{
    private static readonly AsyncLocal<CellSink?> Flow = new();
    private readonly Lock gate = new();
    private readonly List<object> entries = [];
    private int streamed;
    private int shown;
    private bool closed;

    private sealed class Text(string name)
    {
        public string Name { get; } = name;

        public StringBuilder Builder { get; } = new();
    }

    private sealed class Shown(DisplayedValue? handle, CellOutput output)
    {
        public DisplayedValue? Handle { get; } = handle;

        public CellOutput Output { get; set; } = output;
    }

    /// <summary>The sink of the cell on whose behalf the calling code runs; null outside of cells.</summary>
    public static CellSink? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>As <see cref="Current"/>, for code that makes sense in cells only.</summary>
    public static CellSink Required => Current ?? throw new InvalidOperationException("display works inside of a running cell only.");

    /// <summary>Appends console text.</summary>
    public void Write(string name, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        lock (gate)
        {
            if (closed || streamed > options.MaxStreamCharacters) return;
            var keep = Math.Min(text.Length, options.MaxStreamCharacters - streamed);
            streamed += text.Length;
            Stream(name).Append(text[..keep]);
            if (streamed > options.MaxStreamCharacters)
                Stream("stderr").Append(Invariant($"\n[output cut after {options.MaxStreamCharacters} characters]\n"));
        }
    }

    /// <summary>Shows a value.</summary>
    public DisplayedValue Display(object? value, string[] mimeTypes)
    {
        var handle = new DisplayedValue(this, mimeTypes);
        Add(new Shown(handle, new CellOutput(OutputKind.Display) { Data = MimeBundle.Of(value, mimeTypes) }));
        return handle;
    }

    /// <summary>Replaces a shown value.</summary>
    public void Update(DisplayedValue handle, object? value, string[] mimeTypes)
    {
        var data = Cap(MimeBundle.Of(value, mimeTypes));
        lock (gate)
            if (!closed && entries.OfType<Shown>().FirstOrDefault(s => s.Handle == handle) is { } entry)
                entry.Output = entry.Output with { Data = data };
    }

    /// <summary>Adds a result or an error.</summary>
    public void Add(CellOutput output) => Add(new Shown(null, output));

    /// <summary>Ends the gathering and returns the outputs in order.</summary>
    public IReadOnlyList<CellOutput> Close()
    {
        lock (gate)
        {
            closed = true;
            return [.. entries.Select(e => e is Text text
                ? new CellOutput(OutputKind.Stream) { Name = text.Name, Text = text.Builder.ToString().ReplaceLineEndings("\n") }
                : ((Shown)e).Output)];
        }
    }

    private void Add(Shown entry)
    {
        entry.Output = entry.Output with { Data = Cap(entry.Output.Data) };
        lock (gate)
            if (!closed) entries.Add(entry);
    }

    private IReadOnlyDictionary<string, string> Cap(IReadOnlyDictionary<string, string> data)
    {
        var size = data.Sum(d => d.Value.Length);
        if (Interlocked.Add(ref shown, size) <= options.MaxDisplayCharacters) return data;
        Interlocked.Add(ref shown, -size);
        return MimeBundle.Plain(Invariant($"[{size} characters not shown: a cell may show {options.MaxDisplayCharacters}]"));
    }

    private StringBuilder Stream(string name)
    {
        if (entries.Count > 0 && entries[^1] is Text text && text.Name == name) return text.Builder;
        var fresh = new Text(name);
        entries.Add(fresh);
        return fresh.Builder;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
