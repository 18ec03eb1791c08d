using System.Text.Json.Serialization;

namespace Citrus.Research.Experts;

/// <summary>A batch as its server describes it.</summary>
public sealed record BatchRemote
{
    public string Id { get; init; } = "";

    /// <summary>validating, in_progress, finalizing, completed, failed, expired, cancelling or cancelled.</summary>
    public string Status { get; init; } = "";

    [JsonPropertyName("input_file_id")]
    public string? InputFileId { get; init; }

    [JsonPropertyName("output_file_id")]
    public string? OutputFileId { get; init; }

    [JsonPropertyName("error_file_id")]
    public string? ErrorFileId { get; init; }

    [JsonPropertyName("request_counts")]
    public BatchCounts? Counts { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public BatchErrors? Errors { get; init; }

    /// <summary>Whether nothing more will come.</summary>
    [JsonIgnore]
    public bool IsOver => Status is "completed" or "failed" or "expired" or "cancelled";

    /// <summary>How many requests are done.</summary>
    public sealed record BatchCounts(int Total, int Completed, int Failed);

    /// <summary>Why the server refused the file as a whole.</summary>
    public sealed record BatchErrors(IReadOnlyList<BatchError>? Data);

    /// <summary>One reason.</summary>
    public sealed record BatchError(string? Code, string? Message, int? Line);
}
