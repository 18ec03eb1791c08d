using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>What was asked and what came back: a line of a recording.</summary>
internal sealed record Exchange
{
    public const string FileName = "exchanges.jsonl";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>SHA-256 of messages and sample.</summary>
    public required string Key { get; init; }

    /// <summary>Who was asked.</summary>
    public required string Spec { get; init; }

    public string Role { get; init; } = "";

    public string Question { get; init; } = "";

    public int Sample { get; init; }

    public required IReadOnlyList<Message> Messages { get; init; }

    public required KeptReply Reply { get; init; }

    public static Exchange Of(RequestKey key, string spec, IReadOnlyList<ChatMessage> messages, ChatOptions? options, KeptReply reply) => new()
    {
        Key = key.ToString(),
        Spec = spec,
        Role = CallProperties.Text(options, ExpertProperties.Role),
        Question = CallProperties.Text(options, ExpertProperties.Question),
        Sample = CallProperties.Sample(options),
        Messages = [.. messages.Select(m => new Message(m.Role.Value, m.Text))],
        Reply = reply,
    };

    internal sealed record Message(string Role, string Text);

    /// <summary>What an index needs of a line.</summary>
    internal sealed record Head(string? Key, string? Spec);
}
