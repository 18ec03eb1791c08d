using System.Globalization;

namespace Citrus.Research.Examples.Corpora;

/// <summary>One source of text for continued pre-training.</summary>
/// <param name="Path">A file (.jsonl, .json, .parquet, or plain text), or a folder of such files, read in the order of their names.</param>
public sealed record CorpusSource(string Path)
{
    /// <summary>The field (or column) that holds the text.</summary>
    public string Field { get; init; } = "text";

    /// <summary>This source's part of the corpus, relative to the others'; null where none has one: all that is there is then read once.</summary>
    public double? Weight { get; init; }

    /// <summary>Whether a file of plain text is one document; else its paragraphs, with empty lines between, are.</summary>
    public bool WholeFiles { get; init; }

    /// <summary>How the report names it.</summary>
    public string Name { get; init; } = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <summary>Reads <c>PATH</c> or <c>PATH:WEIGHT</c>.</summary>
    /// <exception cref="ArgumentException">The weight is no number above 0.</exception>
    public static CorpusSource Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var tail = colon <= 0 ? "" : text[(colon + 1)..];
        if (tail.Length == 0 || tail.AsSpan().IndexOfAny('/', '\\') >= 0 || File.Exists(text) || Directory.Exists(text)) return new CorpusSource(text);
        return double.TryParse(tail, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && weight > 0 && double.IsFinite(weight)
            ? new CorpusSource(text[..colon]) { Weight = weight }
            : throw new ArgumentException($"The source {text} has the weight {tail}; a weight is a number above 0, e.g. {text[..colon]}:0.5.");
    }
}
