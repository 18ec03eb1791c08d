using System.Text;

namespace Citrus.Research.Notebooks;

/// <summary>
/// Gathers what a cell writes and shows, or passes it on as it happens. Safe for many threads. Closed when the cell is over: what it writes later is dropped where outputs
/// are gathered and still passed on where somebody listens; what it has shown can be replaced as long as the notebook runs.
/// </summary>
/// <param name="maxStreamCharacters">Console text kept, in characters; what is beyond is replaced by a note.</param>
/// <param name="maxDisplayCharacters">Displays, updates and result kept, in characters over all MIME types; what is beyond is replaced by a note.</param>
/// <param name="listener">Hears each output as it happens; with one, nothing is gathered.</param>
internal sealed class CellSink(int maxStreamCharacters, int maxDisplayCharacters, ICellListener? listener = null)
{
    private readonly ICellListener? listener = listener;
    /// <summary>The most outputs of a cell: no page can show what a loop without end displays.</summary>
    private const int MaxOutputs = 2000;

    private static readonly AsyncLocal<CellSink?> Flow = new();
    private readonly Lock gate = new();
    private readonly List<object> entries = [];
    private int streamed;
    private int shown;
    private int outputs;
    private bool closed;
    private bool clearing;

    private volatile bool denied;

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

    /// <summary>Cancelled when the cell is told to stop.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>What was gathered, in order; each shown value as it was last replaced.</summary>
    public IReadOnlyList<CellOutput> Outputs
    {
        get
        {
            lock (gate)
                return [.. entries.Select(e => e is Text text
                    ? new CellOutput(OutputKind.Stream) { Name = text.Name, Text = text.Builder.ToString().ReplaceLineEndings("\n") }
                    : ((Shown)e).Output)];
        }
    }

    /// <summary>Appends console text.</summary>
    public void Write(string name, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        ThrowIfDenied();
        lock (gate)
        {
            if ((closed && listener is null) || streamed > maxStreamCharacters) return;
            var keep = Math.Min(text.Length, maxStreamCharacters - streamed);
            streamed += keep;
            Append(name, text[..keep]);
            if (keep == text.Length) return;
            streamed = maxStreamCharacters + 1;
            Append("stderr", Invariant($"\n[output cut after {maxStreamCharacters} characters]\n"));
        }
    }

    /// <summary>Shows a value.</summary>
    public DisplayedValue Display(object? value, string[] mimeTypes)
    {
        var handle = new DisplayedValue(this, mimeTypes);
        Add(new Shown(handle, new CellOutput(OutputKind.Display) { Data = MimeBundle.Of(value, mimeTypes) }));
        return handle;
    }

    /// <summary>Replaces a shown value, from whichever cell.</summary>
    public void Update(DisplayedValue handle, object? value, string[] mimeTypes)
    {
        // The cell that asks, not the one that showed it first, has to pay and to tell.
        var asking = Current ?? this;
        var data = asking.Cap(MimeBundle.Of(value, mimeTypes));
        asking.ThrowIfDenied();
        lock (asking.gate) asking.listener?.Update(handle.Id, data);
        lock (gate)
            if (entries.OfType<Shown>().FirstOrDefault(s => s.Handle == handle) is { } entry)
                entry.Output = entry.Output with { Data = data };
    }

    /// <summary>Adds a result or an error.</summary>
    public void Add(CellOutput output) => Add(new Shown(null, output));

    /// <summary>Takes back what the cell has written and shown so far.</summary>
    /// <param name="wait">Only when the next output comes.</param>
    public void Clear(bool wait)
    {
        lock (gate)
        {
            if (closed) return;
            listener?.Clear(wait);
            clearing = wait;
            if (!wait) entries.Clear();
        }
    }

    /// <summary>From now on writing and showing throws: it ends a cell that prints without end.</summary>
    public void Deny() => denied = true;

    /// <summary>Throws where the cell was told to stop and did not do so by itself.</summary>
    public void ThrowIfDenied()
    {
        if (denied) throw new OperationCanceledException("The cell was told to stop.", Stop);
    }

    /// <summary>Ends the gathering and returns the outputs in order.</summary>
    public IReadOnlyList<CellOutput> Close()
    {
        lock (gate) closed = true;
        return Outputs;
    }

    private void Add(Shown entry)
    {
        entry.Output = entry.Output with { Data = Cap(entry.Output.Data) };
        // An error is what the host says about the cell, not what the cell shows.
        if (entry.Output.Kind != OutputKind.Error) ThrowIfDenied();
        lock (gate)
        {
            if (closed && listener is null) return;
            if (entry.Output.Kind == OutputKind.Display && ++outputs > MaxOutputs)
            {
                if (outputs == MaxOutputs + 1) Append("stderr", Invariant($"\n[more than {MaxOutputs} outputs: the rest is not shown]\n"));
                return;
            }

            ClearIfAsked();
            if (listener is null) entries.Add(entry);
            else listener.Show(entry.Output, entry.Handle?.Id);
        }
    }

    private void Append(string name, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        ClearIfAsked();
        if (listener is null) Gathered(name).Append(text);
        else listener.Stream(name, text);
    }

    private void ClearIfAsked()
    {
        if (clearing) entries.Clear();
        clearing = false;
    }

    private IReadOnlyDictionary<string, string> Cap(IReadOnlyDictionary<string, string> data)
    {
        var size = data.Sum(d => d.Value.Length);
        if (Interlocked.Add(ref shown, size) <= maxDisplayCharacters) return data;
        Interlocked.Add(ref shown, -size);
        return MimeBundle.Plain(Invariant($"[{size} characters not shown: a cell may show {maxDisplayCharacters}]"));
    }

    private StringBuilder Gathered(string name)
    {
        if (entries.Count > 0 && entries[^1] is Text text && text.Name == name) return text.Builder;
        var fresh = new Text(name);
        entries.Add(fresh);
        return fresh.Builder;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
