using System.Text.Json.Serialization;

namespace Citrus.Research.Examples;

/// <summary>One example as a row of a Parquet file; properties are columns under their JSON names.</summary>
public sealed class ExampleRow
{
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    /// <summary>Id of the question.</summary>
    [JsonPropertyName("question_id")]
    public string QuestionId { get; set; } = "";

    /// <summary>The user's text.</summary>
    [JsonPropertyName("question")]
    public string Question { get; set; } = "";

    /// <summary>The conversation, as a list of structs of role and content.</summary>
    [JsonPropertyName("messages")]
    public List<ExampleMessage> Messages { get; set; } = [];

    /// <summary>What stands between the think tags; empty where there is no thought.</summary>
    [JsonPropertyName("thought")]
    public string Thought { get; set; } = "";

    /// <summary>What stands between the answer tags.</summary>
    [JsonPropertyName("answer")]
    public string Answer { get; set; } = "";

    [JsonPropertyName("pathway")]
    public string Pathway { get; set; } = "";

    [JsonPropertyName("source")]
    public string Source { get; set; } = "";

    /// <summary>easy, hard or unknown; null where it was not measured.</summary>
    [JsonPropertyName("difficulty")]
    public string? Difficulty { get; set; }

    /// <summary>en or zh.</summary>
    [JsonPropertyName("language")]
    public string Language { get; set; } = "";

    /// <summary>Input tokens of the calls behind the example; null where some call told none.</summary>
    [JsonPropertyName("tokens_in")]
    public long? TokensIn { get; set; }

    /// <summary>Output tokens of the calls behind the example; null where some call told none.</summary>
    [JsonPropertyName("tokens_out")]
    public long? TokensOut { get; set; }

    /// <summary>US dollars of the calls behind the example; null where some call's price is not known.</summary>
    [JsonPropertyName("cost")]
    public double? Cost { get; set; }
}
