using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Clinic;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Examples;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary>What consultations came to: the files made of them, and the card that says what is in those.</summary>
internal sealed class DialogueCard
{
    private readonly Dialogues.Request _request;
    private readonly List<(ConsultationCase Case, Consultation Led)> _led;
    private readonly List<ConsultationVerdict> _verdicts = [];
    private readonly List<Example> _chats = [];
    private readonly List<(Question Question, ConsultationCase Case, Consultation Led)> _questions = [];
    private readonly SortedDictionary<string, int> _noChat = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _noQuestion = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<ConsultationProblem> _problems;
    private readonly JsonObject _card;

    public DialogueCard(Dialogues.Request request, Knowledge knowledge, IReadOnlyList<ConsultationCase> cases, IReadOnlyList<Consultation?> results, IReadOnlyList<ConsultationProblem> problems, int leftOut)
    {
        (_request, _problems) = (request, problems);
        _led = [.. cases.Zip(results).Where(x => x.Second is { Unusable: null }).Select(x => (x.First, x.Second!))];
        var check = new ConsultationCheck(knowledge);
        var records = new ConsultationRecords(cases, request.Records);
        foreach (var (of, led) in _led)
        {
            var verdict = of.Simulated is null ? null : check.Of(of, led);
            if (verdict is not null) _verdicts.Add(verdict);
            var right = of.Truth.Count == 0 || (verdict?.IsTruth ?? ConsultationCheck.SameName(led.Diagnosis!, of.Truth));
            if (right || request.KeepAll) _chats.Add(ConsultationRecords.Chat(of, led));
            else _noChat["another diagnosis than the case's"] = _noChat.GetValueOrDefault("another diagnosis than the case's") + 1;
            var (question, reason) = records.Record(of, led);
            if (question is null) _noQuestion[reason] = _noQuestion.GetValueOrDefault(reason) + 1;
            else _questions.Add((verdict is null ? question : question with { Tags = Tagged(question.Tags, verdict) }, of, led));
        }

        _card = Card(cases.Count, leftOut, results.Where(r => r is not null).Select(r => r!).ToList());
    }

    /// <summary>The fields of the verb's last line.</summary>
    public IReadOnlyDictionary<string, object?> Figures => _card.Where(f => f.Key is "cases" or "consultations" or "problems" or "chats" or "questions" or "posterior" or "tokensIn" or "tokensOut" or "cost").ToDictionary(f => f.Key, f => (object?)f.Value?.DeepClone());

    /// <summary>Writes chats, questions, problems and the card.</summary>
    /// <returns>The paths written.</returns>
    public IReadOnlyList<string> Write()
    {
        string At(string name) => Path.Combine(_request.Out, name);
        ExampleFiles.WriteExamples(At("chat.jsonl"), _chats);
        UnifiedQuestions.Write(At("jmed.jsonl"), _questions.Select(q => q.Question));
        JmedWriter.Write(At("jmed.xlsx"), _questions.Select(q =>
        {
            var chinese = q.Case.Language == QuestionLanguage.Chinese;
            var turns = q.Led.Turns.Select(t => (t.Doctor, t.Text)).Prepend((false, q.Led.Complaint));
            var stem = q.Question.Stem;
            var from = stem.LastIndexOf('\n') + 1;
            return (q.Case.Id, q.Case.Age, q.Case.Sex, q.Led.Complaint, Experts.DialogueText.Write(turns, chinese), q.Led.Summary!, stem[from..], q.Question.Options, q.Question.Answers);
        }));
        RunStore.WriteAtomically(At("problems.jsonl"), string.Concat(_problems.Select(p => JsonSerializer.Serialize(p, StepHash.Json) + "\n")));
        var files = new JsonObject();
        foreach (var name in (string[])["chat.jsonl", "jmed.jsonl", "jmed.xlsx", "problems.jsonl"]) files[name] = Inputs.Sha256(At(name));
        _card["sha256"] = files;
        RunStore.WriteAtomically(At("card.json"), _card.ToJsonString(new JsonSerializerOptions(StepHash.Json) { WriteIndented = true }) + "\n");
        RunStore.WriteAtomically(At("card.md"), Markdown());
        return [At("consultations.jsonl"), At("chat.jsonl"), At("jmed.jsonl"), At("jmed.xlsx"), At("problems.jsonl"), At("card.json"), At("card.md")];
    }

    /// <summary>Tells people.</summary>
    public void Say()
    {
        Verb.Say($"Doctor {_request.Doctor}, patient {_request.Patient}: {Inputs.N(_led.Count)} of {Inputs.N((int)_card["cases"]!)} cases gave a consultation; {Inputs.N(_chats.Count)} chat examples, {Inputs.N(_questions.Count)} questions");
        foreach (var group in _problems.GroupBy(p => p.Cause).OrderByDescending(g => g.Count()).Take(5)) Verb.Say($"  {Inputs.N(group.Count()),7}  {group.Key}");
        foreach (var (reason, n) in _noChat) Verb.Say($"  {Inputs.N(n),7}  no chat: {reason}");
        foreach (var (reason, n) in _noQuestion) Verb.Say($"  {Inputs.N(n),7}  no question: {reason}");
        foreach (var line in Lines()) Verb.Say("  " + line);
        if (_led.Count == 0) throw new StudyException($"No consultation could be used; why is in {Path.Combine(_request.Out, "problems.jsonl")}.");
        Verb.Say("");
        Verb.Say(string.Join('\n', ConsultationRecords.Chat(_led[0].Case, _led[0].Led).Turns.Select(t => $"  {(t.Role == "user" ? "Patient" : "Doctor")}: {t.Text}")));
    }

