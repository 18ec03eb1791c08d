using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Clinic;

/// <summary>
/// The embedded clinician: an expert that gets nothing but the text of the messages. It takes its part from the prompt's header lines
/// (<c>role:</c>, <c>task:</c>), recognises the patient, the options and what is asked in the <c>### question</c> section, and answers
/// from the clinic's knowledge. Where it recognises too little it abstains and says what it recognised.
/// </summary>
/// <remarks>Same knowledge, options and messages: same reply. Safe from several threads; it never waits.</remarks>
public sealed partial class Clinician : IChatClient
{
    private const int Kept = 4096;

    private readonly Knowledge _knowledge;
    private readonly ClinicianOptions _options;
    private readonly StepCheck _check;
    private readonly ClinicianThinking _thinking;
    private readonly ClinicianSupervision _supervision;
    private readonly ClinicianSampling _sampling;
    private readonly ClinicianJudging _judging;
    private readonly ClinicianVoiceChart _chart = new();
    private readonly ClinicianVoiceProse _prose;
    private readonly Lazy<ClinicianDoctor> _doctor;
    private readonly ClinicianPatientVoice _patient;
    private readonly ConcurrentDictionary<string, ClinicianBias> _biases = new(StringComparer.Ordinal);
    private readonly ChatClientMetadata _metadata = new("clinic", null, "clinician");

    /// <param name="options">The defaults where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share lies outside 0..1.</exception>
    public Clinician(Knowledge knowledge, ClinicianOptions? options = null)
        : this(knowledge, options, new StepCheck(knowledge))
    {
    }

    private Clinician(Knowledge knowledge, ClinicianOptions? options, StepCheck check)
    {
        (_knowledge, _options, _check) = (knowledge, (options ?? new()).Validated(), check);
        _thinking = new(knowledge, _options, check.Reader);
        _supervision = new(knowledge, check);
        (_sampling, _judging) = (new(_thinking, _options), new(_options, check));
        _prose = new(knowledge, new ClaimReaderProse(knowledge, check.Recogniser));
        (_doctor, _patient) = (new(() => new(knowledge, check.Recogniser)), new(knowledge, check.Recogniser));
    }

    /// <summary>How it asks as doctor.</summary>
    public ConsultingHabits Consulting { get; init; } = new();

    /// <summary>The factory of <c>clinic[?fallibility=0..1&amp;seed=n&amp;position=0..1&amp;asks=information|random&amp;certain=0..1&amp;worth=nats]</c> for an <see cref="ExpertRegistry"/>.</summary>
    public static Func<ExpertSpec, IChatClient> Factory(Knowledge knowledge) => spec =>
    {
        var defaults = new ClinicianOptions();
        var options = defaults with { Fallibility = spec.Number("fallibility", defaults.Fallibility, 0, 1), Seed = spec.Integer("seed", 0), PositionBias = spec.Text("position") is null ? null : spec.Number("position", 0, 0, 1) };
        var consulting = ConsultingHabits.Of(spec);
        spec.RefuseOthers();
        return new Clinician(knowledge, options) { Consulting = consulting };
    };

