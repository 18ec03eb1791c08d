using System.Collections.Concurrent;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>
/// Process truth: holds every claim of a reasoning text against the question and the knowledge. It never looks at the question's right
/// option: a conclusion is true where the exact posterior prefers it, whatever the patient turned out to have. That posterior is over the diseases in question (the options of a diagnosis, else the
/// department) given the findings; which diseases a treatment's options belong to, and how likely the history is, are left out, which in 9 of 333 treatment questions of test prefers another than
/// the question's own posterior. A finding speaks for a disease where <see cref="Fit"/> says so: by the half, not by the likelihood ratio.
/// </summary>
/// <remarks>Safe from several threads; what it understood of a question is kept for the next text about it.</remarks>
public sealed class StepCheck
{
    private const int Kept = 4096;

    private readonly Knowledge _knowledge;
    private readonly FindingRecogniser _recogniser;
    private readonly ClaimReader _reader;
    private readonly ConcurrentDictionary<string, ClinicianPatient> _patients = new(StringComparer.Ordinal);

    public StepCheck(Knowledge knowledge)
    {
        _knowledge = knowledge;
        _recogniser = new(knowledge);
        _reader = new(knowledge, _recogniser);
    }

    internal ClaimReader Reader => _reader;

    internal FindingRecogniser Recogniser => _recogniser;

    /// <summary>Checks a text about a question; the wording of the question says which register both are in.</summary>
    public StepVerdicts Check(Question question, string text) => Check(Text(question), text);

    /// <summary>Checks a text about a question given as text, its options below it.</summary>
    public StepVerdicts Check(string questionText, string text)
    {
        var patient = Patient(questionText);
        return Check(patient, _reader.Read(text, patient.Register));
    }

    /// <summary>Checks a chart text about a case; all diseases of its department come into question.</summary>
    /// <param name="kind">What is asked, one of <see cref="QuestionKind.All"/>.</param>
    public StepVerdicts Check(Case patient, string kind, string text) => Check(ChartStem.Of(patient, kind), text);

    /// <summary>
    /// Whether a right option of the question is what its most likely illness calls for, by the exact posterior over the illnesses in
    /// question; null where the question cannot be understood that far.
    /// </summary>
    public bool? IsSupported(Question question)
    {
        var patient = Patient(Text(question));
        if (patient.Best is not { } best || patient.Observations.Count == 0) return null;
        var label = patient.LabelOf(patient.Kind switch
        {
            QuestionKind.Diagnosis => best.Id,
            QuestionKind.Test => best.Confirm,
            _ => best.FirstLine is null ? null : _knowledge.RightDrug(best, patient.Contexts),
        });
        return label is not null && question.Answers.Contains(label);
    }

    internal ClinicianPatient Patient(string questionText)
    {
        if (_patients.TryGetValue(questionText, out var known)) return known;
        if (_patients.Count >= Kept) _patients.Clear();
        return _patients[questionText] = ClinicianPatient.Read(_knowledge, _recogniser, questionText);
    }

    internal StepVerdicts Check(ClinicianPatient patient, IReadOnlyList<Claim> claims)
    {
        var verdicts = new List<ClaimVerdict>(claims.Count);
        Disease? concluded = null;
        foreach (var claim in claims)
        {
            if (claim is { Kind: ClaimKind.Conclusion, Hypothesis: { } h }) concluded = _knowledge.Diseases.GetValueOrDefault(h);
            var reason = Wrong(patient, claim, concluded ?? patient.Best);
            verdicts.Add(new ClaimVerdict(claim, reason is null, reason ?? ""));
        }

        return new StepVerdicts(verdicts, Faithfulness.Of(verdicts), CorrectionsOf(verdicts));
    }

    private static string Text(Question question) =>
        question.Stem.StartsWith("dept ", StringComparison.Ordinal) ? QuestionText.Chart(question) : QuestionText.Prose(question);

    private string? Wrong(ClinicianPatient patient, Claim claim, Disease? concluded)
    {
        switch (claim.Kind)
        {
            case ClaimKind.Finding:
                if (patient.Observations.FirstOrDefault(o => o.Finding == claim.Finding) is not { } observed) return "not in the question";
                if (claim.Present is { } present && present != observed.Present) return observed.Present ? "present, not absent" : "absent, not present";
                var fits = Fit.Fits(_knowledge, _knowledge.Diseases[claim.Hypothesis!], observed);
                return fits == claim.Favours ? null : fits ? "speaks for it" : "speaks against it";
            case ClaimKind.Count:
                var against = patient.Against(_knowledge.Diseases[claim.Hypothesis!]);
                return against == claim.Count ? null : FormattableString.Invariant($"{against} speak against it");
            case ClaimKind.Conclusion:
                return patient.Best?.Id == claim.Hypothesis ? null : "another is more likely";
            case ClaimKind.Elimination:
                return patient.Best?.Id != claim.Hypothesis ? null : "it is the most likely";
            case ClaimKind.Test:
                return concluded?.Confirm == claim.Test ? null : "confirms something else";
            case ClaimKind.Drug:
                var right = claim.Line switch
                {
                    "first" => concluded?.FirstLine,
                    "second" => concluded?.SecondLine,
                    _ => concluded?.FirstLine is null ? null : _knowledge.RightDrug(concluded, patient.Contexts),
                };
                return right == claim.Drug ? null : "not the drug for it";
            case ClaimKind.Contraindication:
                var avoid = _knowledge.Drugs[claim.Drug!].Avoid;
                var forbidden = claim.Context is { } context ? avoid.Contains(context) : patient.Contexts.Any(avoid.Contains);
                return forbidden == claim.Forbidden ? null : forbidden ? "it is contraindicated" : "it is not contraindicated";
            default:
                return claim.Context is { } c
                    ? patient.Contexts.Contains(c) == (claim.Present ?? true) ? null : claim.Present is false ? "it is in the history" : "not in the history"
                    : patient.Contexts.Count == 0 ? null : "there is a history";
        }
    }

    private static Corrections CorrectionsOf(List<ClaimVerdict> verdicts)
    {
        var statements = verdicts.GroupBy(v => v.Claim.Statement).OrderBy(g => g.Key).Select(g => g.ToList()).ToList();
        var (retracted, caught, repaired, missed) = (0, 0, 0, 0);
        for (var i = 0; i < statements.Count; i++)
        {
            var claims = statements[i];
            var wrong = claims.Any(v => !v.Holds);
            if (!claims[0].Claim.Retracted)
            {
                if (claims.Any(v => !v.Holds && v.Claim.Kind is not (ClaimKind.Finding or ClaimKind.Count))) missed++;
                continue;
            }

            retracted++;
            if (!wrong) continue;
            caught++;
            // The statement after the check itself, which comes right after what it retracts.
            var mended = statements.Skip(i + 1).FirstOrDefault(s => s.Any(v => v.Claim.Kind == claims[0].Claim.Kind || v.Claim.Line == "second"));
            if (mended is not null && !mended[0].Claim.Retracted && mended.All(v => v.Holds)) repaired++;
        }

        return new Corrections(retracted, caught, repaired, missed);
    }
}
