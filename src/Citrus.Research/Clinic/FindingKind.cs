namespace Citrus.Research.Clinic;

/// <summary>How a finding becomes known.</summary>
public enum FindingKind { Symptom, Sign, Lab, Imaging, Risk }
