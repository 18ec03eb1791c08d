using System.Text.Json.Serialization;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary>How a question is put to a model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PromptStyle>))]
public enum PromptStyle
{
    /// <summary>The question and its options, nothing else: what our own students were trained on, and what the simulated clinician reads.</summary>
    Bare,

    /// <summary>The expert's prompt of the paper's kind: think as a physician does, between think tags, then one option between answer tags.</summary>
    Expert,

    /// <summary>The option at once, without explanation.</summary>
    Plain,
}
