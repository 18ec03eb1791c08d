using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Figures;

/// <summary>A report's data as JSON for script blocks that are not executed: an index that the list and the filters need, and chunks that are parsed when a question is opened or searched.</summary>
/// <remarks>
/// The encoder writes <c>&lt;</c>, <c>&gt;</c>, <c>&amp;</c>, quotes, control characters, U+2028 and U+2029 as escapes, so that no text can end its script block or begin a comment in it.
/// </remarks>
internal sealed class ReportData(IReadOnlyList<ReportRun> runs, IReadOnlyList<ReportRow> rows)
{
    private const int ChunkBytes = 256 << 10;
    private const int ExcerptLength = 180;
    private const int MostTagValues = 60;
    private static readonly JsonWriterOptions Safe = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The JSON of each chunk in turn, an array of rows; what <paramref name="chunk"/> is given is valid for the call.</summary>
    /// <returns>The row that each chunk begins with.</returns>
    public List<int> WriteChunks(Action<int, ReadOnlySpan<byte>> chunk)
    {
        var firsts = new List<int>();
        var bytes = new ArrayBufferWriter<byte>(ChunkBytes * 2);
        for (var row = 0; row < rows.Count;)
        {
            firsts.Add(row);
            bytes.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(bytes, Safe))
            {
                json.WriteStartArray();
                do
                {
                    Write(json, rows[row++]);
                    json.Flush();
                }
                while (row < rows.Count && bytes.WrittenCount < ChunkBytes);
                json.WriteEndArray();
            }

            chunk(firsts.Count - 1, bytes.WrittenSpan);
            // One answer of many megabytes must not keep its buffer for all chunks after it.
            if (bytes.Capacity > ChunkBytes * 16) bytes = new ArrayBufferWriter<byte>(ChunkBytes * 2);
        }