    /// <summary>The same clinician, what it has understood so far included, with another dial or seed.</summary>
    public Clinician With(ClinicianOptions options) => new(_knowledge, options, _check) { Consulting = Consulting };

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var text = string.Join("\n", messages.Select(m => m.Text));
        var reply = Reply(text, options?.AdditionalProperties?.TryGetValue(ExpertProperties.Sample, out var sample) == true && sample is int n ? n : 0);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, reply))
        {
            ModelId = "clinician",
            // It reads words, not tokens; words are what it counts.
            Usage = new UsageDetails { InputTokenCount = Words(text), OutputTokenCount = Words(reply) },
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private string Reply(string text, int sample)
    {
        var role = PromptText.Header(text, "role");
        if (role is ExpertRoles.Doctor) return Consult(text);
        if (role is ExpertRoles.Patient) return Say(text);
        var question = PromptText.Section(text, "question") ?? text;
        var patient = _check.Patient(question);
        ClinicianVoice voice = patient.Register == Register.Chart ? _chart : _prose;
        return role switch
        {
            ExpertRoles.Reflection when PromptText.Header(text, "task") == "score" => Score(text, patient, voice),
            ExpertRoles.Reflection => Rate(text, patient, voice),
            ExpertRoles.Judge => Judge(text, patient),
            ExpertRoles.Narrator => Narrate(text, patient),
            ExpertRoles.Examiner => Examine(text, patient),
            null or ExpertRoles.Reasoning when PromptText.Header(text, "task") == "sample" => _sampling.Sample(patient, voice, question, sample, TooLittle(patient)),
            ExpertRoles.Matcher => $$"""{"option": "{{_judging.Match(patient, Given(text, "answer"))}}"}""",
            ExpertRoles.PointwiseJudge => Score(text, patient),
            ExpertRoles.PairwiseJudge => Compare(text, patient),
            ExpertRoles.Rewriter => Rewrite(question),
            ExpertRoles.Answerer => Answer(question, patient, sample),
            ExpertRoles.Checker => Check(text),
            null or ExpertRoles.Reasoning => Think(text, question, patient, voice),
            _ => $$"""{"abstain": {{Quoted($"I know no role '{role}'; I can be {ExpertRoles.Reasoning}, {ExpertRoles.Reflection}, {ExpertRoles.Judge}, {ExpertRoles.Narrator}, {ExpertRoles.Rewriter}, {ExpertRoles.Answerer}, {ExpertRoles.Checker}, {ExpertRoles.Matcher}, {ExpertRoles.PointwiseJudge}, {ExpertRoles.PairwiseJudge}, {ExpertRoles.Doctor}, {ExpertRoles.Patient} or {ExpertRoles.Examiner}.")}}}""",
        };
    }

    private string Consult(string text) => _doctor.Value.Reply(text, Consulting) switch
    {
        { Abstain: { } why } => $$"""{"abstain": {{Quoted(why)}}}""",
        { Ask: { } ask } => $$"""{"ask": {{Quoted(ask)}}}""",
        var (_, diagnosis, summary, _) => $$"""{"diagnosis": {{Quoted(diagnosis!)}}, "summary": {{Quoted(summary!)}}}""",
    };

    private string Say(string text) => _patient.Reply(text, Consulting.Seed) switch
    {
        { Abstain: { } why } => $$"""{"abstain": {{Quoted(why)}}}""",
        var (say, _) => $$"""{"say": {{Quoted(say!)}}}""",
    };

    private string Think(string text, string question, ClinicianPatient patient, ClinicianVoice voice)
    {
        if (TooLittle(patient) is { } why) return $$"""{"abstain": {{Quoted(why)}}}""";
        if (_biases.Count >= Kept) _biases.Clear();
        var bias = _biases.GetOrAdd(question, q => ClinicianBias.Of(_options, q));
        switch (PromptText.Header(text, "task"))
        {
            case "pattern":
                var thoughts = _thinking.AtFirstSight(patient, bias, voice);
                if (thoughts[^1].Label is not { } chosen) return NoOption(thoughts[^1].Text);
                return $$"""{"steps": [{{string.Join(", ", thoughts.Select(Json))}}], "answer": {{Quoted(chosen)}}}""";
            case "step":
                var next = _thinking.Next(patient, bias, voice, Given(text, "thought"), Given(text, "rejected"), text);
                var settles = next.Kind is "test" or "treatment" || (next.Kind == "conclusion" && patient.Kind == QuestionKind.Diagnosis);
                if (settles && next.Label is null) return NoOption(next.Text);
                return $$"""{"step": {{Json(next)}}, "answer": {{(next.Label is null ? "null" : Quoted(next.Label))}}}""";
            case "branch":
                var most = int.TryParse(PromptText.Section(text, "count"), CultureInfo.InvariantCulture, out var given) ? Math.Clamp(given, 1, 8) : 3;
                var candidates = _thinking.Alternatives(patient, bias, voice, Given(text, "thought"), Given(text, "tried"), text, most);
                return $$"""{"candidates": [{{string.Join(", ", candidates.Select(c => $$"""{"kind": "{{c.Kind}}", "text": {{Quoted(c.Text)}}, "answer": {{(c.Label is null ? "null" : Quoted(c.Label))}}}"""))}}]}""";
            default:
                return _thinking.Answer(patient, bias) is { } label ? $$"""{"answer": {{Quoted(label)}}}""" : NoOption("what I would choose");
        }
    }

    private string Rate(string text, ClinicianPatient patient, ClinicianVoice voice)
    {
        var proposed = PromptText.Section(text, "proposed") ?? "";
        var at = proposed.LastIndexOf("(answer ", StringComparison.Ordinal);
        var label = at < 0 ? null : proposed[(at + 8)..].TrimEnd(')', ' ', '\n');
        // Several options may be right: then the proposed one is held against itself.
        var truths = Truths(text);
        var truth = truths.FirstOrDefault(t => t.Label == label, truths[0]);
        var (accepts, remark) = _supervision.Rate(patient, voice, Given(text, "thought"), at < 0 ? proposed : proposed[..at].Trim(), label, truth);
        return $$"""{"rating": {{(accepts ? 1 : 0)}}, "feedback": {{Quoted(remark)}}}""";
    }

    private string Score(string text, ClinicianPatient patient, ClinicianVoice voice)
    {
        var truths = Truths(text);
        var thought = Given(text, "thought");
        var ratings = Candidates(Given(text, "candidates")).Select(c =>
        {
            var (accepts, remark) = _supervision.Rate(patient, voice, thought, c.Text, c.Label, truths.FirstOrDefault(t => t.Label == c.Label, truths[0]));
            // A commitment that stands brings the answer closer than another finding weighed.
            return FormattableString.Invariant($$"""{"candidate": {{c.Number}}, "score": {{(!accepts ? 10 : c.Label is null ? 80 : 100)}}, "feedback": {{Quoted(remark)}}}""");
        });
        return $$"""{"ratings": [{{string.Join(", ", ratings)}}]}""";
    }

    /// <summary>The numbered candidates of a prompt, each perhaps with the label it commits to in a line of its own.</summary>
    private static IEnumerable<(int Number, string Text, string? Label)> Candidates(string section)
    {
        var number = 0;
        var lines = new List<string>();
        foreach (var line in section.Split('\n').Append("end"))
        {
            var dot = line.IndexOf(". ", StringComparison.Ordinal);
            var begins = dot is > 0 and < 4 && int.TryParse(line[..dot], CultureInfo.InvariantCulture, out var n) && n == number + 1;
            if ((begins || line == "end") && number > 0)
            {
                var label = lines[^1].StartsWith("(answer ", StringComparison.Ordinal) ? lines[^1][8..].TrimEnd(')', ' ') : null;
                yield return (number, string.Join('\n', label is null ? lines : lines.SkipLast(1)).Trim(), label);
            }

            if (begins)
            {
                number++;
                lines = [line[(dot + 2)..]];
            }
            else
            {
                lines.Add(line);
            }
        }
    }

    private string Judge(string text, ClinicianPatient patient)
    {
        var claims = _check.Reader.Read(Given(text, "thought"), patient.Register);
        bool Says(ClaimKind kind) => claims.Any(c => c.Kind == kind);
        var sufficient = Says(ClaimKind.Conclusion) && patient.Kind switch
        {
            QuestionKind.Test => Says(ClaimKind.Test),
            QuestionKind.Treatment => Says(ClaimKind.Drug),
            _ => true,
        };
        // Where it knows too little to judge, the reasoning expert's word stands.
        return $$"""{"sufficient": {{(sufficient || TooLittle(patient) is not null ? "true" : "false")}}}""";
    }

    private string Examine(string text, ClinicianPatient patient)
    {
        var truths = Truths(text);
        var student = Given(text, "student");
        var from = student.LastIndexOf("<answer>", StringComparison.Ordinal);
        var answer = (from < 0 ? student : student[(from + 8)..]).Replace("</answer>", "", StringComparison.Ordinal).Trim();
        var words = answer.Split([' ', '.', ')', '(', '\n'], StringSplitOptions.RemoveEmptyEntries);
        // By label where one stands at either end, else by what is named.
        var named = patient.Options.FirstOrDefault(o => words.Length > 0 && (words[0] == o.Label || words[^1] == o.Label)).Label
            ?? patient.Options.Where(o => answer.Contains(o.Text, StringComparison.OrdinalIgnoreCase)).OrderByDescending(o => o.Text.Length).FirstOrDefault().Label;
        var faithful = _check.Check(patient, _check.Reader.Read(student, patient.Register)).Faithfulness;
        var feedback = FormattableString.Invariant($"{faithful.True} of {faithful.Claims} claims hold.");
        return $$"""{"rating": {{(named is not null && truths.Any(t => t.Label == named) ? 1 : 0)}}, "named": "{{named}}", "feedback": {{Quoted(feedback)}}}""";
    }

    private string Score(string text, ClinicianPatient patient)
    {
        var (score, reason) = _judging.Score(patient, Truths(text).Select(t => t.Label), Given(text, "answer"));
        return FormattableString.Invariant($$"""{"score": {{score}}, "reason": {{Quoted(reason)}}}""");
    }

    private string Compare(string text, ClinicianPatient patient)
    {
        var (better, reason) = _judging.Compare(patient, [.. Truths(text).Select(t => t.Label)], Given(text, "first"), Given(text, "second"), text);
        return FormattableString.Invariant($$"""{"better": {{better}}, "reason": {{Quoted(reason)}}}""");
    }

    /// <summary>Why it will not answer, or null where it will.</summary>
    private string? TooLittle(ClinicianPatient patient)
    {
        if (patient.Observations.Count >= _options.MinimumFindings && patient.Best is not null && patient.Options.Count(o => o.Id is not null) >= Math.Min(2, patient.Options.Count)) return null;
        var findings = patient.Observations.Count == 0 ? "no findings" : string.Join(", ", patient.Observations.Select(o => (o.Present ? "" : "no ") + o.Finding));
        var options = patient.Options.Count(o => o.Id is not null);
        return FormattableString.Invariant($"recognised {findings}; {options} of {patient.Options.Count} options; {patient.Pool.Count} illnesses in question");
    }

    private static string NoOption(string thought) => $$"""{"abstain": {{Quoted("no option fits: " + thought)}}}""";

    /// <summary>A section's text, empty where it only says that there is nothing.</summary>
    private static string Given(string text, string section) => PromptText.Section(text, section) is { } given && given is not ("(none)" or "(nothing yet)") ? given : "";

    /// <summary>The right options that the prompt tells, one a line.</summary>
    private static List<(string Label, string Text)> Truths(string text) => [.. (PromptText.Section(text, "truth") ?? "").Split('\n').Select(Option)];

    private static (string Label, string Text) Option(string line) => line.Length > 2 && line[1] == '.' ? (line[..1], line[2..].Trim()) : (line, line);

    private static string Json(ClinicianThinking.Thought thought) => $$"""{"kind": "{{thought.Kind}}", "text": {{Quoted(thought.Text)}}}""";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static int Words(string text)
    {
        var count = 0;
        var inside = false;
        foreach (var c in text)
        {
            var white = char.IsWhiteSpace(c);
            if (inside && white) inside = false;
            else if (!inside && !white) (inside, count) = (true, count + 1);
        }

        return count;
    }
}