    private static SortedDictionary<string, string> Tagged(IReadOnlyDictionary<string, string> tags, ConsultationVerdict verdict) => new(tags.ToDictionary(), StringComparer.Ordinal)
    {
        ["supported"] = verdict.BestIsTruth ? "true" : "false",
    };

    private JsonObject Card(int cases, int leftOut, List<Consultation> all)
    {
        var card = new JsonObject
        {
            ["licence"] = _request.Licence,
            ["source"] = File.Exists(_request.Cases) ? Path.GetFileName(_request.Cases) : _request.Cases,
            ["sourceSha256"] = File.Exists(_request.Cases) ? Inputs.Sha256(_request.Cases) : null,
            ["doctor"] = _request.Doctor,
            ["patient"] = _request.Patient,
            ["options"] = Node(_request.Protocol.Options),
            ["records"] = Node(_request.Records),
            ["prompts"] = Node(_request.Protocol.PromptHashes),
            ["cases"] = cases,
            ["questionsLeftOut"] = leftOut,
            ["consultations"] = _led.Count,
            ["problems"] = Node(new { count = _problems.Count, byCause = Counts(_problems.Select(p => p.Fault ?? p.Cause)) }),
            ["chats"] = _chats.Count,
            ["noChat"] = Node(_noChat),
            ["questions"] = _questions.Count,
            ["noQuestion"] = Node(_noQuestion),
            ["noneOfTheAbove"] = _questions.Count(q => q.Question.Tags["none"] == "true"),
            ["languages"] = Node(Counts(_led.Select(l => l.Case.Language))),
            ["departments"] = Node(Counts(_led.Select(l => l.Case.Department).Where(d => d.Length > 0))),
            ["questionsAsked"] = Node(Counts(_led.Select(l => l.Led.Asked.ToString("D2", null)))),
            ["answerLabels"] = Node(Counts(_questions.SelectMany(q => q.Question.Answers))),
            ["optionCounts"] = Node(Counts(_questions.Select(q => q.Question.Options.Count.ToString("D2", null)))),
            ["calls"] = all.Sum(c => (long)c.Calls),
            ["repaired"] = all.Sum(c => (long)c.Repaired),
            ["retried"] = all.Sum(c => (long)c.Retried),
            ["tokensIn"] = all.Aggregate((long?)0, (sum, c) => sum + c.TokensIn),
            ["tokensOut"] = all.Aggregate((long?)0, (sum, c) => sum + c.TokensOut),
            ["cost"] = all.Aggregate((double?)0, (sum, c) => sum + c.Cost),
            ["diagnosisIsTheCases"] = Rated(_led.Count(l => l.Case.Truth.Count > 0 && l.Case.Simulated is null && ConsultationCheck.SameName(l.Led.Diagnosis!, l.Case.Truth)), _led.Count(l => l.Case.Truth.Count > 0 && l.Case.Simulated is null)),
        };
        if (_verdicts.Count == 0) return card;
        var n = _verdicts.Count;
        card["posterior"] = new JsonObject
        {
            ["consultations"] = n,
            ["diagnosisIsBest"] = Rated(_verdicts.Count(v => v.IsBest), n),
            ["diagnosisIsTruth"] = Rated(_verdicts.Count(v => v.IsTruth), n),
            ["bestIsTruth"] = Rated(_verdicts.Count(v => v.BestIsTruth), n),
            ["meanCertainty"] = Math.Round(_verdicts.Average(v => v.Certainty), 4),
            ["allFindingsIsTruth"] = Rated(_verdicts.Count(v => v.CeilingIsTruth), n),
            ["ceiling"] = Math.Round(_verdicts.Average(v => v.Ceiling), 4),
            ["meanQuestions"] = Mean([.. _led.Where(l => l.Case.Simulated is not null).Select(l => (double)l.Led.Asked)]),
            ["patientStatements"] = _verdicts.Sum(v => v.Statements),
            ["patientStatementsTrue"] = _verdicts.Sum(v => v.TrueStatements),
            ["patientTellsNothing"] = _verdicts.Sum(v => v.EmptyAnswers),
            // A consultation that has ended keeps its last entropy, so that every mean is over all of them.
            ["meanEntropyAfter"] = Node(Enumerable.Range(0, _verdicts.Max(v => v.Entropies.Count)).Select(i => Math.Round(_verdicts.Average(v => v.Entropies[Math.Min(i, v.Entropies.Count - 1)]), 4))),
        };
        return card;
    }

