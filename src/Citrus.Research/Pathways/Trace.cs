using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>
/// All steps of one question, rejected ones included. Its JSON line has these properties in camelCase, enums as their names, and leaves
/// out what is null: <c>question</c>, <c>pathway</c>, <c>register</c>, <c>steps</c> (each with <c>role</c>, <c>kind</c>, <c>text</c>,
/// <c>accepted</c>, <c>feedback</c>, <c>answer</c>, <c>tokensIn</c>, <c>tokensOut</c>, <c>cost</c>, <c>latency</c>, <c>reasoning</c>, <c>score</c>,
/// <c>node</c>, <c>parent</c>, <c>expert</c>, <c>promptHash</c>), <c>answerLabel</c>, <c>answerText</c>, <c>unusable</c>, <c>fault</c>, <c>calls</c>, <c>repaired</c>, <c>retried</c>, <c>inputs</c>.
/// </summary>
public sealed record Trace
{
    /// <summary>How a trace is written as one JSON line.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Id of the question.</summary>
    public required string Question { get; init; }

    /// <summary>Name of the pathway.</summary>
    public required string Pathway { get; init; }

    public required Register Register { get; init; }

    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>Label of the option that was chosen in the end; null where none was.</summary>
    public string? AnswerLabel { get; init; }

    /// <summary>Text of that option.</summary>
    public string? AnswerText { get; init; }

    /// <summary>Why the trace cannot be used (an abstention, replies beyond repair, too many steps); null where it can.</summary>
    public string? Unusable { get; init; }

    /// <summary>What went wrong where an expert gave no reply; such a trace is not journalled.</summary>
    public Experts.ExpertFault? Fault { get; init; }

    /// <summary>How many calls were made.</summary>
    public int Calls { get; init; }

    /// <summary>Replies that deviated from the format but could be read.</summary>
    public int Repaired { get; init; }

    /// <summary>Replies that could not be read and were asked for again.</summary>
    public int Retried { get; init; }

    /// <summary>Hash of what went in (question, pathway with its options and prompts, experts); a resume skips only what agrees. Empty outside a driver.</summary>
    public string Inputs { get; init; } = "";

    /// <summary>The reasoning expert's steps that stand.</summary>
    [JsonIgnore]
    public IEnumerable<Step> Accepted => Steps.Where(s => s is { Accepted: true, Role: Experts.ExpertRoles.Reasoning });

    /// <summary>How many proposals were rejected; the candidates that a tree search did not follow are none.</summary>
    [JsonIgnore]
    public int Rejections => Steps.Count(s => s is { Accepted: false, Node: null });
}
