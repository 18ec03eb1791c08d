using System.Globalization;
using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>
/// JMED as published: an .xlsx of one question a row, drawn from real consultations, in Chinese, with up to 21 options. Read are the columns <c>diagId</c>, <c>patient_age</c>,
/// <c>patient_sex</c>, <c>final_question</c>, <c>final_options</c> (<c>{"options": {"A": "...", ...}}</c>) and <c>final_correct_answer</c> (<c>['A']</c>).
/// </summary>
public static class JmedReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "jmed";

    private static readonly string[] Needed = ["diagId", "patient_age", "patient_sex", "final_question", "final_options", "final_correct_answer"];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <returns>Ids are <c>jmed-diagId</c>; the stem tells age, sex and the case with what is asked; the tags are <c>age</c> and <c>sex</c>.</returns>
    /// <exception cref="QuestionFormatException">The file is no workbook, larger than <see cref="Spreadsheet"/> allows, lacks a column, or a row cannot be read.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        Dictionary<string, int>? columns = null;
        foreach (var row in Spreadsheet.Rows(path))
        {
            if (columns is null)
            {
                columns = Columns(path, row);
                continue;
            }

            if (row.Cells.All(string.IsNullOrEmpty)) continue;
            var question = Question(path, row, columns, split);
            if (!seen.TryAdd(question.Id, row.Number)) throw new QuestionFormatException(path, row.Number, "diagId", $"{question.Id} was already in row {seen[question.Id]}; ids are unique.");
            yield return question;
        }

        if (seen.Count == 0) throw new QuestionFormatException(path, 0, "", $"the first sheet has no row below the names of its columns, which must be {string.Join(", ", Needed)}.");
    }

    /// <summary>The text that is asked about: age and sex on lines of their own, in the question's language, then the question; what is empty is left out.</summary>
    public static string Stem(string age, string sex, string question)
    {
        var chinese = QuestionLanguage.Of(question) == QuestionLanguage.Chinese;
        return (age.Length > 0 ? $"{(chinese ? "患者年龄：" : "Age: ")}{age}\n" : "") + (sex.Length > 0 ? $"{(chinese ? "患者性别：" : "Sex: ")}{sex}\n" : "") + question;
    }

    private static Dictionary<string, int> Columns(string path, SheetRow names)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Cells.Count; i++)
            if (names.Cells[i] is { } name && !columns.TryAdd(name.Trim(), i) && Needed.Contains(name.Trim()))
                throw new QuestionFormatException(path, names.Number, name.Trim(), "two columns have this name.");
        return Needed.FirstOrDefault(n => !columns.ContainsKey(n)) is { } missing
            ? throw new QuestionFormatException(path, names.Number, missing, $"there is no such column; the first row must name {string.Join(", ", Needed)}. Here are {string.Join(", ", columns.Keys.Take(30))}.")
            : columns;
    }

    private static Question Question(string path, SheetRow row, Dictionary<string, int> columns, string split)
    {
        QuestionFormatException Error(string column, string problem) => new(path, row.Number, column, problem);
        string Text(string column) => columns[column] < row.Cells.Count && row.Cells[columns[column]] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : throw Error(column, "a text that is not blank is needed.");

        // A spreadsheet keeps 15 digits of a number, and shows the rest as an exponent or as zeros.
        if (Text("diagId") is var id && double.TryParse(id, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && (id.Contains('E', StringComparison.OrdinalIgnoreCase) || (row.Numeric[columns["diagId"]] && Math.Abs(n) > 1L << 53)))
            throw Error("diagId", $"{id} as a number has lost digits; save the column as text.");
        var options = Options(Text("final_options"), p => Error("final_options", p));
        if (QuestionLine.ProblemOf(options) is { } problem) throw Error("final_options", problem);
        var (answers, wrong) = QuestionLine.Labels(Text("final_correct_answer"), options);
        if (wrong is not null) throw Error("final_correct_answer", wrong);
        var (age, sex) = (Text("patient_age"), Text("patient_sex"));
        return new Question
        {
            Id = $"{Benchmark}-{id}",
            Stem = Stem(age, sex, Text("final_question")),
            Options = options,
            Answers = answers,
            Benchmark = Benchmark,
            Split = split,
            Kind = "diagnosis",
            Tags = new Dictionary<string, string> { ["age"] = age, ["sex"] = sex },
        };
    }

    private static List<Option> Options(string json, Func<string, QuestionFormatException> error)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("options", out var inner)) root = inner;
            if (root.ValueKind != JsonValueKind.Object) throw error("""an object of options is needed: {"options": {"A": "...", "B": "..."}}.""");
            var options = new List<Option>();
            foreach (var option in root.EnumerateObject().Take(QuestionLine.MaximumOptions + 1))
            {
                if (option.Value.ValueKind != JsonValueKind.String) throw error($"option {option.Name} must be a text, not {QuestionLine.Kind(option.Value)}.");
                options.Add(new Option(option.Name.Trim(), option.Value.GetString()!.Trim()));
            }

            return [.. options.OrderBy(o => o.Label, StringComparer.Ordinal)];
        }
        catch (JsonException e)
        {
            throw error($"not JSON ({e.Message}).");
        }
        catch (InvalidOperationException)
        {
            throw error("a text holds half of a surrogate pair, which is no character.");
        }
    }
}
