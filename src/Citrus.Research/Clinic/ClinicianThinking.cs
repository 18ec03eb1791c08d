using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>The clinician as reasoning expert: what it believes about a question, and the thoughts that follow.</summary>
internal sealed class ClinicianThinking(Knowledge knowledge, ClinicianOptions options, ClaimReader reader)
{
    /// <summary>A thought, its kind as the reply format names it, and the option it settles, if any.</summary>
    public sealed record Thought(string Kind, string Text, string? Label);

    /// <summary>The option the clinician would choose at once; null where none fits its belief.</summary>
    public string? Answer(ClinicianPatient patient, ClinicianBias bias) => AnswerFor(patient, bias, Belief(patient, bias));

    /// <summary>System 1: what it looks like, what gave it away, and what is asked for.</summary>
    public IReadOnlyList<Thought> AtFirstSight(ClinicianPatient patient, ClinicianBias bias, ClinicianVoice voice)
    {
        var disease = Belief(patient, bias);
        var heeded = Heeded(patient, bias);
        var key = heeded.Where(o => o.Present && Fit.Fits(knowledge, disease, o)).Select(o => o.Finding).Take(3).ToList();
        var label = AnswerFor(patient, bias, disease);
        var looks = new Thought("conclusion", voice.LooksLike(patient, disease, key), null);
        return patient.Kind switch
        {
            QuestionKind.Test when disease.Confirm is { } test => [looks, new("test", voice.Confirm(test), label)],
            QuestionKind.Treatment when disease.FirstLine is not null => [looks, new("treatment", voice.Give(Drug(patient, bias, disease)), label)],
            _ => [looks with { Label = label }],
        };
    }

    /// <summary>System 2: the next step after the accepted thought, mended where a proposal was rejected.</summary>
    /// <param name="thought">Accepted steps, one a line; empty at the beginning.</param>
    /// <param name="rejected">Proposals rejected since; empty where none.</param>
    /// <param name="message">The whole message, which seeds what is left to chance.</param>
    /// <param name="whole">Whether a treatment is always weighed in full, even where a rejection was about the history alone.</param>
    public Thought Next(ClinicianPatient patient, ClinicianBias bias, ClinicianVoice voice, string thought, string rejected, string message, bool whole = false)
    {
        var accepted = reader.Read(thought, patient.Register);
        var turned = reader.Read(rejected, patient.Register);
        var random = rejected.Length == 0 ? null : SeededRandom.For(options.Seed, "mend", message);
        var mends = random?.Chance(options.Mending) ?? false;

        var weighed = accepted.Where(c => c.Kind == ClaimKind.Count).Select(c => c.Hypothesis).ToHashSet();
        // Once made to look at everything, it keeps looking at everything.
        var complete = accepted.Where(c => c.Kind == ClaimKind.Finding).GroupBy(c => c.Hypothesis).Any(g => g.Count() >= patient.Observations.Count);
        if (mends || complete) bias = bias with { ClosesEarly = false };
        if (mends) bias = default;

        if (accepted.LastOrDefault(c => c.Kind == ClaimKind.Conclusion)?.Hypothesis is not { } concluded)
        {
            if (patient.Considered.FirstOrDefault(d => !weighed.Contains(d.Id)) is { } next) return new("hypothesis", Consider(patient, bias, voice, next), null);
            var refused = turned.Where(c => c.Kind == ClaimKind.Conclusion).Select(c => c.Hypothesis!).ToHashSet(StringComparer.Ordinal);
            var disease = Conclude(patient, bias, refused, random, mends);
            return new("conclusion", voice.Conclude(disease, refused.Count == 0 ? null : patient.Against(disease)), patient.Kind == QuestionKind.Diagnosis ? patient.LabelOf(disease.Id) : null);
        }

        var known = knowledge.Diseases[concluded];
        return patient.Kind switch
        {
            QuestionKind.Test when known.Confirm is { } test => new("test", voice.Confirm(test), patient.LabelOf(test)),
            QuestionKind.Treatment when known is { FirstLine: { } first, SecondLine: { } second } => Treat(patient, bias, voice, first, second, whole ? [] : turned),
            // Everything is said already: a judge wants more, but there is no more.
            _ => new("conclusion", voice.Conclude(known, patient.Against(known)), AnswerFor(patient, bias, known)),
        };
    }

