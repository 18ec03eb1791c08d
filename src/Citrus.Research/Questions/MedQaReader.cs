using System.Globalization;
using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>MedQA (Jin et al. 2021) as published, of the United States, mainland China and Taiwan: JSON Lines of <c>question</c>, <c>answer</c>, <c>options</c>, <c>answer_idx</c>, <c>meta_info</c>.</summary>
public static class MedQaReader
{
    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="path">A .jsonl file of 4-option or 5-option questions.</param>
    /// <param name="split"><c>train</c>, <c>dev</c>, <c>test</c> or empty: what the file is, which it does not say itself.</param>
    /// <param name="benchmark">
    /// Name of the benchmark; where null <c>medqa-us-4</c>, <c>medqa-us-5</c> and so on by the number of options, <c>medqa-mainland-5</c> or <c>medqa-taiwan-4</c> where the file's first question is Chinese
    /// (Taiwan's <c>meta_info</c> begins with <c>taiwanese</c>).
    /// </param>
    /// <returns>Ids are <c>medqa-</c>, the split and the line number, since the file has none. The exam step (in Chinese files the chapter) is the tag <c>step</c>.</returns>
    /// <exception cref="QuestionFormatException">A line cannot be read.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", string? benchmark = null)
    {
        string? region = null;
        foreach (var line in QuestionRecords.Read(path))
        {
            region ??= Region(line);
            yield return Question(line, split, benchmark, region);
        }
    }

    private static string Region(QuestionLine line) =>
        line.TryText("meta_info") is { } source && source.StartsWith("taiwan", StringComparison.OrdinalIgnoreCase) ? "taiwan"
        : QuestionLanguage.Of(line.Text("question")) == QuestionLanguage.Chinese ? "mainland" : "us";

    private static Question Question(QuestionLine line, string split, string? benchmark, string region)
    {
        var options = line.Checked("options", Options(line));
        var label = line.Text("answer_idx");
        if (options.FirstOrDefault(o => o.Label == label) is not { } right)
            throw line.Error("answer_idx", $"{label} is no option; the options are {string.Join(", ", options.Select(o => o.Label))}.");
        if (line.TryText("answer") is { } answer && answer.Trim() != right.Text.Trim())
            throw line.Error("answer", $"\"{answer}\" is not the text of option {label} (\"{right.Text}\"); one of answer and answer_idx is wrong.");
        return new Question
        {
            Id = line.NumberedId("medqa", split),
            Stem = line.Text("question"),
            Options = options,
            Answers = [label],
            Benchmark = benchmark ?? string.Create(CultureInfo.InvariantCulture, $"medqa-{region}-{options.Count}"),
            Split = split,
            Tags = line.TryText("meta_info") is { Length: > 0 } step ? new Dictionary<string, string> { ["step"] = step } : new Dictionary<string, string>(),
        };
    }

    private static List<Option> Options(QuestionLine line)
    {
        var options = new List<Option>();
        foreach (var option in line.Of("options", JsonValueKind.Object).EnumerateObject())
        {
            if (option.Value.ValueKind != JsonValueKind.String) throw line.Error("options", $"option {option.Name} must be a text, not {QuestionLine.Kind(option.Value)}.");
            options.Add(new Option(option.Name, option.Value.GetString()!));
        }

        return options;
    }
}
