using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>What the labelling stage found out about one question; a line of <c>labels.jsonl</c>.</summary>
public sealed record QuestionLabel : IStageRecord
{
    public required string Question { get; init; }

    public required string Inputs { get; init; }

    /// <summary>The open-ended stem; null where none was asked for or none passed the check.</summary>
    public string? Open { get; init; }

    /// <summary>Why there is no open-ended stem; null where there is one or none was asked for.</summary>
    public string? Problem { get; init; }

    /// <summary>Rewritings that were asked for, 0 where the question had one.</summary>
    public int Attempts { get; init; }

    /// <summary>One of <see cref="Synthesis.Difficulty"/>; null where it was not measured.</summary>
    public string? Difficulty { get; init; }

    /// <summary>Share of the weak answerer's samples that are right; null where it was not asked.</summary>
    public double? WeakRate { get; init; }

    /// <summary>Share of the strong answerer's samples that are right; null where it was not asked.</summary>
    public double? StrongRate { get; init; }

    /// <summary>Samples per answerer.</summary>
    public int Samples { get; init; }

    /// <summary>Whether stem and difficulty came with the question.</summary>
    public bool Given { get; init; }

    public ExpertUse Use { get; init; } = ExpertUse.None;

    /// <summary>The question with what was found out.</summary>
    public Question Applied(Question question)
    {
        var tags = new SortedDictionary<string, string>(question.Tags.ToDictionary(), StringComparer.Ordinal);
        if (Difficulty is { } difficulty) tags.TryAdd(Synthesis.Difficulty.Tag, difficulty);
        return question with { OpenStem = question.OpenStem ?? Open, Tags = tags };
    }
}
