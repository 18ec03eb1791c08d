using System.Globalization;

namespace Citrus.Research.Clinic;

/// <summary>The chart grammar.</summary>
internal sealed class ClinicianVoiceChart : ClinicianVoice
{
    public override string Consider(ClinicianPatient patient, Disease disease, IReadOnlyList<(Observation Observation, bool Fits)> weighed, int against) =>
        $"consider {disease.Id} : {string.Concat(weighed.Select(w => $"{w.Observation.Finding} {(w.Fits ? '+' : '-')} "))}= {Text(against)} .";

    public override string Conclude(Disease disease, int? against) => against is { } n ? $"so {disease.Id} {Text(n)} ." : $"so {disease.Id} .";

    public override string LooksLike(ClinicianPatient patient, Disease disease, IReadOnlyList<string> findings) =>
        $"looks like {disease.Id} because {(findings.Count == 0 ? "none" : string.Join(' ', findings))} .";

    public override string Confirm(string test) => $"confirm {test} .";

    public override string Give(string drug) => $"give {drug} .";

    public override string First(Drug drug, IReadOnlyList<string> history, string? second) =>
        // Each context is held against the history as it is listed: "is it in the list" in one step is beyond a small student. Who overlooks a context marks none.
        $"first {drug.Id} avoid {string.Concat(drug.Avoid.Select(c => $"{c} {(second is not null && history.Contains(c) ? '+' : '-')} "))}{(second is null ? "ok" : "stop second " + second)} .";

    public override string Second(string drug) => $"second {drug} .";

    public override string CountRemark(int against, bool right) => $"{Text(against)} {(right ? "ok" : "wrong")}";

    public override string FindingRemark(string finding) => $"{finding} wrong";

    public override string HistoryRemark(IReadOnlyList<string> history) => $"history {History(history)} wrong";

    public override string WrongRemark => "wrong";

    public override string RightRemark => "ok";

    private static string History(IReadOnlyList<string> history) => history.Count == 0 ? "none" : string.Join(' ', history);

    private static string Text(int n) => n.ToString(CultureInfo.InvariantCulture);
}
