using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>Our own JSON Lines of questions: every field of <see cref="Question"/> under its name in lower case.</summary>
/// <remarks>
/// <c>{"id":"q1","stem":"...","options":[{"label":"A","text":"..."},...],"answers":["A"],"benchmark":"...","split":"...","kind":"...","open":"...","tags":{"unseen":"true"}}</c>;
/// the first four must be there, the others may be left out. Reading what was written gives equal questions, and writing them again equal bytes.
/// </remarks>
public static class UnifiedQuestions
{
    private static readonly string[] Known = ["id", "stem", "options", "answers", "benchmark", "split", "kind", "open", "tags"];
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <exception cref="QuestionFormatException">A line cannot be read, or an id comes twice within its benchmark and split.</exception>
    public static IEnumerable<Question> Read(string path)
    {
        var seen = new Dictionary<(string, string, string), int>();
        foreach (var line in QuestionLine.Read(path))
        {
            var question = Question(line);
            if (!seen.TryAdd((question.Benchmark, question.Split, question.Id), line.Number))
                throw line.Error("id", $"{question.Id} was already in line {seen[(question.Benchmark, question.Split, question.Id)]}; ids are unique within benchmark and split.");
            yield return question;
        }
    }

    /// <summary>Writes a file of questions; it appears whole or not at all.</summary>
    public static void Write(string path, IEnumerable<Question> questions)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var part = path + ".part";
        try
        {
            using (var stream = File.Create(part))
            {
                foreach (var question in questions)
                {
                    stream.Write(Bytes(question));
                    stream.WriteByte((byte)'\n');
                }
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>One question as one line of JSON, without a line end.</summary>
    public static string ToJson(Question question) => Encoding.UTF8.GetString(Bytes(question));

    /// <summary>The question in one line of JSON.</summary>
    /// <param name="source">What to call the place in an error.</param>
    public static Question FromJson(string json, string source = "text", int line = 1) => Question(QuestionLine.Parse(source, line, json));

    private static ReadOnlySpan<byte> Bytes(Question question)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("id", question.Id);
            json.WriteString("stem", question.Stem);
            json.WriteStartArray("options");
            foreach (var option in question.Options)
            {
                json.WriteStartObject();
                json.WriteString("label", option.Label);
                json.WriteString("text", option.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("answers");
            foreach (var answer in question.Answers) json.WriteStringValue(answer);
            json.WriteEndArray();
            if (question.Benchmark.Length > 0) json.WriteString("benchmark", question.Benchmark);
            if (question.Split.Length > 0) json.WriteString("split", question.Split);
            if (question.Kind.Length > 0) json.WriteString("kind", question.Kind);
            if (question.OpenStem is { } open) json.WriteString("open", open);
            if (question.Tags.Count > 0)
            {
                json.WriteStartObject("tags");
                foreach (var (name, value) in question.Tags.OrderBy(t => t.Key, StringComparer.Ordinal)) json.WriteString(name, value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return bytes.WrittenSpan;
    }

    private static Question Question(QuestionLine line)
    {
        if (line.Fields.FirstOrDefault(f => !Known.Contains(f)) is { } unknown)
            throw line.Error(unknown, $"unknown field; the fields are {string.Join(", ", Known)}. Facts of your own go into tags.");
        var options = line.Checked("options", Options(line));
        var answers = new List<string>();
        foreach (var answer in line.Of("answers", JsonValueKind.Array).EnumerateArray())
        {
            var label = answer.ValueKind == JsonValueKind.String ? answer.GetString()! : throw line.Error("answers", $"labels are texts, not {QuestionLine.Kind(answer)}.");
            if (options.All(o => o.Label != label)) throw line.Error("answers", $"{label} is no option; the options are {string.Join(", ", options.Select(o => o.Label))}.");
            if (answers.Contains(label)) throw line.Error("answers", $"{label} is there twice.");
            answers.Add(label);
        }

        if (answers.Count == 0) throw line.Error("answers", "at least one label is needed, e.g. [\"A\"].");
        return new Question
        {
            Id = line.Text("id"),
            Stem = line.Text("stem"),
            Options = options,
            Answers = answers,
            Benchmark = line.TryText("benchmark") ?? "",
            Split = line.TryText("split") ?? "",
            Kind = line.TryText("kind") ?? "",
            OpenStem = line.TryText("open") is { } open ? string.IsNullOrWhiteSpace(open) ? throw line.Error("open", "the open-ended stem is blank; leave the field out.") : open : null,
            Tags = Tags(line),
        };
    }

    private static List<Option> Options(QuestionLine line)
    {
        var options = new List<Option>();
        foreach (var option in line.Of("options", JsonValueKind.Array).EnumerateArray())
        {
            string Part(string name) => option.ValueKind == JsonValueKind.Object && option.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw line.Error("options", $"option {options.Count + 1} needs a text {name}: {{\"label\":\"A\",\"text\":\"...\"}}.");
            options.Add(new Option(Part("label"), Part("text")));
        }

        return options;
    }

    private static SortedDictionary<string, string> Tags(QuestionLine line)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!line.Try("tags", out _)) return tags;
        foreach (var tag in line.Of("tags", JsonValueKind.Object).EnumerateObject())
        {
            if (tag.Value.ValueKind != JsonValueKind.String) throw line.Error("tags", $"tag {tag.Name} must be a text, not {QuestionLine.Kind(tag.Value)}.");
            if (!tags.TryAdd(tag.Name, tag.Value.GetString()!)) throw line.Error("tags", $"tag {tag.Name} is there twice.");
        }

        return tags;
    }
}
