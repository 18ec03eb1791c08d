using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>One JSON object of a JSON Lines file of questions or training records, with errors that name file, line and field.</summary>
internal sealed class QuestionLine
{
    private static readonly JsonDocumentOptions Unambiguous = new() { AllowDuplicateProperties = false };

    /// <summary>Bytes in a line; the longest published question has some ten thousand.</summary>
    public const int MaximumBytes = 4 << 20;

    /// <summary>As many as there are letters to label them.</summary>
    public const int MaximumOptions = 26;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    private readonly JsonElement _root;

    private QuestionLine(string file, int number, int ordinal, string? key, JsonElement root) => (File, Number, Ordinal, Key, _root) = (file, number, ordinal, key, root);

    public string File { get; }

    /// <summary>The line on which the record begins, from 1.</summary>
    public int Number { get; }

    /// <summary>What numbers the record where it has no id: its line in JSON Lines, which are one record each, else its place among the records, from 1.</summary>
    public int Ordinal { get; }

    /// <summary>The name under which the record stands in an object of records; null where it stands in a list.</summary>
    public string? Key { get; }

    /// <summary>An id for a record that has none: benchmark, split and number.</summary>
    public string NumberedId(string benchmark, string split) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{benchmark}{(split.Length > 0 ? "-" + split : "")}-{Ordinal:D5}");

    /// <summary>The lines of a file that are not blank, streaming; a byte order mark and CRLF are tolerated.</summary>
    public static IEnumerable<QuestionLine> Read(string path) => Read(path, () => OpenRead(path), notNumbers: false);

    /// <summary>The lines of a text that are not blank, streaming.</summary>
    /// <param name="path">What to call the text in an error.</param>
    /// <param name="notNumbers">Whether <c>NaN</c> stands for null, as pandas writes an empty cell, though it is no JSON.</param>
    public static IEnumerable<QuestionLine> Read(string path, Func<Stream> open, bool notNumbers)
    {
        using var stream = open();
        foreach (var (bytes, number, _) in ByteLines.Read(stream, MaximumBytes, at => new QuestionFormatException(path, at, "", $"the line is longer than {MaximumBytes >> 20} MiB; is this JSON Lines, one record a line?")))
            if (Parse(path, number, bytes.Span, notNumbers) is { } line) yield return line;
    }

    /// <summary>The object in one line of text.</summary>
    public static QuestionLine Parse(string file, int number, string json) =>
        Parse(file, number, Encoding.UTF8.GetBytes(json), notNumbers: false) ?? throw new QuestionFormatException(file, number, "", "the line is empty; a record is one JSON object.");

