using System.Text.Json.Serialization;

namespace Citrus.Research.Questions;

/// <summary>How an answer was found, the surest way first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExtractionTier>))]
public enum ExtractionTier
{
    /// <summary>No option could be told.</summary>
    None,

    /// <summary>Between answer tags.</summary>
    Tagged,

    /// <summary>"The answer is (B)", a box, or a lone letter.</summary>
    Stated,

    /// <summary>One option's text, and no other's, is said outside the thought.</summary>
    OptionText,

    /// <summary>A second model read the output and named the option; the one tier that costs a call and may err in ways that no rule explains.</summary>
    Judge,
}