    private IEnumerable<string> Lines()
    {
        if (_card["posterior"] is JsonObject p)
        {
            yield return $"diagnosis is the exact posterior's best given what came up: {Told(p["diagnosisIsBest"]!)}";
            yield return $"diagnosis is what the patient has: {Told(p["diagnosisIsTruth"]!)}; the posterior's best would be: {Told(p["bestIsTruth"]!)} (mean certainty {Inputs.F((double)p["meanCertainty"]!)})";
            yield return $"with all that the patient knows it would be: {Told(p["allFindingsIsTruth"]!)} (ceiling {Inputs.F((double)p["ceiling"]!)})";
            yield return $"{Inputs.F((double)p["meanQuestions"]!["mean"]!, 2)} [{Inputs.F((double)p["meanQuestions"]!["low"]!, 2)}, {Inputs.F((double)p["meanQuestions"]!["high"]!, 2)}] questions a consultation; of {Inputs.N((int)p["patientStatements"]!)} statements of the patients {Inputs.N((int)p["patientStatementsTrue"]!)} are true of their cases; {Inputs.N((int)p["patientTellsNothing"]!)} answers told nothing";
            yield return $"mean entropy after the complaint and after each answer (nats): {string.Join(' ', p["meanEntropyAfter"]!.AsArray().Select(x => Inputs.F((double)x!, 2)))}";
        }

        if (_card["diagnosisIsTheCases"] is JsonObject named) yield return $"diagnosis is the case's by name: {Told(named)}";
        yield return $"{Inputs.N((long)_card["calls"]!)} calls; {(_card["tokensIn"] is { } tokensIn && _card["tokensOut"] is { } tokensOut ? $"{Inputs.N((long)tokensIn)} tokens in, {Inputs.N((long)tokensOut)} out" : "tokens not reported")}; cost {(_card["cost"] is { } cost ? Inputs.F((double)cost, 2) + " USD" : "unknown")}";
    }

    private string Markdown()
    {
        var text = new StringBuilder("# Consultations\n\n");
        void Row(string name, object? value) => text.Append("- ").Append(name).Append(": ").Append(value).Append('\n');
        Row("cases", $"{_card["source"]}, {_card["cases"]} of them, {_led.Count} led to an end");
        Row("doctor", $"`{_request.Doctor}`");
        Row("patient", $"`{_request.Patient}`");
        Row("licence", _request.Licence);
        foreach (var line in Lines()) text.Append("- ").Append(line).Append('\n');
        Row("chat.jsonl", $"{_chats.Count} examples; the doctor is the assistant, whose words are learned{(_request.KeepAll ? "" : "; only consultations that came to the case's diagnosis")}");
        Row("jmed.jsonl, jmed.xlsx", $"{_questions.Count} questions of up to {_request.Records.Options} options, \"none of the above\" last and right in {_card["noneOfTheAbove"]}");
        foreach (var (title, field) in new[] { ("Problems", "problems"), ("Left out of the chats", "noChat"), ("Left out of the questions", "noQuestion"), ("Questions asked", "questionsAsked"), ("Departments", "departments"), ("Languages", "languages"), ("Right labels", "answerLabels"), ("Prompts (SHA-256)", "prompts"), ("Files (SHA-256)", "sha256") })
        {
            if ((field == "problems" ? _card[field]!["byCause"] : _card[field]) is not JsonObject { Count: > 0 } table) continue;
            text.Append($"\n## {title}\n\n| | |\n|---|---|\n");
            foreach (var (name, value) in table) text.Append("| ").Append(name.Replace("|", "\\|", StringComparison.Ordinal)).Append(" | ").Append(value).Append(" |\n");
        }

        return text.ToString();
    }

    private static string Told(JsonNode rate) => $"{Inputs.F((double)rate["share"]!)} [{Inputs.F((double)rate["low"]!)}, {Inputs.F((double)rate["high"]!)}] of {rate["n"]}";

    /// <summary>A share with Wilson's 95% interval; null of nothing.</summary>
    private static JsonObject? Rated(int count, int n)
    {
        if (n == 0) return null;
        var rate = new Rate(count, n);
        return new JsonObject { ["count"] = count, ["n"] = n, ["share"] = Math.Round(rate.Fraction, 4), ["low"] = Math.Round(rate.Interval.Low, 4), ["high"] = Math.Round(rate.Interval.High, 4) };
    }

    /// <summary>A mean with its 95% interval, by the standard error.</summary>
    private static JsonObject Mean(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var half = values.Count < 2 ? 0 : Quantile.Normal(0.95) * Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count);
        return new JsonObject { ["mean"] = Math.Round(mean, 3), ["low"] = Math.Round(mean - half, 3), ["high"] = Math.Round(mean + half, 3) };
    }

    private static SortedDictionary<string, int> Counts(IEnumerable<string> values) => new(values.CountBy(v => v).ToDictionary(), StringComparer.Ordinal);

    private static JsonNode? Node(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), StepHash.Json);
}