    /// <summary>One row of a table, or one column of a file that is written column by column, as a record of texts; blank ones are left out.</summary>
    public static QuestionLine Of(string file, int number, int ordinal, string? key, IEnumerable<(string Name, string Text)> fields)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (name, text) in fields)
                if (!string.IsNullOrWhiteSpace(text)) json.WriteString(name, text);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(bytes.WrittenMemory, Unambiguous);
        return new QuestionLine(file, number, ordinal, key, document.RootElement.Clone());
    }

    public IEnumerable<string> Fields => _root.EnumerateObject().Select(p => p.Name);

    public QuestionFormatException Error(string field, string problem) => new(File, Number, field, problem);

    /// <summary>A text that must be there and not blank.</summary>
    public string Text(string field) =>
        TryText(field) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Error(field, "a text that is not blank is needed.");

    /// <summary>A text that may be absent or null.</summary>
    public string? TryText(string field) => !Try(field, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Error(field, $"a text is needed, not {Kind(value)}.");

    /// <summary>The field <c>id</c> as a text, a number written out; null where it is absent or blank.</summary>
    public string? TryId() => !Try("id", out var id) ? null
        : id.ValueKind == JsonValueKind.Number ? id.GetRawText()
        : TryText("id") is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>A whole number, also where it is written as a text or with a decimal point (<c>2.0</c>).</summary>
    public int Integer(string field)
    {
        if (!Try(field, out var value)) throw Error(field, "a whole number is needed.");
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(field).Trim();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= int.MinValue and <= int.MaxValue && number == Math.Floor(number)
            ? (int)number
            : throw Error(field, $"a whole number is needed, not \"{(text.Length > 40 ? text[..40] : text)}\".");
    }

    /// <summary>A text or a number as text; null where the field is absent, null or blank.</summary>
    public string? TryWord(string field) => TryRaw(field)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A text as it stands, or a number as text; null where the field is absent or null.</summary>
    public string? TryRaw(string field) => Try(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TryText(field);

    public bool Try(string field, out JsonElement value) => _root.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;

    public JsonElement Of(string field, JsonValueKind kind) =>
        Try(field, out var value) && value.ValueKind == kind ? value : throw Error(field, $"{Kind(kind)} is needed{(Try(field, out value) ? ", not " + Kind(value) : "")}.");

    /// <summary>Refuses options that cannot be told apart or named.</summary>
    public IReadOnlyList<Option> Checked(string field, IReadOnlyList<Option> options) => ProblemOf(options) is { } problem ? throw Error(field, problem) : options;

    /// <summary>What keeps options from being told apart or named; null where nothing does.</summary>
    public static string? ProblemOf(IReadOnlyList<Option> options)
    {
        if (options.Count is < 2 or > MaximumOptions) return $"{options.Count} options; a question has 2 to {MaximumOptions}.";
        foreach (var option in options)
        {
            if (string.IsNullOrWhiteSpace(option.Label)) return "an option has no label; labels are letters such as A.";
            if (option.Label is not [>= 'A' and <= 'Z']) return $"the label {option.Label} cannot be found in an answer; labels are single letters from A to Z.";
            if (string.IsNullOrWhiteSpace(option.Text)) return $"option {option.Label} has no text.";
        }

        return options.GroupBy(o => o.Label, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"the label {twice.Key} is there twice." : null;
    }

    /// <summary>
    /// The labels in a text of several, e.g. <c>AB</c>, <c>A, B</c> or <c>['A', 'B']</c>.
    /// </summary>
    /// <returns>The labels in the order given, and what is wrong with them, or null.</returns>
    public static (IReadOnlyList<string> Labels, string? Problem) Labels(string text, IReadOnlyList<Option> options)
    {
        var labels = new List<string>();
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || c is ',' or '\'' or '"' or '[' or ']' or ';' or '、' or '，') continue;
            var label = c.ToString();
            if (options.All(o => o.Label != label)) return ([], $"{label} is no option; the options are {string.Join(", ", options.Select(o => o.Label))}.");
            if (labels.Contains(label)) return ([], $"{label} is there twice.");
            labels.Add(label);
        }

        return labels.Count > 0 ? (labels, null) : ([], "at least one label is needed, e.g. A.");
    }

    public static string Kind(JsonElement value) => Kind(value.ValueKind);

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    /// <summary>Reads every text once, which throws where an escape is no character.</summary>
    private static void CheckSurrogates(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
    }

    private static byte[] WithoutNotNumbers(ReadOnlySpan<byte> line)
    {
        var bytes = new ArrayBufferWriter<byte>(line.Length + 64);
        var (quoted, escaped) = (false, false);
        for (var i = 0; i < line.Length; i++)
        {
            if (!quoted && line[i..].StartsWith("NaN"u8))
            {
                bytes.Write("null"u8);
                i += 2;
                continue;
            }

            if (line[i] == '"' && !escaped) quoted = !quoted;
            escaped = quoted && !escaped && line[i] == '\\';
            bytes.Write(line.Slice(i, 1));
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static FileStream OpenRead(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new QuestionFormatException(path, 0, "", "no such file.", e);
        }
    }

    /// <summary>The object in the bytes of a record that is no line of its own.</summary>
    public static QuestionLine Parse(string file, int number, ReadOnlySpan<byte> record, int ordinal, string? key) =>
        Parse(file, number, record, notNumbers: true) is { } line ? new QuestionLine(file, number, ordinal, key, line._root) : throw new QuestionFormatException(file, number, "", "the record is empty.");

    private static QuestionLine? Parse(string path, int number, ReadOnlySpan<byte> line, bool notNumbers)
    {
        if (line.Length > MaximumBytes) throw new QuestionFormatException(path, number, "", $"the line is longer than {MaximumBytes >> 20} MiB.");
        if (number == 1 && line.StartsWith(ByteOrderMark)) line = line[3..];
        if (line.Trim(" \t\r"u8).IsEmpty) return null;
        try
        {
            if (notNumbers && line.IndexOf("NaN"u8) >= 0) line = WithoutNotNumbers(line);
            if (line.IndexOf("\\ud"u8) >= 0 || line.IndexOf("\\uD"u8) >= 0) CheckSurrogates(line);
            using var document = JsonDocument.Parse(Strict.GetString(line), Unambiguous);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new QuestionLine(path, number, number, null, document.RootElement.Clone())
                : throw new QuestionFormatException(path, number, "", $"a JSON object is needed, not {Kind(document.RootElement)}.");
        }
        catch (JsonException e)
        {
            throw new QuestionFormatException(path, number, "", $"not JSON ({e.Message}); a record is one JSON object on one line.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new QuestionFormatException(path, number, "", "a text holds half of a surrogate pair (\\ud800 to \\udfff), which is no character.", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new QuestionFormatException(path, number, "", "not UTF-8; save the file as UTF-8.", e);
        }
    }
}
