namespace Citrus.Research.Notebooks;

/// <summary>A value shown below a cell. It can be shown anew while the notebook runs, from any cell; the executed copy keeps the last one.</summary>
public sealed class DisplayedValue
{
    private readonly CellSink sink;
    private readonly string[] mimeTypes;

    internal DisplayedValue(CellSink sink, string[] mimeTypes)
    {
        this.sink = sink;
        this.mimeTypes = mimeTypes;
    }

    /// <summary>By which a page finds the output again.</summary>
    internal string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Replaces what is shown.</summary>
    public void Update(object? value) => sink.Update(this, value, mimeTypes);
}
