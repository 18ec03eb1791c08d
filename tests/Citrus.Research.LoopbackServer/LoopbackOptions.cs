namespace Citrus.Research.LoopbackServer;

/// <summary>How the server behaves.</summary>
public sealed record LoopbackOptions
{
    /// <summary>TCP port on the loopback interface; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>How long every answer takes, in milliseconds, over and above its own work.</summary>
    public double LatencyMs { get; init; }

    /// <summary>Which requests go wrong, and how.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>Seed of the faults.</summary>
    public long Seed { get; init; }

    /// <summary>After so many answered requests every further one is refused with <see cref="FailWith"/>; null never.</summary>
    public int? FailAfter { get; init; }

    /// <summary>HTTP status after <see cref="FailAfter"/> requests, e.g. 401 or 404.</summary>
    public int FailWith { get; init; } = 401;

    /// <summary>The key that requests must bring as bearer token or api-key header; null asks for none.</summary>
    public string? Key { get; init; }

    /// <summary>Whether error messages and replies hold the request's Authorization header, as no server should.</summary>
    public bool EchoKey { get; init; }

    /// <summary>Models there are; any where empty.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Where a reply's thinking goes: none, content (reasoning_content), field (reasoning) or inline (think tags).</summary>
    public string Reasoning { get; init; } = "none";

    /// <summary>Whether replies say how many tokens they took.</summary>
    public bool Usage { get; init; } = true;

    /// <summary>Seconds of Retry-After, where the fault has one.</summary>
    public double RetryAfter { get; init; } = 1;

    /// <summary>JSON Lines file of requests; null writes none.</summary>
    public string? Log { get; init; }

    /// <summary>Whether the last request's body and headers are kept for a test to look at.</summary>
    public bool Remembers { get; init; }
}
