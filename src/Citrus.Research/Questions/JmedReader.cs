using System.Globalization;
using System.Text.Json;
using MiniExcelLibs;

namespace Citrus.Research.Questions;

/// <summary>
/// JMED as published: an .xlsx of one question a row, drawn from real consultations, in Chinese, with up to 21 options. Read are the columns <c>diagId</c>, <c>patient_age</c>,
/// <c>patient_sex</c>, <c>final_question</c>, <c>final_options</c> (<c>{"options": {"A": "...", ...}}</c>) and <c>final_correct_answer</c> (<c>['A']</c>).
/// </summary>
public static class JmedReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "jmed";

    private const int MaximumCell = 1 << 20;

    private static readonly string[] Needed = ["diagId", "patient_age", "patient_sex", "final_question", "final_options", "final_correct_answer"];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <returns>Ids are <c>jmed-diagId</c>; the stem tells age, sex and the case with what is asked; the tags are <c>age</c> and <c>sex</c>.</returns>
    /// <exception cref="QuestionFormatException">The file is no workbook, larger than <see cref="SpreadsheetBounds"/> allows, lacks a column, or a row cannot be read.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        using var stream = SpreadsheetBounds.Open(path);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 1;
        foreach (var cells in Rows(path, stream))
        {
            if (number++ == 1 && Needed.FirstOrDefault(n => !cells.ContainsKey(n)) is { } missing)
                throw new QuestionFormatException(path, 1, missing, $"there is no such column; the first row must name {string.Join(", ", Needed)}. Here are {string.Join(", ", cells.Keys.Take(30))}.");
            if (cells.Values.All(v => v is null or "")) continue;
            var question = Question(path, number, cells, split);
            if (!seen.TryAdd(question.Id, number)) throw new QuestionFormatException(path, number, "diagId", $"{question.Id} was already in row {seen[question.Id]}; ids are unique.");
            yield return question;
        }

        if (number == 1) throw new QuestionFormatException(path, 0, "", $"the first sheet has no row below the names of its columns, which must be {string.Join(", ", Needed)}.");
    }

    /// <summary>The text that is asked about: age and sex on lines of their own, in the question's language, then the question; what is empty is left out.</summary>
    public static string Stem(string age, string sex, string question)
    {
        var chinese = QuestionLanguage.Of(question) == QuestionLanguage.Chinese;
        return (age.Length > 0 ? $"{(chinese ? "患者年龄：" : "Age: ")}{age}\n" : "") + (sex.Length > 0 ? $"{(chinese ? "患者性别：" : "Sex: ")}{sex}\n" : "") + question;
    }

    private static Question Question(string path, int row, IDictionary<string, object?> cells, string split)
    {
        QuestionFormatException Error(string column, string problem) => new(path, row, column, problem);
        string Text(string column) => Cell(cells[column]) is { } text && !string.IsNullOrWhiteSpace(text)
            ? text.Length <= MaximumCell ? text.Trim() : throw Error(column, "the cell is longer than a million characters.")
            : throw Error(column, "a text that is not blank is needed.");

        // A spreadsheet keeps 15 digits of a number, and shows the rest as an exponent or as zeros.
        if (Text("diagId") is var id && double.TryParse(id, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && (id.Contains('E', StringComparison.OrdinalIgnoreCase) || (cells["diagId"] is double && Math.Abs(n) > 1L << 53)))
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

    private static string? Cell(object? value) => value switch
    {
        null => null,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static IEnumerable<IDictionary<string, object?>> Rows(string path, Stream stream)
    {
        using var rows = Opened(path, stream);
        while (true)
        {
            IDictionary<string, object?> row;
            try
            {
                if (!rows.MoveNext()) yield break;
                row = rows.Current;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw Broken(path, e);
            }

            yield return row;
        }
    }

    private static IEnumerator<IDictionary<string, object?>> Opened(string path, Stream stream)
    {
        try
        {
            return MiniExcel.Query(stream, useHeaderRow: true, excelType: ExcelType.XLSX).Cast<IDictionary<string, object?>>().GetEnumerator();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Broken(path, e);
        }
    }

    private static QuestionFormatException Broken(string path, Exception e) =>
        new(path, 0, "", $"the workbook cannot be read ({e.Message.ReplaceLineEndings(" ")}); open it in a spreadsheet program and save it as .xlsx anew.", e);
}
