namespace Citrus.Research.Clinic;

/// <summary>The clinician as reflection expert: holds a proposed step against the posterior, the knowledge and the truth.</summary>
internal sealed class ClinicianSupervision(Knowledge knowledge, StepCheck check)
{
    /// <param name="thought">Accepted steps.</param>
    /// <param name="proposed">The step to rate.</param>
    /// <param name="label">Label that the step commits to; null where it does not.</param>
    /// <param name="truth">Label and text of the right option.</param>
    /// <returns>Whether it may stand, and a remark that does not name what would be right.</returns>
    public (bool Accepts, string Remark) Rate(
        ClinicianPatient patient, ClinicianVoice voice, string thought, string proposed, string? label, (string Label, string Text) truth)
    {
        var before = check.Reader.Read(thought, patient.Register);
        var step = check.Reader.Read(proposed, patient.Register);
        var right = RightDiseases(patient, check.Recogniser.Resolve(truth.Text));
        var verdicts = check.Check(patient, [.. before, .. step]).Claims.Skip(before.Count).ToList();

        // A commitment is held against the truth, everything else against what the question tells.
        if (step.FirstOrDefault(c => c.Kind == ClaimKind.Conclusion) is { } conclusion && right.Count > 0 && !right.Contains(conclusion.Hypothesis!))
            return (false, voice.CountRemark(patient.Against(knowledge.Diseases[conclusion.Hypothesis!]), right: false));
        foreach (var verdict in verdicts.Where(v => !v.Holds && v.Claim.Kind != ClaimKind.Conclusion))
        {
            return (false, verdict.Claim.Kind switch
            {
                ClaimKind.Finding => voice.FindingRemark(verdict.Claim.Finding!),
                ClaimKind.Count => voice.CountRemark(patient.Against(knowledge.Diseases[verdict.Claim.Hypothesis!]), right: false),
                ClaimKind.Contraindication or ClaimKind.History => voice.HistoryRemark(patient.Contexts),
                _ => voice.WrongRemark,
            });
        }

        if (label is not null && label != truth.Label && !(patient.Options.Count == 0 && check.Recogniser.Resolve(label) is { } named && named == check.Recogniser.Resolve(truth.Text))) return (false, voice.WrongRemark);
        var counted = step.FirstOrDefault(c => c.Kind == ClaimKind.Conclusion)?.Hypothesis;
        return (true, counted is null ? voice.RightRemark : voice.CountRemark(patient.Against(knowledge.Diseases[counted]), right: true));
    }

    private HashSet<string> RightDiseases(ClinicianPatient patient, string? truth) => truth is null
        ? []
        : [.. patient.Pool.Where(d => d.Id == truth || d.Confirm == truth || d.FirstLine == truth || d.SecondLine == truth).Select(d => d.Id)];
}
