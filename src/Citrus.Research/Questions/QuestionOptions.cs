using System.Globalization;
using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>The options of a record in the shapes in which exams write them, and which of them are right.</summary>
internal static class QuestionOptions
{
    /// <summary>The label of the option at a place from 0: A, B and so on.</summary>
    public static string Label(int place) => ((char)('A' + place)).ToString();

    /// <summary>An object of labels and texts, <c>{"A": "...", "B": "..."}</c>, or a list of texts or of objects with <c>key</c> and <c>value</c>.</summary>
    /// <param name="padded">Whether options without a text stand for none (files in which every question has as many fields as the longest).</param>
    public static IReadOnlyList<Option> Of(QuestionLine line, string field, bool padded = false)
    {
        if (!line.Try(field, out var value)) throw line.Error(field, "the options are missing.");
        var options = value.ValueKind switch
        {
            JsonValueKind.Object => Labelled(line, field, value),
            JsonValueKind.Array => Listed(line, field, value),
            _ => throw line.Error(field, $"an object of labels and texts or a list of texts is needed, not {QuestionLine.Kind(value)}."),
        };
        return line.Checked(field, padded ? Unpadded(options) : options);
    }

    /// <summary>One field for each option; those after the last that has a text are none.</summary>
    public static IReadOnlyList<Option> Fields(QuestionLine line, params IReadOnlyList<string> fields)
    {
        var options = Unpadded([.. fields.Select((f, i) => new Option(Label(i), line.TryRaw(f) ?? ""))]);
        for (var i = 0; i < options.Count; i++)
            if (string.IsNullOrWhiteSpace(options[i].Text)) throw line.Error(fields[i], "a text that is not blank is needed, for there are options after it.");
        return options.Count >= 2 ? line.Checked(fields[0], options) : throw line.Error(fields[options.Count], "a text that is not blank is needed; a question has at least 2 options.");
    }

    /// <summary>One text, an option a line, each after its label: <c>A ...</c>, <c>A. ...</c>, <c>A、...</c> or <c>(A) ...</c>.</summary>
    public static IReadOnlyList<Option> Written(QuestionLine line, string field)
    {
        var options = new List<Option>();
        foreach (var part in line.Text(field).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (options.Count > QuestionLine.MaximumOptions) break;
            var text = part.TrimStart('(', '（');
            if (text is not [>= 'A' and <= 'Z', ..]) throw line.Error(field, $"each line is an option that begins with its label, such as \"A ...\", not \"{(part.Length > 40 ? part[..40] : part)}\".");
            options.Add(new Option(text[..1], text[1..].TrimStart('.', '、', '．', ')', '）', ':', '：', ' ', '\t', '\u3000').Trim()));
        }

        return line.Checked(field, Unpadded(options));
    }

    /// <summary>The right labels: a text such as <c>AB</c> or a list of labels.</summary>
    public static IReadOnlyList<string> Answers(QuestionLine line, string field, IReadOnlyList<Option> options)
    {
        var text = line.Try(field, out var value) && value.ValueKind == JsonValueKind.Array
            ? string.Join(',', value.EnumerateArray().Select(a => a.ValueKind == JsonValueKind.String ? a.GetString() : throw line.Error(field, $"labels are texts, not {QuestionLine.Kind(a)}.")))
            : line.Text(field);
        var (labels, problem) = QuestionLine.Labels(text, options);
        return problem is null ? labels : throw line.Error(field, problem);
    }

    /// <summary>The right option as its place.</summary>
    /// <param name="first">The number of the first option.</param>
    public static string Place(QuestionLine line, string field, IReadOnlyList<Option> options, int first)
    {
        var place = line.Integer(field) - first;
        return place >= 0 && place < options.Count ? options[place].Label
            : throw line.Error(field, string.Create(CultureInfo.InvariantCulture, $"{place + first} is no option; they are numbered {first} to {options.Count - 1 + first}."));
    }

    private static List<Option> Labelled(QuestionLine line, string field, JsonElement value)
    {
        var options = new List<Option>();
        foreach (var option in value.EnumerateObject().Take(QuestionLine.MaximumOptions + 1))
            options.Add(new Option(option.Name.Trim(), Text(line, field, option.Value, option.Name)));
        return [.. options.OrderBy(o => o.Label, StringComparer.Ordinal)];
    }

    private static List<Option> Listed(QuestionLine line, string field, JsonElement value)
    {
        var options = new List<Option>();
        foreach (var option in value.EnumerateArray().Take(QuestionLine.MaximumOptions + 1))
        {
            var label = Label(options.Count);
            if (option.ValueKind != JsonValueKind.Object) options.Add(new Option(label, Text(line, field, option, label)));
            else if (Part(option, "key", "letter", "label") is { ValueKind: JsonValueKind.String } key && Part(option, "value", "content", "text") is { } text) options.Add(new Option(key.GetString()!.Trim(), Text(line, field, text, label)));
            else throw line.Error(field, $"option {label} must be a text, or an object with key and value.");
        }

        // Some lists write the labels into the texts; then all of them do.
        return options.Count > 1 && options.All(o => o.Text.StartsWith(o.Label + ". ", StringComparison.Ordinal)) ? [.. options.Select(o => o with { Text = o.Text[3..].Trim() })] : options;
    }

    private static JsonElement? Part(JsonElement option, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (option.TryGetProperty(name, out var part)) return part;
        return null;
    }

    private static string Text(QuestionLine line, string field, JsonElement value, string label) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Null => "",
        _ => throw line.Error(field, $"option {label} must be a text, not {QuestionLine.Kind(value)}."),
    };

    private static IReadOnlyList<Option> Unpadded(IReadOnlyList<Option> options)
    {
        var count = options.Count;
        while (count > 0 && string.IsNullOrWhiteSpace(options[count - 1].Text)) count--;
        return [.. options.Take(count)];
    }
}
