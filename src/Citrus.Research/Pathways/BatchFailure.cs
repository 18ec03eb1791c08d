using System.Text.Json.Serialization;
using Citrus.Research.Experts;

namespace Citrus.Research.Pathways;

/// <summary>One line of failures.jsonl: a call that a round did not answer.</summary>
/// <param name="Question">Id of the question.</param>
/// <param name="Call">Which call of the question, from 0.</param>
public sealed record BatchFailure(string Question, int Call, int Round, ExpertFault Fault, string Message)
{
    /// <summary>Whether the same request may succeed in a later round.</summary>
    [JsonIgnore]
    public bool IsTransient => new ExpertException(Fault, Message).IsTransient;

    /// <summary>Whether every request would fail alike: it costs the question nothing.</summary>
    [JsonIgnore]
    public bool EndsRun => new ExpertException(Fault, Message).EndsRun;
}
