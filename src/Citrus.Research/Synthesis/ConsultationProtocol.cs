using System.Globalization;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>
/// A consultation: the doctor asks one question a turn and is told the complaint and the dialogue, the patient answers and is told its case and the dialogue; the doctor ends it with a diagnosis
/// and a summary, at the latest when no questions are left. A pure state machine like a pathway: no file, clock or randomness inside.
/// </summary>
public sealed class ConsultationProtocol
{
    private readonly Dictionary<(string Language, string Role), PromptTemplate> _prompts = [];

    /// <param name="prompts">The shipped ones where null.</param>
    public ConsultationProtocol(ConsultationOptions? options = null, PromptCatalog? prompts = null)
    {
        (Options, prompts) = ((options ?? new()).Validated(), prompts ?? PromptCatalog.Default);
        var definition = new List<string> { Options.ToString() };
        foreach (var (language, set) in new[] { (QuestionLanguage.English, PromptSet.English), (QuestionLanguage.Chinese, PromptSet.Chinese) })
        {
            if (!prompts.Sets.Contains(set)) continue;
            foreach (var role in new[] { ExpertRoles.Doctor, ExpertRoles.Patient })
            {
                var prompt = _prompts[(language, role)] = prompts[set][role];
                definition.Add($"{language}/{role} {prompt.Hash}");
            }
        }

        Definition = string.Join('\n', definition);
    }

    public ConsultationOptions Options { get; }

    /// <summary>Options and hashes of the prompts: with the case and the experts, all that a consultation depends on.</summary>
    public string Definition { get; }

    /// <summary>SHA-256 (hex) of each prompt file, by language and role, e.g. <c>en/doctor</c>.</summary>
    public IReadOnlyDictionary<string, string> PromptHashes => new SortedDictionary<string, string>(_prompts.ToDictionary(p => $"{p.Key.Language}/{p.Key.Role}", p => p.Value.Hash), StringComparer.Ordinal);

    /// <summary>The first request.</summary>
    public ConsultationMove Begin(ConsultationCase patient) =>
        Ask(new ConsultationState { Case = patient, SoFar = new Consultation { Case = patient.Id, Complaint = patient.Complaint, Turns = [] } });

    /// <summary>The next request, or the consultation, given the reply to the request in flight.</summary>
    public ConsultationMove Next(ConsultationState state, ExpertReply reply)
    {
        var read = state.DoctorSpeaks ? ConsultationReply.Doctor(reply.Text, Left(state) == 0) : ConsultationReply.Patient(reply.Text);
        var soFar = state.SoFar with
        {
            Calls = state.SoFar.Calls + 1,
            Repaired = state.SoFar.Repaired + (read.Quality == ReplyQuality.Repaired ? 1 : 0),
            TokensIn = state.SoFar.TokensIn + reply.TokensIn,
            TokensOut = state.SoFar.TokensOut + reply.TokensOut,
            Cost = state.SoFar.Cost + reply.Cost,
        };
        state = state with { SoFar = soFar };
        if (read.Value is not { } said) return Again(state, read.Problem!);
        if (said.Abstains is { } why) return Give(state, $"{Role(state)} abstained: {why}");
        if (said.Diagnosis is { } diagnosis) return ConsultationMove.Done(state, soFar with { Diagnosis = diagnosis, Summary = said.Summary });
        if (ProblemOf(state, said.Says!) is { } problem) return Again(state, problem);
        var turn = new ConsultationTurn(state.DoctorSpeaks, said.Says!) { Expert = reply.Expert, PromptHash = state.PromptHash, TokensIn = reply.TokensIn, TokensOut = reply.TokensOut };
        return Ask(state with { SoFar = soFar with { Turns = [.. soFar.Turns, turn] }, DoctorSpeaks = !state.DoctorSpeaks, Attempt = 0 });
    }

    private static string? ProblemOf(ConsultationState state, string says)
    {
        if (state.DoctorSpeaks)
            return state.SoFar.Turns.Any(t => t.Doctor && Plain(t.Text) == Plain(says)) ? "this was asked already" : null;
        // What the case itself names (an illness in the family, say) may be repeated.
        return state.Case.Truth.Any(t => Names(says, t) && !state.Case.Facts.Append(state.Case.Complaint).Any(f => Names(f, t))) ? "the patient does not know the name of its illness" : null;
    }

    /// <summary>Whether a text names an illness: as whole words, and in Chinese, which has no spaces, anywhere.</summary>
    public static bool Names(string text, string illness) => illness.Any(c => QuestionLanguage.IsHan(c)) ? text.Contains(illness, StringComparison.Ordinal) : DiseaseNames.Names(text, illness);

    private ConsultationMove Ask(ConsultationState state, string? problem = null)
    {
        var chinese = state.Case.Language == QuestionLanguage.Chinese;
        if (!_prompts.TryGetValue((state.Case.Language, Role(state)), out var prompt)) throw new KeyNotFoundException($"There are no prompts in the language '{state.Case.Language}' of case {state.Case.Id}.");
        var left = Left(state).ToString(CultureInfo.InvariantCulture);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["dialogue"] = PromptText.Inserted(DialogueText.Write(state.SoFar.Turns.Select(t => (t.Doctor, t.Text)), chinese)),
            ["retry"] = problem is null ? "" : string.Create(CultureInfo.InvariantCulture, $"### retry\nAttempt {state.Attempt + 1}: the last reply could not be used ({problem}). Keep to the reply format."),
        };
        if (state.DoctorSpeaks)
        {
            values["complaint"] = PromptText.Inserted(state.Case.Complaint);
            values["left"] = (chinese, left) switch
            {
                (false, "0") => "0 questions are left: end the consultation now with the diagnosis and the summary.",
                (false, _) => $"{left} questions are left.",
                (true, "0") => "还可以问 0 个问题：请现在结束问诊，给出诊断和小结。",
                _ => $"还可以问 {left} 个问题。",
            };
        }
        else
        {
            var facts = state.Case.Facts.Select(f => "- " + DialogueText.OneLine(f));
            values["case"] = PromptText.Inserted(string.Join('\n', [DialogueText.OneLine(state.Case.Complaint), .. facts]));
        }

        return ConsultationMove.Ask(state with { PromptHash = prompt.Hash }, prompt.Fill(values));
    }

    private ConsultationMove Again(ConsultationState state, string problem) => state.Attempt >= Options.Retries
        ? Give(state, string.Create(CultureInfo.InvariantCulture, $"{Role(state)}: no usable reply in {state.Attempt + 1} attempts; last: {problem}"))
        : Ask(state with { Attempt = state.Attempt + 1, SoFar = state.SoFar with { Retried = state.SoFar.Retried + 1 } }, problem);

    private static ConsultationMove Give(ConsultationState state, string unusable) => ConsultationMove.Done(state, state.SoFar with { Unusable = unusable });

    private int Left(ConsultationState state) => Options.Questions - state.SoFar.Asked;

    private static string Role(ConsultationState state) => state.DoctorSpeaks ? ExpertRoles.Doctor : ExpertRoles.Patient;

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
