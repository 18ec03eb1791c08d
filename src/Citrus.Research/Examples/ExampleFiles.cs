using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Files of training records: examples and pairs as JSON Lines, passages as JSON Lines or plain text.</summary>
/// <remarks>
/// <para>Examples: <c>{"id":"...","source":"...","messages":[{"role":"user","content":"..."},{"role":"assistant","content":"...","segments":[{"text":"...","weight":0},{"text":"..."}]}]}</c>.
/// <c>segments</c> is there only where a message's words have different loss weights; their texts together are the content. A whole message may have a <c>weight</c> (or <c>loss_weight</c>);
/// its content may be a list of parts of text.</para>
/// <para>Pairs: <c>{"id":"...","prompt":[messages],"chosen":[{"role":"assistant","content":"..."}],"rejected":[...],"chosen_score":100,"rejected_score":0}</c>; each of the three may also be a text.</para>
/// <para>Passages: <c>{"id":"...","text":"..."}</c>, or in any file not named .jsonl paragraphs with empty lines between.</para>
/// <para>Reading what was written gives equal records. An id that is missing is <c>line N</c>. Further fields beside those named are left alone.</para>
/// </remarks>
public static class ExampleFiles
{
    private static readonly string[] Roles = ["system", "user", "assistant"];
    private static readonly string[] MessageFields = ["role", "content", "segments", "weight", "loss_weight", "name"];
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The examples of a file in file order, streaming.</summary>
    /// <exception cref="QuestionFormatException">A line cannot be read; the message names file, line and field.</exception>
    public static IEnumerable<Example> ReadExamples(string path) => QuestionLine.Read(path).Select(ExampleOf);

    internal static Example ExampleOf(QuestionLine line)
    {
        if (!line.Try("messages", out _) && line.Try("prompt", out _)) throw line.Error("messages", "this is a preference pair; examples have messages. Pairs are for preference training.");
        if (!line.Try("messages", out _)) throw line.Error("messages", $"an example has a list of messages{(line.Try("text", out _) ? "; this is a passage, which continued pre-training reads" : "")}.");
        var turns = Messages(line, "messages");
        if (turns[^1].Role != "assistant") throw line.Error("messages", $"the last message is the {turns[^1].Role}'s; it must be the assistant's, for that is what is learned.");
        if (turns.Where(t => t.Role == "assistant").All(t => t.Segments.All(s => s.Weight == 0))) throw line.Error("messages", "every weight is 0, so there is nothing to learn.");
        return new Example { Id = Id(line), Turns = turns, Source = line.TryText("source") ?? "" };
    }

    /// <summary>Writes examples; the file appears whole or not at all.</summary>
    public static void WriteExamples(string path, IEnumerable<Example> examples) => Write(path, examples, (json, e) =>
    {
        json.WriteString("id", e.Id);
        if (e.Source.Length > 0) json.WriteString("source", e.Source);
        Messages(json, "messages", e.Turns);
    });

    /// <summary>The preference pairs of a file in file order, streaming.</summary>
    /// <exception cref="QuestionFormatException">A line cannot be read; the message names file, line and field.</exception>
    public static IEnumerable<Pair> ReadPairs(string path) => QuestionLine.Read(path).Select(PairOf);

    internal static Pair PairOf(QuestionLine line)
    {
        if (!line.Try("prompt", out var prompt)) throw line.Error("prompt", "a pair has the fields prompt, chosen and rejected.");
        var turns = prompt.ValueKind == JsonValueKind.String ? [new Turn("user", line.Text("prompt"))] : Messages(line, "prompt");
        if (turns[^1].Role == "assistant") throw line.Error("prompt", "the last message is the assistant's; the answers stand in chosen and rejected.");
        var (chosen, rejected) = (Answer(line, "chosen"), Answer(line, "rejected"));
        if (chosen == rejected) throw line.Error("rejected", "the same as chosen; a pair needs two different answers.");
        return new Pair { Id = Id(line), Prompt = turns, Chosen = chosen, Rejected = rejected, ChosenScore = Number(line, "chosen_score"), RejectedScore = Number(line, "rejected_score") };
    }

