using System.Text.Json.Serialization;

namespace Citrus.Research.Questions;

/// <summary>Which option an output chose.</summary>
/// <param name="Tier">How it was found.</param>
/// <param name="Letter">The label that was given as a letter; null where none was.</param>
/// <param name="Named">The label of the option whose text was given; null where none was.</param>
/// <param name="IsWellFormed">The output is as asked for: any thought closed, then one closed answer, and nothing behind it.</param>
public sealed record ExtractedAnswer(ExtractionTier Tier, string? Letter, string? Named, bool IsWellFormed)
{
    /// <summary>The chosen option: by letter, or by name where no letter was given.</summary>
    [JsonIgnore]
    public string? Label => Letter ?? Named;

    /// <summary>Letter and named option are different ones.</summary>
    [JsonIgnore]
    public bool Disagrees => Letter is not null && Named is not null && Letter != Named;
}
