namespace Citrus.Research.Clinic;

/// <summary>How the clinician words a thought or a remark in one register.</summary>
internal abstract class ClinicianVoice
{
    /// <summary>A hypothesis weighed against the heeded observations, and how many of them speak against it.</summary>
    public abstract string Consider(ClinicianPatient patient, Disease disease, IReadOnlyList<(Observation Observation, bool Fits)> weighed, int against);

    /// <summary>A commitment; <paramref name="against"/> where a remark has to be met with a count.</summary>
    public abstract string Conclude(Disease disease, int? against);

    /// <summary>A commitment at first sight, with the findings that gave it away.</summary>
    public abstract string LooksLike(ClinicianPatient patient, Disease disease, IReadOnlyList<string> findings);

    public abstract string Confirm(string test);

    public abstract string Give(string drug);

    /// <summary>The first-line drug held against the history; where it is taken to be forbidden, the second line instead.</summary>
    public abstract string First(Drug drug, IReadOnlyList<string> history, string? second);

    public abstract string Second(string drug);

    /// <summary>Remark: so many findings speak against it.</summary>
    public abstract string CountRemark(int against, bool right);

    /// <summary>Remark: this finding was misread.</summary>
    public abstract string FindingRemark(string finding);

    /// <summary>Remark: the history was misjudged.</summary>
    public abstract string HistoryRemark(IReadOnlyList<string> history);

    /// <summary>Remark: wrong, without a machine-checkable reason.</summary>
    public abstract string WrongRemark { get; }

    public abstract string RightRemark { get; }
}
