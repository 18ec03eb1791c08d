using Citrus.Research.Clinic;

namespace Citrus.Research.Synthesis;

/// <summary>Holds consultations with simulated patients against the exact posterior and the case.</summary>
public sealed class ConsultationCheck(Knowledge knowledge)
{
    private readonly FindingRecogniser _recogniser = new(knowledge);

    /// <summary>The verdict on a usable consultation.</summary>
    /// <exception cref="ArgumentException">The patient is none of the clinic's, or the consultation came to no diagnosis.</exception>
    public ConsultationVerdict Of(ConsultationCase of, Consultation consultation)
    {
        if (of.Simulated is not { } patient) throw new ArgumentException($"Case {of.Id} is no simulated patient; only those have a posterior.", nameof(of));
        if (consultation.Diagnosis is not { } diagnosis) throw new ArgumentException($"The consultation of {of.Id} came to no diagnosis.", nameof(consultation));
        var department = knowledge.Departments.First(d => d.Id == patient.Department);
        var reading = ConsultationReading.Read(knowledge, _recogniser, consultation.Complaint, consultation.Turns.Select(t => (t.Doctor, t.Text)));
        var posterior = Posterior.Of(knowledge, department, patient.Sex, patient.Age, reading.Observations);
        var all = Posterior.Of(knowledge, department, patient.Sex, patient.Age, patient.Observations);
        var named = _recogniser.Resolve(diagnosis);
        var told = reading.Observations.Skip(reading.KnownAfter[0]).ToList();
        var top = posterior.Values.Max();
        return new ConsultationVerdict
        {
            // Rounding must not tell two equal diseases apart.
            IsBest = named is not null && posterior.TryGetValue(named, out var p) && p >= top - 1e-12,
            IsTruth = named == patient.Disease,
            BestIsTruth = Best(department, posterior) == patient.Disease,
            Certainty = top,
            Ceiling = all.Values.Max(),
            CeilingIsTruth = Best(department, all) == patient.Disease,
            Entropies = [.. reading.KnownAfter.Select(n => InformationGain.Entropy(Posterior.Of(knowledge, department, patient.Sex, patient.Age, reading.Observations.Take(n)).Values))],
            Statements = told.Count,
            TrueStatements = told.Count(patient.Observations.Contains),
            EmptyAnswers = reading.KnownAfter.Zip(reading.KnownAfter.Skip(1)).Count(pair => pair.First == pair.Second),
        };
    }

    private static string Best(Department department, IReadOnlyDictionary<string, double> posterior) => department.Diseases.MaxBy(d => posterior[d.Id])!.Id;

    /// <summary>Whether a diagnosis is one of a case's truths by name, whatever the case of letters and the punctuation around it.</summary>
    public static bool SameName(string diagnosis, IEnumerable<string> truths) => truths.Any(t => Plain(t) == Plain(diagnosis));

    private static string Plain(string text) => string.Concat(text.Where(c => char.IsLetterOrDigit(c))).ToLowerInvariant();
}
