namespace Citrus.Research.Clinic;

/// <summary>The two ways to write the same thing: terse ids for tiny students, or English prose.</summary>
public enum Register { Chart, Vignette }