    /// <summary>Writes pairs; the file appears whole or not at all.</summary>
    public static void WritePairs(string path, IEnumerable<Pair> pairs) => Write(path, pairs, (json, p) =>
    {
        json.WriteString("id", p.Id);
        Messages(json, "prompt", p.Prompt);
        Messages(json, "chosen", [new Turn("assistant", p.Chosen)]);
        Messages(json, "rejected", [new Turn("assistant", p.Rejected)]);
        if (p.ChosenScore is { } c) json.WriteNumber("chosen_score", c);
        if (p.RejectedScore is { } r) json.WriteNumber("rejected_score", r);
    });

    /// <summary>The passages of a file in file order: JSON Lines where it is named .jsonl, else paragraphs of plain text.</summary>
    /// <exception cref="QuestionFormatException">A line cannot be read; the message names file, line and field.</exception>
    public static IEnumerable<Passage> ReadPassages(string path) =>
        IsJsonLines(path) ? QuestionLine.Read(path).Select(line => new Passage(Id(line), line.Text("text"))) : Paragraphs(path);

    /// <summary>Writes passages: JSON Lines where the file is named .jsonl, else plain text with an empty line between; the file appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">A passage for plain text holds an empty line, so it would be read as two.</exception>
    public static void WritePassages(string path, IEnumerable<Passage> passages)
    {
        if (IsJsonLines(path))
        {
            Write(path, passages, (json, p) =>
            {
                json.WriteString("id", p.Id);
                json.WriteString("text", p.Text);
            });
            return;
        }

        WriteWhole(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\n" };
            var first = true;
            foreach (var passage in passages)
            {
                if (passage.Text.Split('\n').Any(string.IsNullOrWhiteSpace)) throw new ArgumentException($"Passage {passage.Id} holds an empty line, which separates passages in plain text; write a .jsonl file.");
                if (!first) writer.WriteLine();
                writer.WriteLine(passage.Text);
                first = false;
            }
        });
    }

    private static bool IsJsonLines(string path) => path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Passage> Paragraphs(string path)
    {
        if (!File.Exists(path)) throw new QuestionFormatException(path, 0, "", "no such file.");
        var (number, start) = (0, 0);
        var lines = new List<string>();
        foreach (var raw in File.ReadLines(path, new UTF8Encoding(false, throwOnInvalidBytes: false)))
        {
            number++;
            if (raw.Contains('\uFFFD', StringComparison.Ordinal)) throw new QuestionFormatException(path, number, "", "not UTF-8; save the file as UTF-8.");
            if (raw.Contains('\0', StringComparison.Ordinal)) throw new QuestionFormatException(path, number, "", "this is no text file.");
            if (!string.IsNullOrWhiteSpace(raw))
            {
                if (lines.Count == 0) start = number;
                lines.Add(raw.TrimEnd());
                continue;
            }

            if (lines.Count > 0) yield return Whole();
        }

        if (lines.Count > 0) yield return Whole();

        Passage Whole()
        {
            var passage = new Passage(string.Create(CultureInfo.InvariantCulture, $"line {start}"), string.Join('\n', lines));
            lines.Clear();
            return passage;
        }
    }

    private static string Id(QuestionLine line) => line.TryId() ?? string.Create(CultureInfo.InvariantCulture, $"line {line.Number}");

    private static double? Number(QuestionLine line, string field) => !line.Try(field, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw line.Error(field, $"a number is needed, not {QuestionLine.Kind(value)}.");

    private static string Answer(QuestionLine line, string field)
    {
        if (!line.Try(field, out var value)) throw line.Error(field, "an answer is needed: a text, or one message of the assistant.");
        if (value.ValueKind == JsonValueKind.String) return line.Text(field);
        return Messages(line, field) is [{ Role: "assistant" } only] ? only.Text : throw line.Error(field, "exactly one message, the assistant's, is needed.");
    }

    internal static List<Turn> Messages(QuestionLine line, string field)
    {
        var turns = new List<Turn>();
        foreach (var message in line.Of(field, JsonValueKind.Array).EnumerateArray())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{field}[{turns.Count}]");
            if (message.ValueKind != JsonValueKind.Object) throw line.Error(at, $"a message is needed, {{\"role\":\"user\",\"content\":\"...\"}}, not {QuestionLine.Kind(message)}.");
            if (message.EnumerateObject().FirstOrDefault(p => !MessageFields.Contains(p.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
                throw line.Error($"{at}.{unknown.Name}", $"unknown field; a message has {string.Join(", ", MessageFields)}.");
            var role = Text(line, message, "role", at);
            if (!Roles.Contains(role)) throw line.Error($"{at}.role", $"{role} is none of {string.Join(", ", Roles)}.");
            var content = Content(line, message, at);
            var weight = Weight(line, message, at) ?? Weight(line, message, at, "loss_weight") ?? 1;
            turns.Add(message.TryGetProperty("segments", out var segments) ? new Turn(role, Segments(line, segments, content, at)) : new Turn(role, [new Segment(content, weight)]));
        }

        return turns.Count > 0 ? turns : throw line.Error(field, "the list is empty; at least one message is needed.");
    }

    private static List<Segment> Segments(QuestionLine line, JsonElement list, string content, string at)
    {
        if (list.ValueKind != JsonValueKind.Array) throw line.Error($"{at}.segments", $"a list is needed, not {QuestionLine.Kind(list)}.");
        var segments = new List<Segment>();
        foreach (var segment in list.EnumerateArray())
        {
            var here = string.Create(CultureInfo.InvariantCulture, $"{at}.segments[{segments.Count}]");
            if (segment.ValueKind != JsonValueKind.Object) throw line.Error(here, $"a segment is needed, {{\"text\":\"...\",\"weight\":0}}, not {QuestionLine.Kind(segment)}.");
            segments.Add(new Segment(Text(line, segment, "text", here, mayBeBlank: true), Weight(line, segment, here) ?? 1));
        }

        return string.Concat(segments.Select(s => s.Text)) == content
            ? segments
            : throw line.Error($"{at}.segments", "the segments' texts, one after the other, are not the content; mend one of the two.");
    }

    /// <summary>A message's text, or its parts (<c>{"type":"text","text":"..."}</c>) joined.</summary>
    private static string Content(QuestionLine line, JsonElement message, string at)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array) return Text(line, message, "content", at);
        var text = new StringBuilder();
        var n = 0;
        foreach (var part in content.EnumerateArray())
        {
            var here = string.Create(CultureInfo.InvariantCulture, $"{at}.content[{n++}]");
            if (part.ValueKind != JsonValueKind.Object || (part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() != "text"))
                throw line.Error(here, "a part of text is needed, {\"type\":\"text\",\"text\":\"...\"}; pictures and tool calls are not learned here.");
            text.Append(Text(line, part, part.TryGetProperty("value", out _) ? "value" : "text", here, mayBeBlank: true));
        }

        return string.IsNullOrWhiteSpace(text.ToString()) ? throw line.Error($"{at}.content", "a text that is not blank is needed.") : text.ToString();
    }

    private static double? Weight(QuestionLine line, JsonElement of, string at, string name = "weight") => !of.TryGetProperty(name, out var weight) || weight.ValueKind == JsonValueKind.Null ? null
        : weight.ValueKind == JsonValueKind.Number && weight.TryGetDouble(out var value) && value >= 0 && double.IsFinite(value) ? value
        : throw line.Error($"{at}.{name}", "a number of 0 or above is needed: 0 is read but not learned, 1 is ordinary.");

    private static string Text(QuestionLine line, JsonElement of, string name, string at, bool mayBeBlank = false) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && (mayBeBlank || !string.IsNullOrWhiteSpace(text))
            ? text
            : throw line.Error($"{at}.{name}", "a text that is not blank is needed.");

    private static void Messages(Utf8JsonWriter json, string name, IReadOnlyList<Turn> turns)
    {
        json.WriteStartArray(name);
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn.Role);
            json.WriteString("content", turn.Text);
            if (turn.Segments is [{ Weight: not 1 } only])
            {
                json.WriteNumber("weight", only.Weight);
            }
            else if (turn.Segments.Count > 1)
            {
                json.WriteStartArray("segments");
                foreach (var segment in turn.Segments)
                {
                    json.WriteStartObject();
                    json.WriteString("text", segment.Text);
                    if (segment.Weight != 1) json.WriteNumber("weight", segment.Weight);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write<T>(string path, IEnumerable<T> records, Action<Utf8JsonWriter, T> fields) => WriteWhole(path, stream =>
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        foreach (var record in records)
        {
            bytes.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(bytes, Relaxed))
            {
                json.WriteStartObject();
                fields(json, record);
                json.WriteEndObject();
            }

            stream.Write(bytes.WrittenSpan);
            stream.WriteByte((byte)'\n');
        }
    });

    /// <summary>Writes a file that appears whole or not at all.</summary>
    internal static void WriteWhole(string path, Action<FileStream> write)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var part = path + ".part";
        try
        {
            using (var stream = File.Create(part)) write(stream);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
