using System.Text.Json.Serialization;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>A question's narrative, or why there is none; a line of <c>narratives.jsonl</c>.</summary>
public sealed record ToldTrace : IStageRecord
{
    public required string Question { get; init; }

    public required string Inputs { get; init; }

    public required Register Register { get; init; }

    /// <summary>The thought in stretches of loss weight; empty for an answer alone.</summary>
    public IReadOnlyList<Segment> Think { get; init; } = [];

    /// <summary>What stands between the answer tags; null where the narrative could not be used.</summary>
    public string? Answer { get; init; }

    /// <summary>Whether the question was asked openly, without options.</summary>
    public bool Open { get; init; }

    /// <summary>Why there is no narrative, one of <see cref="NarrativeWriter"/>'s reasons; empty where there is one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What was wrong with the last try; null where nothing was.</summary>
    public string? Problem { get; init; }

    /// <summary>Narratives that were asked for; 0 where the rule told it.</summary>
    public int Attempts { get; init; }

    public ExpertUse Use { get; init; } = ExpertUse.None;

    /// <summary>The narrative; null where there is none.</summary>
    [JsonIgnore]
    public Narrative? Narrative => Answer is null ? null : new Narrative(Register, Think, Answer);
}
