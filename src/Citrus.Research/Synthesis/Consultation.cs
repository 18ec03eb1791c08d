using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Citrus.Research.Synthesis;

/// <summary>A finished consultation; one line of <c>consultations.jsonl</c>.</summary>
public sealed record Consultation
{
    /// <summary>How a line is written.</summary>
    [JsonIgnore]
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Id of the case.</summary>
    public required string Case { get; init; }

    /// <summary>What the patient said first.</summary>
    public required string Complaint { get; init; }

    /// <summary>Questions and answers, in turn.</summary>
    public required IReadOnlyList<ConsultationTurn> Turns { get; init; }

    /// <summary>The doctor's diagnosis; null where it came to none.</summary>
    public string? Diagnosis { get; init; }

    /// <summary>The doctor's summary of the case, without the diagnosis; null where it came to none.</summary>
    public string? Summary { get; init; }

    /// <summary>Why the consultation cannot be used (an abstention, replies beyond repair); null where it can.</summary>
    public string? Unusable { get; init; }

    /// <summary>How many calls were made.</summary>
    public int Calls { get; init; }

    /// <summary>Replies that deviated from the format but could be read.</summary>
    public int Repaired { get; init; }

    /// <summary>Replies that could not be used and were asked for again.</summary>
    public int Retried { get; init; }

    /// <summary>Input tokens of all calls; null where one reported none.</summary>
    public long? TokensIn { get; init; } = 0;

    /// <summary>Output tokens of all calls; null where one reported none.</summary>
    public long? TokensOut { get; init; } = 0;

    /// <summary>US dollars; null where a price is unknown.</summary>
    public double? Cost { get; init; } = 0;

    /// <summary>Hash of what went in (case, options, prompts, experts); a resume skips only what agrees. Empty outside a driver.</summary>
    public string Inputs { get; init; } = "";

    /// <summary>How many questions the doctor asked.</summary>
    [JsonIgnore]
    public int Asked => Turns.Count(t => t.Doctor);
}
