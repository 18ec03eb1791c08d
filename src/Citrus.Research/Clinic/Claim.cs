namespace Citrus.Research.Clinic;

/// <summary>One thing that a reasoning text says and that can be true or false; only the fields of its kind are filled.</summary>
public sealed record Claim
{
    public required ClaimKind Kind { get; init; }

    /// <summary>The words it was read from.</summary>
    public required string Text { get; init; }

    /// <summary>Which statement of the text it belongs to, from 0; a check retracts a whole statement.</summary>
    public int Statement { get; init; }

    /// <summary>Whether the text itself takes it back further on ("check x 3 wrong").</summary>
    public bool Retracted { get; init; }

    /// <summary>Id of the disease it is about.</summary>
    public string? Hypothesis { get; init; }

    /// <summary>Id of the finding cited.</summary>
    public string? Finding { get; init; }

    /// <summary>Whether the finding is said to be present; null where the text (a chart) does not say.</summary>
    public bool? Present { get; init; }

    /// <summary>Whether what was observed is said to speak for the hypothesis.</summary>
    public bool? Favours { get; init; }

    /// <summary>How many findings are said to speak against.</summary>
    public int? Count { get; init; }

    /// <summary>Id of the test.</summary>
    public string? Test { get; init; }

    /// <summary>Id of the drug.</summary>
    public string? Drug { get; init; }

    /// <summary>Of a drug: <c>first</c> or <c>second</c> line, or <c>give</c>.</summary>
    public string? Line { get; init; }

    /// <summary>Id of the context; null in a history of none.</summary>
    public string? Context { get; init; }

    /// <summary>Whether the drug is said to be forbidden: in <see cref="Context"/>, or in this patient where that is null.</summary>
    public bool? Forbidden { get; init; }
}
