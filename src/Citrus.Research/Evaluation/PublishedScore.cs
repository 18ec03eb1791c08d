namespace Citrus.Research.Evaluation;

/// <summary>A MedQA accuracy that somebody published.</summary>
/// <param name="Model">As the source calls it.</param>
/// <param name="Billions">Parameters in billions; null where they are not public.</param>
/// <param name="Percent">Accuracy in percent.</param>
/// <param name="Setting">How the model was made or asked, in the source's terms.</param>
/// <param name="Source">Where the number stands.</param>
public sealed record PublishedScore(string Model, double? Billions, double Percent, string Setting, string Source);
