using Citrus.Research.Experts;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>The clinician as patient: answers the doctor's last question from the case in the prompt, in the words of that case, and does not know the rest.</summary>
internal sealed class ClinicianPatientVoice(Knowledge knowledge, FindingRecogniser recogniser)
{
    private static readonly string[] Ignorance = ["I do not know about that.", "I cannot say.", "I am not sure about that."];

    /// <summary>The reply to a prompt of sections <c>case</c> and <c>dialogue</c>; abstains in Chinese.</summary>
    public (string? Say, string? Abstain) Reply(string text, long seed)
    {
        var told = PromptText.Section(text, "case") ?? "";
        var dialogue = PromptText.Section(text, "dialogue") ?? "";
        if (QuestionLanguage.Of(told + dialogue) == QuestionLanguage.Chinese) return (null, "I speak English only; give a patient that speaks Chinese.");
        var question = DialogueText.Read(dialogue).LastOrDefault(t => t.Doctor).Text ?? "";
        var asked = recogniser.Read(question).Observations.Take(3).ToList();
        var random = SeededRandom.For(seed, "say", told, question);
        var known = Facts(told);
        var answers = asked.Where(o => known.ContainsKey(o.Finding)).Select(o => Answer(known[o.Finding], random)).ToList();
        return (answers.Count > 0 ? string.Join(' ', answers) : random.Pick(Ignorance), null);
    }

    /// <summary>What the case tells of each finding, with the words it tells it in.</summary>
    private Dictionary<string, (Observation Observation, string Phrase)> Facts(string told)
    {
        var facts = new Dictionary<string, (Observation, string)>(StringComparer.Ordinal);
        foreach (var line in told.Split('\n'))
            foreach (var o in recogniser.Read(line).Observations) facts.TryAdd(o.Finding, (o, ConsultationReading.WordsOf(knowledge, o, line)));
        return facts;
    }

    private string Answer((Observation Observation, string Phrase) fact, SeededRandom random)
    {
        var (o, phrase) = fact;
        var kind = knowledge.Findings[o.Finding].Kind;
        string[] frames = (kind, o.Present) switch
        {
            (FindingKind.Symptom, true) => ["Yes, I have noticed {0}.", "Yes, there is {0}.", "Yes: {0}."],
            (FindingKind.Risk, true) => ["Yes, {0}.", "Yes, that is so: {0}."],
            (_, true) => ["Yes, I was told of {0}.", "Yes, {0}."],
            (FindingKind.Symptom or FindingKind.Risk, _) => Negates(phrase) ? ["No, {0}."] : ["No: {0}."],
            _ => ["No, they found {0}.", Negates(phrase) ? "No, {0}." : "No: {0}."],
        };
        // A frame must not change what the words mean.
        var said = random.Sample(frames, frames.Length).Append("{0}.").Select(f => f.Replace("{0}", phrase, StringComparison.Ordinal))
            .FirstOrDefault(s => recogniser.Read(s).Observations is [var only] && only == o);
        return said ?? (o.Present ? "Yes." : "No.");
    }

    private static bool Negates(string phrase) => phrase.StartsWith("no ", StringComparison.Ordinal) || phrase.StartsWith("not ", StringComparison.Ordinal) || phrase.StartsWith("never ", StringComparison.Ordinal);
}