        return firsts;
    }

    /// <summary>The index: columns over rows and over samples.</summary>
    public ReadOnlyMemory<byte> Index(IReadOnlyList<int> chunks)
    {
        var benchmarks = Names(rows.Select(r => r.Question.Benchmark));
        var kinds = Names(rows.Select(r => r.Question.Kind));
        // A tag whose values are numbers, sentences or nearly all different (a ceiling, a source) groups nothing.
        var grouping = rows.SelectMany(r => r.Question.Tags).GroupBy(t => t.Key, StringComparer.Ordinal)
            .Where(g => g.Select(t => t.Value).Distinct(StringComparer.Ordinal).Take(MostTagValues + 1).Count() <= MostTagValues && g.All(IsShort)).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        bool Groups(KeyValuePair<string, string> tag) => grouping.Contains(tag.Key);
        var tags = Names(rows.SelectMany(r => r.Question.Tags.Where(Groups).Select(Tag)));
        var entries = rows.SelectMany((row, i) => row.Entries.Select(e => (Row: i, Entry: e))).ToList();
        var variants = Names(entries.Select(e => e.Entry.Sample?.Variant ?? ""));
        var bytes = new ArrayBufferWriter<byte>(1 << 20);
        using (var json = new Utf8JsonWriter(bytes, Safe))
        {
            json.WriteStartObject();
            json.WriteStartArray("runs");
            foreach (var run in runs)
            {
                json.WriteStartObject();
                json.WriteString("name", run.Name);
                json.WriteString("model", run.Model);
                json.WriteString("protocol", run.Protocol);
                json.WriteBoolean("synthesis", run.IsSynthesis);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Texts(json, "benchmarks", benchmarks);
            Texts(json, "kinds", kinds);
            Texts(json, "tags", tags);
            Texts(json, "tiers", Enum.GetNames<ExtractionTier>());
            Texts(json, "variants", variants);
            Numbers(json, "chunks", chunks.Select(c => (double?)c));
            json.WriteStartObject("rows");
            Texts(json, "id", rows.Select(r => Excerpt(r.Question.Id, 100)));
            Texts(json, "stem", rows.Select(r => Excerpt(r.Question.Stem, ExcerptLength)));
            Texts(json, "answers", rows.Select(r => string.Concat(r.Question.Answers)));
            Numbers(json, "benchmark", Places(benchmarks, rows.Select(r => r.Question.Benchmark)));
            Numbers(json, "kind", Places(kinds, rows.Select(r => r.Question.Kind)));
            json.WriteStartArray("tags");
            var place = tags.Select((t, i) => (t, i)).ToDictionary(x => x.t, x => x.i, StringComparer.Ordinal);
            foreach (var row in rows)
            {
                json.WriteStartArray();
                foreach (var tag in row.Question.Tags.Where(Groups)) json.WriteNumberValue(place[Tag(tag)]);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            // Which runs asked it, one bit a run.
            Numbers(json, "asked", rows.Select(r => (double?)r.Asked.Keys.Sum(run => 1 << run)));
            json.WriteEndObject();
            json.WriteStartObject("samples");
            Numbers(json, "row", entries.Select(e => (double?)e.Row));
            Numbers(json, "run", entries.Select(e => (double?)e.Entry.Run));
            Numbers(json, "state", entries.Select(e => (double?)(int)e.Entry.State));
            Numbers(json, "tier", entries.Select(e => (double?)(int)e.Entry.Tier));
            Numbers(json, "counts", entries.Select(e => (double?)(e.Entry.Counts ? 1 : 0)));
            Numbers(json, "tokens", entries.Select(e => e.Entry.Tokens));
            Numbers(json, "latency", entries.Select(e => e.Entry.LatencyMs is { } ms && double.IsFinite(ms) ? (double?)Math.Round(ms) : null));
            Numbers(json, "variant", Places(variants, entries.Select(e => e.Entry.Sample?.Variant ?? "")));
            Texts(json, "chosen", entries.Select(e => Excerpt(e.Entry.Chosen, 12)));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, ReportRow row)
    {
        json.WriteStartObject();
        Write(json, row.Question);
        json.WriteBoolean("known", row.IsKnown);
        var others = row.Asked.Where(a => !IsSame(a.Value, row.Question)).ToList();
        if (others.Count > 0)
        {
            json.WriteStartArray("others");
            foreach (var (run, question) in others)
            {
                json.WriteStartObject();
                json.WriteNumber("run", run);
                Write(json, question);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        // Runs of one protocol send the same prompt: it stands once.
        var prompts = row.Entries.Select(e => e.Sample?.Prompt ?? "").Where(p => p.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        Texts(json, "prompts", prompts);
        json.WriteStartArray("samples");
        foreach (var entry in row.Entries) Write(json, entry, prompts);
        json.WriteEndArray();
        if (row.Traces.Count > 0)
        {
            json.WriteStartArray("traces");
            foreach (var trace in row.Traces) JsonSerializer.Serialize(json, trace, Trace.Json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Question question)
    {
        json.WriteString("id", question.Id);
        json.WriteString("stem", question.Stem);
        json.WriteStartArray("options");
        foreach (var option in question.Options) Pair(json, option.Label, option.Text);
        json.WriteEndArray();
        Texts(json, "answers", question.Answers);
        json.WriteString("benchmark", question.Benchmark);
        json.WriteString("split", question.Split);
        json.WriteString("kind", question.Kind);
        if (question.OpenStem is { } open) json.WriteString("open", open);
        json.WriteStartArray("tags");
        foreach (var (name, value) in question.Tags) Pair(json, name, value);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ReportEntry entry, List<string> prompts)
    {
        json.WriteStartObject();
        json.WriteNumber("run", entry.Run);
        json.WriteNumber("state", (int)entry.State);
        json.WriteNumber("repeat", entry.Repeat);
        if (!entry.Counts) json.WriteBoolean("earlier", true);
        if (entry.Sample is { } sample)
        {
            json.WriteString("variant", sample.Variant);
            json.WriteString("output", sample.Output);
            // A thought that stands in the output is not written twice.
            var inOutput = sample.Thinking is { Length: > 0 } thought ? sample.Output.IndexOf(thought, StringComparison.Ordinal) : -1;
            var (start, length) = inOutput >= 0 ? (inOutput, sample.Thinking!.Length) : Thought(sample.Output);
            if (length > 0)
            {
                json.WriteStartArray("thought");
                json.WriteNumberValue(start);
                json.WriteNumberValue(length);
                json.WriteEndArray();
            }

            if (inOutput < 0 && sample.Thinking is { Length: > 0 } apart) json.WriteString("thinking", apart);
            if (sample.Messages is { } messages)
            {
                json.WriteStartArray("messages");
                foreach (var message in messages) Pair(json, message.Role, message.Text);
                json.WriteEndArray();
            }
            else if (sample.Prompt is { Length: > 0 } prompt)
            {
                json.WriteNumber("prompt", prompts.IndexOf(prompt));
            }

            Texts(json, "chosen", sample.Choice);
            json.WriteString("tier", sample.Extracted.Tier.ToString());
            if (sample.Extracted.Letter is { } letter) json.WriteString("letter", letter);
            if (sample.Extracted.Named is { } named) json.WriteString("named", named);
            json.WriteBoolean("wellFormed", sample.Extracted.IsWellFormed);
            if (sample.InputTokens is { } input) json.WriteNumber("tokensIn", input);
            if (sample.OutputTokens is { } output) json.WriteNumber("tokensOut", output);
            if (sample.LatencyMs is { } latency && double.IsFinite(latency)) json.WriteNumber("latency", latency);
            if (sample.OptionScores is { } scores) Numbers(json, "scores", scores.Select(s => double.IsFinite(s) ? (double?)s : null));
        }

        if (entry.Trace is { } trace)
        {
            json.WritePropertyName("trace");
            JsonSerializer.Serialize(json, trace, Trace.Json);
        }

        if (entry.Verdict is { } verdict)
        {
            json.WriteStartObject("verdict");
            json.WriteBoolean("kept", verdict.Kept);
            json.WriteString("reason", verdict.Reason);
            json.WriteString("by", verdict.By);
            if (verdict.Said is { } said) json.WriteString("said", said);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static (int Start, int Length) Thought(string output)
    {
        if (!output.Contains(ThinkText.OpenTag, StringComparison.Ordinal) && !output.Contains(ThinkText.CloseTag, StringComparison.Ordinal)) return (0, 0);
        var thought = ThinkText.Split(output).Thought;
        var start = thought.Length == 0 ? -1 : output.IndexOf(thought, StringComparison.Ordinal);
        return start < 0 ? (0, 0) : (start, thought.Length);
    }

    private static bool IsSame(Question a, Question b) =>
        ReferenceEquals(a, b) || (a.Stem == b.Stem && a.Options.SequenceEqual(b.Options) && a.Answers.SequenceEqual(b.Answers, StringComparer.Ordinal));

    private static void Pair(Utf8JsonWriter json, string first, string second)
    {
        json.WriteStartArray();
        json.WriteStringValue(first);
        json.WriteStringValue(second);
        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double?> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            if (number is { } value) json.WriteNumberValue(value);
            else json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    private static List<string> Names(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<double?> Places(List<string> names, IEnumerable<string> values)
    {
        var place = names.Select((n, i) => (n, i)).ToDictionary(x => x.n, x => x.i, StringComparer.Ordinal);
        return values.Select(v => (double?)place[v]);
    }

    private static bool IsShort(KeyValuePair<string, string> tag) =>
        tag.Value.Length is > 0 and <= 60 && !(tag.Value.Length > 2 && double.TryParse(tag.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static string Tag(KeyValuePair<string, string> tag) => $"{tag.Key} = {tag.Value}";

    private static string Excerpt(string text, int length)
    {
        var cut = text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
        return cut.ReplaceLineEndings(" ");
    }
}
