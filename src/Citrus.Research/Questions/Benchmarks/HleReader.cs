using System.Text.RegularExpressions;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>The medical multiple-choice questions of Humanity's Last Exam (Phan et al. 2025), from JSON Lines of the published rows: <c>id</c>, <c>question</c>, <c>image</c>, <c>answer_type</c>, <c>answer</c>, <c>category</c>, <c>raw_subject</c>.</summary>
public static partial class HleReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "hle-medical";

    private const string Medical = "Biology/Medicine";

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="leftOut">Gets a note for each row of another category, of another type (<c>exactMatch</c>) or with an image.</param>
    /// <returns>
    /// Ids are <c>hle-id</c>; the tag is <c>subject</c>. The published question ends with its options, one a line (<c>A. ...</c>), mostly under <c>Answer Choices:</c>; the stem ends before them.
    /// </returns>
    /// <exception cref="QuestionFormatException">A medical multiple-choice row cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", ICollection<QuestionFormatException>? leftOut = null)
    {
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            if (Outside(line) is { } why)
            {
                leftOut?.Add(why);
                continue;
            }

            var (stem, options) = Split(line);
            yield return new Question
            {
                Id = seen.Add(line, "id", $"hle-{line.Text("id")}"),
                Stem = stem,
                Options = options,
                Answers = QuestionOptions.Answers(line, "answer", options),
                Benchmark = Benchmark,
                Split = split,
                Tags = line.TryWord("raw_subject") is { } subject ? new Dictionary<string, string> { ["subject"] = subject } : new Dictionary<string, string>(),
            };
        }
    }

    private static QuestionFormatException? Outside(QuestionLine line) =>
        line.TryWord("category") is { } category && category != Medical ? line.Error("category", $"{category} is not {Medical}; left out.")
        : line.TryWord("answer_type") is { } type && type != "multipleChoice" ? line.Error("answer_type", $"{type} has no options; left out.")
        : line.Try("image", out var image) && !(image.ValueKind == System.Text.Json.JsonValueKind.String && string.IsNullOrWhiteSpace(image.GetString())) ? line.Error("image", "the question shows an image, which no text can; left out.")
        : null;

    private static (string Stem, IReadOnlyList<Option> Options) Split(QuestionLine line)
    {
        if (line.Try("options", out _)) return (line.Text("question").Trim(), QuestionOptions.Of(line, "options"));
        var text = line.Text("question").ReplaceLineEndings("\n");
        // The options are the last lines that begin with A, B, C... in this order; a text of several lines belongs to the option above it.
        var marks = Mark().Matches(text);
        for (var a = marks.Count - 1; a >= 0; a--)
        {
            if (marks[a].Groups["label"].Value != "A") continue;
            var options = new List<Option>();
            for (var i = a; i < marks.Count && marks[i].Groups["label"].Value == QuestionOptions.Label(options.Count); i++)
            {
                var from = marks[i].Index + marks[i].Length;
                options.Add(new Option(QuestionOptions.Label(options.Count), text[from..(i + 1 < marks.Count ? marks[i + 1].Index : text.Length)].Trim()));
            }

            if (options.Count < 2) continue;
            var stem = Heading().Replace(text[..marks[a].Index], "").Trim();
            return stem.Length > 0 ? (stem, line.Checked("question", options)) : throw line.Error("question", "there is nothing before the options.");
        }

        throw line.Error("question", "no options are found in it; they are the lines that begin with \"A. \", \"B. \" and so on.");
    }

    [GeneratedRegex(@"^[ \t]*\(?(?<label>[A-Z])[.):][ \t]+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(@"(Answer )?(Choices|Options)[ \t]*:\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Heading();
}
