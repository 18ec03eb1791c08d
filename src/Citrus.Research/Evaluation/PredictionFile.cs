using System.Globalization;
using System.Text.Json;
using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>Saved outputs, ours or somebody else's, as questions and samples to be scored. Nobody is asked.</summary>
/// <param name="Questions">The benchmark: what was given, or what the file itself asks.</param>
/// <param name="Samples">The samples with their lines (of an array, record numbers).</param>
/// <param name="Problems">Records that could not be taken as they are.</param>
/// <param name="Fields">The field map that was used, the usual names found included.</param>
public sealed record PredictionFile(
    IReadOnlyList<Question> Questions, IReadOnlyList<(int Line, Sample Sample)> Samples, IReadOnlyList<EvaluationProblem> Problems, PredictionFields Fields)
{
    /// <summary>In a field map: the question is found by its text, where ids are other than the benchmark's.</summary>
    public const string ByStem = "@question";

    /// <summary>Reads a file.</summary>
    /// <param name="path">A JSON array or JSON Lines, in UTF-8.</param>
    /// <param name="fields">Where its records have what.</param>
    /// <param name="questions">The benchmark; null takes the questions that stand in the records.</param>
    /// <param name="protocol">How they were asked: by it, records of one id are several samples, or a mistake.</param>
    /// <exception cref="FormatException">The records do not have what is needed; the message names the fields that they have.</exception>
    public static PredictionFile Read(string path, PredictionFields fields, IReadOnlyList<Question>? questions, ExamProtocol protocol)
    {
        var problems = new List<EvaluationProblem>();
        var records = PredictionRecords.Read(path, problems);
        if (records.Count == 0 && questions is null)
            throw new FormatException($"{path} holds no record{(problems.Count > 0 ? $" that can be read ({problems[0].Text})" : "")}. A JSON array, or JSON Lines with one object a line, is needed; name the benchmark with --questions to score an empty run.");
        if (records.Count == 0) return new(questions!, [], problems, fields);
        var first = records[0].Record;
        fields = fields.For(first);
        string Have() => $"The records have {string.Join(", ", first.EnumerateObject().Select(p => p.Name).Take(40))}.";
        if (fields["id"] is null) throw new FormatException($"{path}: which field is the question's id? Say so with --fields id=NAME, or id=# for the record's number. {Have()}");
        if ((protocol.ScoresOptions ? fields["scores"] : fields["output"]) is null)
            throw new FormatException($"{path}: which field is {(protocol.ScoresOptions ? "the options' likelihoods? Say so with --fields scores=NAME" : "the output? Say so with --fields output=NAME")}. {Have()}");
        if (questions is null && (fields["question"] is null || fields["options"] is null || fields["answer"] is null))
            throw new FormatException($"{path}: the questions stand neither in the records (fields question, options and answer; see --fields) nor in --questions FILE. {Have()}");

        var asked = new List<Question>(questions ?? []);
        var byId = asked.ToDictionary(q => q.Id, StringComparer.Ordinal);
        var byStem = fields["id"] == ByStem ? StemsOf(asked) : null;
        if (byStem is not null && (questions is null || fields["question"] is null)) throw new FormatException($"{path}: id={ByStem} finds a prediction's question by its text: it needs --questions FILE, and the text's field (--fields question=NAME). {Have()}");
        var samples = new List<(int, Sample)>();
        var repeats = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < records.Count; i++)
        {
            var (line, record) = records[i];
            void Tell(EvaluationProblemKind kind, string id, string text) => problems.Add(new(kind, id, line, $"line {line}: {text}"));
            if ((byStem is null ? Id(fields, record, i) : OfStem(byStem, fields, record)) is not { } id)
            {
                Tell(EvaluationProblemKind.Unreadable, "", $"there is no id in field {fields["id"]}.");
                continue;
            }

            if (questions is null && !byId.ContainsKey(id))
            {
                try
                {
                    var own = PredictionQuestion.Of(id, fields, record);
                    asked.Add(own);
                    byId.Add(id, own);
                }
                catch (FormatException error)
                {
                    Tell(EvaluationProblemKind.Unreadable, id, $"question {id}: {error.Message}");
                    continue;
                }
            }

            var question = byId.GetValueOrDefault(id);
            var repeat = repeats.GetValueOrDefault(id);
            if (question is not null && protocol.Count(question) > 1) repeats[id] = repeat + 1;
            var sample = SampleOf(id, fields, record, question, protocol, repeat);
            // Its letters mean something else; it is kept as it is, and told when it is counted.
            if (question is not null && questions is not null && PredictionQuestion.Differs(question, fields, record)) sample = sample with { Variant = OptionOrder.Other, Answers = [] };
            samples.Add((line, sample));
        }

        if (asked.Count == 0) throw new FormatException($"{path}: no question could be read; the first problem: {problems[0].Text}");
        return new(asked, samples, problems, fields);
    }

    /// <summary>Ids by stem; of two questions with one stem neither can be told.</summary>
    private static Dictionary<string, string> StemsOf(IEnumerable<Question> questions) =>
        questions.GroupBy(q => Plain(q.Stem), StringComparer.Ordinal).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First().Id, StringComparer.Ordinal);

    /// <summary>The id of the question that the record asks; where the benchmark has none, the beginning of its text, which no question has as its id.</summary>
    private static string? OfStem(Dictionary<string, string> byStem, PredictionFields fields, JsonElement record) =>
        fields.Of(record, "question") is not { ValueKind: JsonValueKind.String } text || text.GetString() is not { Length: > 0 } stem ? null
        : byStem.TryGetValue(Plain(stem), out var id) ? id : $"'{(stem.Length > 60 ? stem[..60] : stem)}'";

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static string? Id(PredictionFields fields, JsonElement record, int index) => fields["id"] == "#" ? index.ToString(CultureInfo.InvariantCulture) : fields.Of(record, "id") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 and < 1000 } id ? id : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static Sample SampleOf(string id, PredictionFields fields, JsonElement record, Question? question, ExamProtocol protocol, int repeat)
    {
        string? Text(string name) => fields.Of(record, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        double? Number(string name) => fields.Of(record, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;
        int? Count(string name) => Number(name) is >= 0 and < int.MaxValue and var value ? (int)value : null;
        // A list of outputs is that of several turns: the last counts.
        var output = fields.Of(record, "output") switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) => string.Join(", ", list.EnumerateArray().Select(e => e.GetString())),
            _ => "",
        };
        var answers = question is not null && fields["answer"] is not null ? PredictionQuestion.Answers(fields, record, question.Options) : null;
        return new Sample(id, Text("prompt") ?? "", protocol.ScoresOptions ? "" : output, Count("output_tokens"), answers ?? [], new ExtractedAnswer(ExtractionTier.None, null, null, false), false)
        {
            Benchmark = question?.Benchmark ?? "",
            Thinking = Text("thinking"),
            InputTokens = Count("input_tokens"),
            LatencyMs = Number("seconds") is { } seconds ? Math.Round(seconds * 1000, 1) : null,
            OptionScores = protocol.ScoresOptions ? Scores(fields.Of(record, "scores"), question) : null,
            Repeat = repeat,
        };
    }

    /// <summary>One number for each option; what is no number is NaN, so that it is told.</summary>
    private static IReadOnlyList<double> Scores(JsonElement? value, Question? question)
    {
        static double One(JsonElement e) => e.ValueKind switch
        {
            JsonValueKind.Number when e.TryGetDouble(out var number) => number,
            JsonValueKind.String when double.TryParse(e.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            JsonValueKind.String when e.GetString() is "-Infinity" or "-inf" => double.NegativeInfinity,
            _ => double.NaN,
        };
        return value switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Take(100).Select(One)],
            { ValueKind: JsonValueKind.Object } byLabel when question is not null => [.. question.Options.Select(o => byLabel.TryGetProperty(o.Label, out var score) ? One(score) : double.NaN)],
            _ => [],
        };
    }
}
