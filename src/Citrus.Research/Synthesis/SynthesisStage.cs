using System.Text.Json.Serialization;

namespace Citrus.Research.Synthesis;

/// <summary>The stages of the pipeline, in their order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SynthesisStage>))]
public enum SynthesisStage
{
    /// <summary>Open-ended stems and difficulty; <c>labels.jsonl</c>.</summary>
    Label,

    /// <summary>The pathway; <c>traces.jsonl</c>.</summary>
    Reason,

    /// <summary>The answer held against the truth; <c>verified.jsonl</c>.</summary>
    Verify,

    /// <summary>One thought and its answer; <c>narratives.jsonl</c>.</summary>
    Narrate,

    /// <summary>Filters, data files and card.</summary>
    Emit,
}
