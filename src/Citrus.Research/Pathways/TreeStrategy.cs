using System.Text.Json.Serialization;

namespace Citrus.Research.Pathways;

/// <summary>Which step of a tree is followed next.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TreeStrategy>))]
public enum TreeStrategy
{
    /// <summary>The open step whose path has the best mean score, wherever it is.</summary>
    BestFirst,

    /// <summary>Level by level, the best few of each; where a level dies out, the best open step of an earlier one.</summary>
    Beam,
}
