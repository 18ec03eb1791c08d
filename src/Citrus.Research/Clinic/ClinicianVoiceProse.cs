using System.Collections.Concurrent;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>English sentences, one claim each; the wording varies with what is said, never with chance.</summary>
internal sealed class ClinicianVoiceProse(Knowledge knowledge, ClaimReaderProse reader) : ClinicianVoice
{
    private readonly ConcurrentDictionary<(string, bool), IReadOnlyList<string>> _phrases = new();

    public override string Consider(ClinicianPatient patient, Disease disease, IReadOnlyList<(Observation Observation, bool Fits)> weighed, int against)
    {
        var findings = weighed.Select(w => $"{Phrase(patient, w.Observation, disease.Id)} {Pick(w.Fits, disease.Id, w.Observation.Finding)} {disease.Name}.");
        return $"Consider {disease.Name}. {string.Join(' ', findings)} {Count(disease, against)}";
    }

    public override string Conclude(Disease disease, int? against) => Pick("conclude", disease.Id, "The most likely diagnosis is {0}.", "So this is most likely {0}.", "{0} explains the picture best.")
        .Replace("{0}", disease.Name, StringComparison.Ordinal) + (against is { } n ? " " + Count(disease, n) : "");

    public override string LooksLike(ClinicianPatient patient, Disease disease, IReadOnlyList<string> findings) =>
        $"This looks like {disease.Name}." + string.Concat(findings.Select(f => $" {Phrase(patient, new Observation(f, true), disease.Id)} {Pick(true, disease.Id, f)} {disease.Name}."));

    public override string Confirm(string test) => Pick("confirm", test, "{0} would confirm it.", "To confirm it, {0} is the test.").Replace("{0}", knowledge.Tests[test].Name, StringComparison.Ordinal);

    public override string Give(string drug) => $"The drug to give is {knowledge.Drugs[drug].Name}.";

    public override string First(Drug drug, IReadOnlyList<string> history, string? second)
    {
        var sentences = new List<string> { $"First-line treatment is {drug.Name}." };
        if (drug.Avoid.Count > 0) sentences.Add($"{Capital(drug.Name)} is to be avoided with {Join(drug.Avoid)}.");
        sentences.Add(history.Count == 0 ? "The record shows nothing of note." : $"The record shows {Join(history)}.");
        sentences.Add(second is null ? $"That does not forbid {drug.Name}." : $"That forbids {drug.Name}.");
        if (second is not null) sentences.Add(Second(second));
        return string.Join(' ', sentences);
    }

    public override string Second(string drug) => $"The second-line choice is {knowledge.Drugs[drug].Name}.";

    public override string CountRemark(int against, bool right) =>
        $"{Capital(ClaimReaderProse.Number(against))} {(against == 1 ? "finding speaks" : "findings speak")} against it{(right ? ", and that holds" : "")}.";

    public override string FindingRemark(string finding) => "One of the findings is misread.";

    public override string HistoryRemark(IReadOnlyList<string> history) => "The history is misjudged.";

    public override string WrongRemark => "That does not follow.";

    public override string RightRemark => "That holds.";

    private static string Count(Disease disease, int against) =>
        $"In all, {ClaimReaderProse.Number(against)} {(against == 1 ? "finding speaks" : "findings speak")} against {disease.Name}.";

    private string Phrase(ClinicianPatient patient, Observation observation, string about)
    {
        var usable = _phrases.GetOrAdd((observation.Finding, observation.Present), _ =>
        {
            // Only wording that is read back as this very finding, next to any name, is used.
            var finding = knowledge.Findings[observation.Finding];
            var phrases = (observation.Present ? finding.Present : finding.Absent).Where(p => reader.Finding(p) == observation).ToList();
            return phrases.Count > 0 ? phrases : [(observation.Present ? "" : "no ") + ClaimReaderProse.Spoken(observation.Finding)];
        });
        // As the question words it, where it does.
        var told = usable.Where(p => patient.Text.Contains(p, StringComparison.OrdinalIgnoreCase)).MaxBy(p => p.Length);
        return Capital(told ?? usable[Choice(usable.Count, observation.Finding, about)]);
    }

    private static string Pick(bool fits, string disease, string finding) => fits
        ? Pick(disease, finding, "fits", "is in keeping with", "supports")
        : Pick(disease, finding, "speaks against", "argues against", "counts against");

    private static string Pick(string first, string second, params ReadOnlySpan<string> wordings) => wordings[Choice(wordings.Length, first, second)];

    private static int Choice(int count, string first, string second) => SeededRandom.For(0, "wording", first, second).Next(count);

    private static string Join(IReadOnlyList<string> contexts) => contexts.Count == 1
        ? ClaimReaderProse.Spoken(contexts[0])
        : string.Join(", ", contexts.SkipLast(1).Select(ClaimReaderProse.Spoken)) + " and " + ClaimReaderProse.Spoken(contexts[^1]);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
