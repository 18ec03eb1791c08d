namespace Citrus.Research.Synthesis;

/// <summary>How consultations are run.</summary>
public sealed record ConsultationDriverOptions
{
    /// <summary>Consultations in flight at a time, 1 or more.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>File that consultations are appended to and resumed from; null keeps them in memory only.</summary>
    public string? Journal { get; init; }

    /// <summary>Told after every finished consultation, from whichever thread finished it: how many are done, how many of them were there already, and how many cannot be used.</summary>
    public IProgress<(int Done, int Resumed, int Problems)>? Progress { get; init; }

    /// <summary>Spec of the doctor; part of what a resume compares.</summary>
    public string DoctorSpec { get; init; } = "";

    /// <summary>Spec of the patient; part of what a resume compares.</summary>
    public string PatientSpec { get; init; } = "";
}
