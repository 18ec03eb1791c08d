using System.Text.Json.Serialization;

namespace Citrus.Research.Pathways;

/// <summary>A folder of prompts: one wording of all of them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PromptSet>))]
public enum PromptSet
{
    /// <summary>For the chart register, in the words of tiny students; the embedded clinician alone reads it.</summary>
    Chart,

    /// <summary>English.</summary>
    English,

    /// <summary>Chinese.</summary>
    Chinese,
}
