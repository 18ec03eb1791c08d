using System.Globalization;

namespace Citrus.Research.Training;

/// <summary>What became of a file's records when they were made into token sequences.</summary>
public sealed record EncodingReport
{
    public required string File { get; init; }

    /// <summary>Records read.</summary>
    public required int Records { get; init; }

    /// <summary>Records that are learned from, shortened ones included.</summary>
    public required int Kept { get; init; }

    /// <summary>Records whose prompt lost its middle.</summary>
    public int PromptsCut { get; init; }

    /// <summary>Records whose answer lost its end.</summary>
    public int AnswersCut { get; init; }

    /// <summary>Records left out, by reason.</summary>
    public IReadOnlyDictionary<string, int> Dropped { get; init; } = new Dictionary<string, int>();

    /// <summary>Ids of the first few that were left out or shortened.</summary>
    public IReadOnlyList<string> Touched { get; init; } = [];

    /// <summary>Tokens of what is kept; both answers of a pair count.</summary>
    public required long Tokens { get; init; }

    /// <summary>Those with a weight above 0 in the loss.</summary>
    public required long LossTokens { get; init; }

    /// <summary>Tokens of the longest sequence kept.</summary>
    public required int Longest { get; init; }

    /// <summary>Whether every record is kept as it is.</summary>
    public bool IsWhole => Kept == Records && PromptsCut == 0 && AnswersCut == 0;

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        static string N(long x) => x.ToString("N0", CultureInfo.InvariantCulture);
        var parts = new List<string> { $"{Path.GetFileName(File)}: {N(Kept)} of {N(Records)} records, {N(Tokens)} tokens ({N(LossTokens)} learned), longest {N(Longest)}" };
        if (PromptsCut > 0) parts.Add($"{N(PromptsCut)} prompts lost their middle");
        if (AnswersCut > 0) parts.Add($"{N(AnswersCut)} answers lost their end");
        parts.AddRange(Dropped.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{N(d.Value)} left out: {d.Key}"));
        if (Touched.Count > 0) parts.Add($"e.g. {string.Join(", ", Touched)}");
        return string.Join("; ", parts);
    }
}
