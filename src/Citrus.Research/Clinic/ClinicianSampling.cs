using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>The clinician as sampler: the whole thought and the answer in one text, erring differently each time.</summary>
/// <remarks>Biases, the way of thinking and how the answer is worded are drawn from the seed, the question and the sample's index: same three, same text.</remarks>
internal sealed class ClinicianSampling(ClinicianThinking thinking, ClinicianOptions options)
{
    private const int MostSteps = 12;

    /// <param name="question">The question's text, which seeds what is left to chance.</param>
    /// <param name="sample">Which sample of the question, from 0.</param>
    /// <param name="tooLittle">Why it cannot think about this question; null where it can.</param>
    public string Sample(ClinicianPatient patient, ClinicianVoice voice, string question, int sample, string? tooLittle)
    {
        if (tooLittle is not null) return Whole(patient, tooLittle, "I cannot tell.");
        var random = SeededRandom.For(options.Seed, "sample", question, sample);
        var bias = ClinicianBias.Of(options, FormattableString.Invariant($"{question}\nsample {sample}"));
        var (thought, label) = random.Chance(0.75) ? Walk(patient, bias, voice, random) : AtFirstSight(patient, bias, voice);
        if (label is null) return Whole(patient, thought, "I cannot tell.");
        var option = patient.Options.First(o => o.Label == label);
        if (patient.Register == Register.Chart) return Whole(patient, thought, $"{option.Text} {label}");
        return Whole(patient, thought, random.NextDouble() switch
        {
            < 0.75 => $"{label}. {option.Text}",
            < 0.9 => option.Text,
            // As a note in a hurry has it: often shorter than the option, which a matcher has to see.
            _ => ClaimReaderProse.Spoken(option.Id!),
        });
    }

    private (string Thought, string? Label) Walk(ClinicianPatient patient, ClinicianBias bias, ClinicianVoice voice, SeededRandom random)
    {
        var steps = new List<string>();
        var weighing = true;
        for (var i = 0; i < MostSteps; i++)
        {
            var next = thinking.Next(patient, bias, voice, string.Join('\n', steps), "", "");
            if (next.Kind == "hypothesis")
            {
                steps.Add(next.Text);
                continue;
            }

            // Whoever weighs afresh weighs in another order.
            if (weighing) random.Shuffle(steps);
            weighing = false;
            steps.Add(next.Text);
            if (next.Kind is "test" or "treatment" || (next.Kind == "conclusion" && patient.Kind == QuestionKind.Diagnosis)) return (string.Join(' ', steps), next.Label);
        }

        return (string.Join(' ', steps), null);
    }

    private (string Thought, string? Label) AtFirstSight(ClinicianPatient patient, ClinicianBias bias, ClinicianVoice voice)
    {
        var thoughts = thinking.AtFirstSight(patient, bias, voice);
        return (string.Join(' ', thoughts.Select(t => t.Text)), thoughts[^1].Label);
    }

    private static string Whole(ClinicianPatient patient, string thought, string answer) => patient.Register == Register.Chart
        ? $"<think> {thought} </think> <answer> {answer} </answer>"
        : $"<think>{thought}</think><answer>{answer}</answer>";
}
