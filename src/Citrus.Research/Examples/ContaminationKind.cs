using System.Text.Json.Serialization;

namespace Citrus.Research.Examples;

/// <summary>How a training text repeats a test question.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContaminationKind>))]
public enum ContaminationKind
{
    /// <summary>A run of 13 words (20 characters of Chinese) of the stem stands in it.</summary>
    Run,

    /// <summary>The whole of it, or as many of its lines as the question has, is the question but for few characters.</summary>
    Fuzzy,
}
