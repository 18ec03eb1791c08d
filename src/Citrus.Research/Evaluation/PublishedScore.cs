namespace Citrus.Research.Evaluation;

/// <summary>A MedQA accuracy that somebody published.</summary>
/// <param name="Model">As the source calls it.</param>
/// <param name="Billions">Parameters in billions; null where they are not public.</param>
/// <param name="Percent">Accuracy in percent.</param>
/// <param name="Setting">How the model was made or asked, in the source's terms.</param>
/// <param name="Source">Where the number stands.</param>
/// <param name="Protocol">How it was asked and scored, as far as a source that could be read says so.</param>
/// <param name="Verified">How far the number was checked.</param>
/// <param name="Check">What it was checked against; empty where it was not.</param>
/// <param name="Conflict">Other numbers for the same model, in words; empty where there is none.</param>
public sealed record PublishedScore(
    string Model, double? Billions, double Percent, string Setting, string Source, string Protocol = "", SourceCheck Verified = SourceCheck.No, string Check = "", string Conflict = "");
