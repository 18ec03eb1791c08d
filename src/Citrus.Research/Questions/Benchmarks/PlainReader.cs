using System.Globalization;
using System.Text.Json;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>
/// Questions of one's own: CSV with a header or JSON (Lines, or one list) of <c>question</c>, the options and <c>answer</c>. The options are columns <c>A</c>, <c>B</c>, <c>C</c>... or a field <c>options</c>
/// (an object of labels and texts, or a list of texts). JMED's JSON Lines, as on Hugging Face, are such a file too.
/// </summary>
/// <remarks>Names of fields are read in any case. <c>id</c>, <c>split</c> and <c>kind</c> may be there; other texts and numbers become tags, other lists and objects stay unread.</remarks>
public static class PlainReader
{
    private const int LongestTag = 100;

    private static readonly string[] Known = ["question", "options", "choices", "answer", "id", "split", "kind", ""];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="split">What a question is that does not say so itself.</param>
    /// <param name="benchmark">Name of the benchmark; the file's own name where null.</param>
    /// <returns>Ids are the benchmark's name and <c>id</c>, or the place. The answer is one label or several, or the whole text of the right option.</returns>
    /// <exception cref="QuestionFormatException">A record cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", string? benchmark = null)
    {
        benchmark ??= BenchmarkName.Word(Path.GetFileNameWithoutExtension(path));
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            var names = Names(line);
            string Name(string name) => names.GetValueOrDefault(name, name);
            var options = Options(line, names);
            var its = line.TryWord(Name("split")) ?? split;
            var id = line.TryWord(Name("id")) ?? line.Ordinal.ToString("D5", CultureInfo.InvariantCulture);
            yield return new Question
            {
                Id = seen.Add(line, Name("id"), $"{benchmark}{(its.Length > 0 ? "-" + its : "")}-{id}"),
                Stem = line.Text(Name("question")),
                Options = options,
                Answers = Answers(line, Name("answer"), options),
                Benchmark = benchmark,
                Split = its,
                Kind = line.TryWord(Name("kind")) ?? "",
                Tags = Tags(line, names, options),
            };
        }
    }

    /// <summary>Whether a record has what is needed.</summary>
    internal static bool Fits(QuestionLine line)
    {
        var names = Names(line);
        return names.ContainsKey("question") && names.ContainsKey("answer") && (names.ContainsKey("options") || names.ContainsKey("choices") || (names.ContainsKey("a") && names.ContainsKey("b")));
    }

    private static Dictionary<string, string> Names(QuestionLine line)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in line.Fields)
            if (!names.TryAdd(field, field)) throw line.Error(field, $"the field is there twice, also as {names[field]}.");
        return names;
    }

    private static IReadOnlyList<Option> Options(QuestionLine line, Dictionary<string, string> names)
    {
        if (names.TryGetValue("options", out var field) || names.TryGetValue("choices", out field)) return QuestionOptions.Of(line, field, padded: true);
        return QuestionOptions.Fields(line, [.. Enumerable.Range(0, QuestionLine.MaximumOptions).Select(i => names.GetValueOrDefault(QuestionOptions.Label(i), QuestionOptions.Label(i)))]);
    }

    private static IReadOnlyList<string> Answers(QuestionLine line, string field, IReadOnlyList<Option> options)
    {
        if (!line.Try(field, out var value) || value.ValueKind == JsonValueKind.Array) return QuestionOptions.Answers(line, field, options);
        var text = line.TryWord(field) ?? throw line.Error(field, "a label such as A is needed.");
        var same = options.Where(o => o.Text.Trim() == text).ToList();
        var (labels, problem) = QuestionLine.Labels(text, options);
        if (problem is null && same.All(o => labels is [var label] && o.Label == label)) return labels;
        if (problem is not null && same.Count == 1) return [same[0].Label];
        throw line.Error(field, same.Count > 0
            ? $"\"{text}\" is the text of option {string.Join(" and ", same.Select(o => o.Label))}{(problem is null ? " and a label too" : "")}; make it clear which is right."
            : $"\"{(text.Length > 60 ? text[..60] + "..." : text)}\" is neither a label nor the text of an option ({problem!.TrimEnd('.')}).");
    }

    private static SortedDictionary<string, string> Tags(QuestionLine line, Dictionary<string, string> names, IReadOnlyList<Option> options)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, field) in names)
        {
            if (Known.Contains(name, StringComparer.OrdinalIgnoreCase) || options.Any(o => o.Label.Equals(name, StringComparison.OrdinalIgnoreCase))) continue;
            if (line.Try(field, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && line.TryWord(field) is { Length: <= LongestTag } text) tags[name] = text;
        }

        return tags;
    }
}
