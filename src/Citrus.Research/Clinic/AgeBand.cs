namespace Citrus.Research.Clinic;

/// <summary>0-17, 18-39, 40-64, 65 and over.</summary>
public enum AgeBand { Child, Young, Middle, Old }
