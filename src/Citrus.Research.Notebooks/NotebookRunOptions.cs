namespace Citrus.Research.Notebooks;

/// <summary>How a notebook is run and what is written.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>Where the executed copy goes; null writes none.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Where the self-contained page goes; null writes none.</summary>
    public string? HtmlPath { get; init; }

    /// <summary>
    /// Values for variables that the cell tagged <c>parameters</c> declares. A text is converted to the declared type (<c>"3"</c> for an <c>int</c>).
    /// </summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>The longest a cell may take, compilation included. Default 30 minutes.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>True goes on after a failing cell and throws nothing; the errors are outputs of their cells. Default false.</summary>
    public bool AllowErrors { get; init; }

    /// <summary>Console text kept per cell, in characters; what is beyond is replaced by a note. Default 200,000.</summary>
    public int MaxStreamCharacters { get; init; } = 200_000;

    /// <summary>Displays and result kept per cell, in characters over all MIME types; what is beyond is replaced by a note. Default 20 million.</summary>
    public int MaxDisplayCharacters { get; init; } = 20_000_000;

    /// <summary>The process's folder while cells run; null is the notebook's own folder, as in Jupyter.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>plotly.js for the page. Null looks for a loaded assembly that embeds one; without any, a figure's HTML rendering is shown.</summary>
    public string? PlotlyScript { get; init; }

    /// <summary>Called when a cell begins and when it is finished. What it prints is not captured.</summary>
    public Action<CellProgress>? Progress { get; init; }

    /// <summary>Throws where a number is out of range.</summary>
    internal void Validate()
    {
        if (CellTimeout <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(CellTimeout), "must be longer than nothing");
        if (MaxStreamCharacters < 0) throw new ArgumentOutOfRangeException(nameof(MaxStreamCharacters), "must not be negative");
        if (MaxDisplayCharacters < 0) throw new ArgumentOutOfRangeException(nameof(MaxDisplayCharacters), "must not be negative");
    }
}
