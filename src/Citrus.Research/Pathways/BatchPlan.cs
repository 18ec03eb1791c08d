using System.Text.Json.Serialization;

namespace Citrus.Research.Pathways;

/// <summary>What a batch folder is for; its <c>batch.json</c>, written once and compared from then on.</summary>
public sealed record BatchPlan
{
    /// <summary>Raised when the folder's layout changes.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Random, made with the folder: what a remote batch is found again by.</summary>
    public string Id { get; init; } = Guid.NewGuid().ToString("N")[..12];

    public required string Pathway { get; init; }

    /// <summary>The pathway's, so its options and prompts: other ones would make other requests of the same replies.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Spec of the reasoning expert, with its sampling options.</summary>
    public required string Expert { get; init; }

    /// <summary>Spec of the reflection expert and judge; null where the reasoning expert is both.</summary>
    public string? Reflector { get; init; }

    /// <summary>How many questions.</summary>
    public required int Questions { get; init; }

    /// <summary>SHA-256 (hex) of the folder's questions.jsonl.</summary>
    public required string QuestionsSha256 { get; init; }

    /// <summary>Files only: nothing is sent to a server even where the spec names one.</summary>
    public bool Offline { get; init; }

    /// <summary>Most requests in one file; OpenAI takes 50,000.</summary>
    public int MaxRequests { get; init; } = 50_000;

    /// <summary>Most bytes in one file; OpenAI takes 200 MB.</summary>
    public long MaxBytes { get; init; } = 190_000_000;

    /// <summary>How often a request is sent that fails for a passing reason (429, 5xx, expired, no line) before its question is given up, 1 or more.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The spec that answers a role.</summary>
    public string SpecOf(string role) => role == Experts.ExpertRoles.Reasoning ? Expert : Reflector ?? Expert;

    /// <summary>Whether one model plays all roles.</summary>
    [JsonIgnore]
    public bool IsOneModel => Reflector is null || Reflector == Expert;
}
