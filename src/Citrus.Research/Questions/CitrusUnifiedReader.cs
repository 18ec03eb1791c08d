using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>
/// The unified form of the paper's own repository: JSON Lines of <c>exam_name</c>, <c>id</c>, <c>Q</c> (the question), <c>A</c> (labels of the
/// right options, <c>AB</c> where two are right), <c>C</c> (its context, or null) and <c>OP</c> (options of <c>op_idx</c>, <c>op_value</c> and
/// <c>op_text</c>); labelled files add <c>Q_open</c> and <c>complexity</c>. Other fields are left unread.
/// </summary>
public static class CitrusUnifiedReader
{
    /// <summary>Name of the tag that says how difficult a question is: <c>easy</c>, <c>hard</c> or <c>unknown</c>.</summary>
    public const string Difficulty = "difficulty";

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="split">What the file is, which it does not say itself.</param>
    /// <returns>
    /// The benchmark is <c>exam_name</c>, the id <c>exam_name-id</c>, the open-ended stem <c>Q_open</c> and the tag <see cref="Difficulty"/> <c>complexity</c>. A context that is
    /// a text, a list of texts, or an object with such a list under <c>CONTEXTS</c> (PubMedQA) stands in the stem before the question, one paragraph each: the question cannot be answered
    /// without it. What else such an object holds stays unread, for among it is the conclusion that is asked about.
    /// </returns>
    /// <exception cref="QuestionFormatException">A line cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in QuestionLine.Read(path))
        {
            var question = Question(line, split);
            if (!seen.TryAdd(question.Id, line.Number)) throw line.Error("id", $"{question.Id} was already in line {seen[question.Id]}; ids are unique within an exam.");
            yield return question;
        }
    }

    private static Question Question(QuestionLine line, string split)
    {
        var exam = line.Text("exam_name");
        var options = line.Checked("OP", Options(line, exam));
        var (answers, problem) = QuestionLine.Labels(line.Text("A"), options);
        if (problem is not null) throw line.Error("A", problem);
        return new Question
        {
            Id = $"{exam}-{Id(line)}",
            Stem = string.Join("\n\n", [.. Context(line), line.Text("Q").Trim()]),
            OpenStem = line.TryText("Q_open") is { } open && !string.IsNullOrWhiteSpace(open) ? open.Trim() : null,
            Options = options,
            Answers = answers,
            Benchmark = exam,
            Split = split,
            Tags = Complexity(line) is { } difficulty ? new Dictionary<string, string> { [Difficulty] = difficulty } : new Dictionary<string, string>(),
        };
    }

    private static string Id(QuestionLine line) => line.Try("id", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetRawText() : line.Text("id");

    private static string? Complexity(QuestionLine line) => line.TryText("complexity")?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        ("easy" or "hard" or "unknown") and var difficulty => difficulty,
        var other => throw line.Error("complexity", $"\"{other}\" is none of easy, hard, unknown."),
    };

    private static List<Option> Options(QuestionLine line, string exam)
    {
        var options = new List<Option>();
        foreach (var option in line.Of("OP", JsonValueKind.Array).EnumerateArray())
        {
            if (options.Count > QuestionLine.MaximumOptions) break;
            string Part(string name) => option.ValueKind == JsonValueKind.Object && option.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw line.Error("OP", $"option {options.Count + 1} needs a text {name}: {{\"op_idx\":\"A\",\"op_value\":\"...\",\"op_text\":\"A. ...\"}}.");
            options.Add(new Option(Part("op_idx"), Part("op_value").Trim()));
        }

        if (options.Count == 0)
            throw line.Error("OP", "the options are missing. " + (exam == JmedReader.Benchmark
                ? "They got lost when this file was made; the published .xlsx of the benchmark has them (its column final_options): give that file instead."
                : "The exam's own file has them."));
        return options;
    }

    private static IEnumerable<string> Context(QuestionLine line)
    {
        if (!line.Try("C", out var context)) return [];
        if (context.ValueKind == JsonValueKind.Object) context = context.TryGetProperty("CONTEXTS", out var inner) ? inner : throw line.Error("C", "an object with a list CONTEXTS is needed.");
        return context.ValueKind switch
        {
            JsonValueKind.String => string.IsNullOrWhiteSpace(context.GetString()) ? [] : [context.GetString()!.Trim()],
            JsonValueKind.Array when context.EnumerateArray().All(c => c.ValueKind == JsonValueKind.String) =>
                context.EnumerateArray().Select(c => c.GetString()!.Trim()).Where(c => c.Length > 0).ToList(),
            _ => throw line.Error("C", $"a text or a list of texts is needed, not {QuestionLine.Kind(context)}."),
        };
    }
}