    /// <summary>Different next steps, the favourite first: each further one is what would come to mind had those before been turned down.</summary>
    /// <param name="tried">Steps that were turned down before, with their remarks; empty where none.</param>
    public IReadOnlyList<Thought> Alternatives(ClinicianPatient patient, ClinicianBias bias, ClinicianVoice voice, string thought, string tried, string message, int most)
    {
        var candidates = new List<Thought>();
        var turned = tried;
        for (var i = 0; i < most; i++)
        {
            var next = Next(patient, bias, voice, thought, turned, FormattableString.Invariant($"{message}\n{i}"), whole: true);
            if (candidates.All(c => c.Text != next.Text)) candidates.Add(next);
            turned = turned.Length == 0 ? next.Text : turned + "\n" + next.Text;
        }

        return candidates;
    }

    private Thought Treat(ClinicianPatient patient, ClinicianBias bias, ClinicianVoice voice, string first, string second, IReadOnlyList<Claim> turned)
    {
        var forbidden = patient.Contexts.Any(knowledge.Drugs[first].Avoid.Contains);
        var drug = forbidden && !bias.Slips ? second : first;
        // The remark was about the history: the drug at hand is all that changes.
        if (drug == second && turned.Any(c => c.Drug == first && c.Line == "first") && !turned.Any(c => c.Drug == second))
            return new("treatment", voice.Second(second), patient.LabelOf(second));
        return new("treatment", voice.First(knowledge.Drugs[first], patient.Contexts, drug == second ? second : null), patient.LabelOf(drug));
    }

    private string Consider(ClinicianPatient patient, ClinicianBias bias, ClinicianVoice voice, Disease disease)
    {
        var weighed = Heeded(patient, bias).Select(o => (o, Fits: Fit.Fits(knowledge, disease, o))).ToList();
        return voice.Consider(patient, disease, weighed, weighed.Count(w => !w.Fits));
    }

    private Disease Conclude(ClinicianPatient patient, ClinicianBias bias, HashSet<string> refused, SeededRandom? random, bool mends)
    {
        if (refused.Count == 0) return Belief(patient, bias);
        var left = patient.Pool.Where(d => !refused.Contains(d.Id) && Offered(patient, d)).ToList();
        if (left.Count == 0) return patient.Best!;
        // Not mended: another guess among what is left.
        if (!mends) return random!.Pick(left);
        var weights = patient.Weigh(patient.Pool, patient.Observations, withPrevalence: true);
        return left.MaxBy(d => weights[d.Id])!;
    }

    private Disease Belief(ClinicianPatient patient, ClinicianBias bias)
    {
        if (bias == default && Offered(patient, patient.Best!)) return patient.Best!;
        IReadOnlyList<Observation> heeded = bias.Anchors
            ? [patient.Observations.FirstOrDefault(o => o.Present) ?? patient.Observations[0]]
            : Heeded(patient, bias);
        var weights = patient.Weigh(patient.Pool, heeded, withPrevalence: !bias.NeglectsBaseRate);
        // Someone who sits an exam settles on an illness for which an option is offered.
        return patient.Pool.Where(d => Offered(patient, d)).MaxBy(d => weights[d.Id]) ?? patient.Top(weights);
    }

    private bool Offered(ClinicianPatient patient, Disease disease) => AnswerFor(patient, default, disease) is not null;

    private static IReadOnlyList<Observation> Heeded(ClinicianPatient patient, ClinicianBias bias) =>
        bias.ClosesEarly ? [.. patient.Observations.Take(3)] : patient.Observations;

    private string? AnswerFor(ClinicianPatient patient, ClinicianBias bias, Disease disease) => patient.Kind switch
    {
        QuestionKind.Diagnosis => patient.LabelOf(disease.Id),
        QuestionKind.Test => patient.LabelOf(disease.Confirm),
        _ => disease.FirstLine is null ? null : patient.LabelOf(Drug(patient, bias, disease)),
    };

    private string Drug(ClinicianPatient patient, ClinicianBias bias, Disease disease) =>
        bias.Slips || disease.SecondLine is null ? disease.FirstLine! : knowledge.RightDrug(disease, patient.Contexts);
}
