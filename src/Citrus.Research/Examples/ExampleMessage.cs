using System.Text.Json.Serialization;

namespace Citrus.Research.Examples;

/// <summary>One message of a Parquet row.</summary>
public sealed class ExampleMessage
{
    [JsonPropertyName("role")]
    public string Role { get; set; } = "";

    [JsonPropertyName("content")]
    public string Content { get; set; } = "";
}
