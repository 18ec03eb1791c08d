namespace Citrus.Research.Figures;

/// <summary>What a report page is called and how much it may hold; a browser has to keep all of it.</summary>
public sealed record ReportOptions
{
    /// <summary>Heading of the page.</summary>
    public string Title { get; init; } = "Evaluation report";

    /// <summary>Bytes of all input files together; the page is about as large.</summary>
    public long MaximumBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of one line of <c>samples.jsonl</c> or <c>traces.jsonl</c>.</summary>
    public int MaximumLineBytes { get; init; } = 64 << 20;

    /// <summary>Runs side by side, 1 to 30.</summary>
    public int MaximumRuns { get; init; } = 16;

    /// <summary>Questions of all runs, the same one counted once.</summary>
    public int MaximumQuestions { get; init; } = 200_000;

    internal ReportOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumBytes, 1, nameof(MaximumBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumLineBytes, 1, nameof(MaximumLineBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumQuestions, 1, nameof(MaximumQuestions));
        if (MaximumRuns is < 1 or > 30) throw new ArgumentException($"MaximumRuns is {MaximumRuns}; a page puts 1 to 30 runs side by side.");
        return this;
    }
}
