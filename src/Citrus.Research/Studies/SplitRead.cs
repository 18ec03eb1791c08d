namespace Citrus.Research.Studies;

/// <summary>One reading of a split that students are scored on.</summary>
/// <param name="Split">Which.</param>
/// <param name="Purpose">The study and scale that read it.</param>
/// <param name="Questions">How many.</param>
/// <param name="Sha256">Of the questions as JSON lines.</param>
public sealed record SplitRead(string Split, string Purpose, int Questions, string Sha256);
