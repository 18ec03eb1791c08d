namespace Citrus.Research.Pathways;

/// <summary>One file of a round: one model's requests.</summary>
public sealed record BatchJob
{
    /// <summary>Its files are <c>rounds/NAME.input.jsonl</c>, <c>.output.jsonl</c> and <c>.errors.jsonl</c>; e.g. <c>round-001</c>, <c>round-002-reflection</c>, <c>round-001-2</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Spec of the expert that answers it.</summary>
    public required string Spec { get; init; }

    public required int Requests { get; init; }

    public BatchJobStep Step { get; init; }

    public string? FileId { get; init; }

    public string? BatchId { get; init; }

    /// <summary>The server's word for how it stands.</summary>
    public string? Status { get; init; }

    public int Completed { get; init; }

    public int Failed { get; init; }

    /// <summary>Why the server refused the file as a whole.</summary>
    public string? Refused { get; init; }
}
