namespace Citrus.Research.Questions.Benchmarks;

/// <summary>The ids of a file so far, each with its line, so that one that comes again is refused.</summary>
internal sealed class SeenIds
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>The id, which was not there yet.</summary>
    /// <exception cref="QuestionFormatException">It was.</exception>
    public string Add(QuestionLine line, string field, string id) =>
        _lines.TryAdd(id, line.Number) ? id : throw line.Error(field, $"{id} was already in line {_lines[id]}; ids are unique.");
}
