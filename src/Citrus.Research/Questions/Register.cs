using System.Text.Json.Serialization;

namespace Citrus.Research.Questions;

/// <summary>How a question is worded: terse words (<see cref="Chart"/>) or prose (<see cref="Vignette"/>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Register>))]
public enum Register
{
    /// <summary>Whitespace-separated words of a small fixed vocabulary; what tiny students read.</summary>
    Chart,

    /// <summary>English prose, as in published exams; what endpoints and larger students read.</summary>
    Vignette,
}
