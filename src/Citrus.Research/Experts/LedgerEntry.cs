using System.Text.Json.Serialization;

namespace Citrus.Research.Experts;

/// <summary>One paid call: a line of the ledger.</summary>
public sealed record LedgerEntry
{
    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The expert's spec.</summary>
    public required string Spec { get; init; }

    /// <summary>Who was asked, one of <see cref="ExpertRoles"/>.</summary>
    public string Role { get; init; } = "";

    /// <summary>Id of the question.</summary>
    public string Question { get; init; } = "";

    /// <summary>Which of several samples of the same request.</summary>
    public int Sample { get; init; }

    /// <summary>Input tokens; null where no reply came.</summary>
    public long? TokensIn { get; init; }

    /// <summary>Output tokens; null where no reply came.</summary>
    public long? TokensOut { get; init; }

    /// <summary>Whether the server reported no usage, so that the tokens are our estimate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Estimated { get; init; }

    /// <summary>US dollars; null where the price is unknown or no reply came.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Milliseconds of the last attempt.</summary>
    public double? Latency { get; init; }

    /// <summary>Requests sent.</summary>
    public int Attempts { get; init; }

    /// <summary>Why no reply came; null where one did.</summary>
    public ExpertFault? Fault { get; init; }
}
