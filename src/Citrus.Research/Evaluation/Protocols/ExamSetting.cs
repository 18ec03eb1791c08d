using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary>What a protocol needs to know of the model and the benchmark beside its own options.</summary>
public sealed record ExamSetting
{
    /// <summary>How this model is asked where the protocol does not say: students of ours as they were trained, others with the expert's prompt.</summary>
    public PromptStyle Style { get; init; } = PromptStyle.Expert;

    /// <summary>The model's spec names a temperature, and so greedy generation does not override it.</summary>
    public bool ModelSetsTemperature { get; init; }

    /// <summary>Several options may be chosen; see <see cref="Ballot.Several"/>.</summary>
    public bool Several { get; init; }

    /// <summary>The text of a bare question.</summary>
    public Func<Question, string> Text { get; init; } = QuestionText.Prose;

    /// <summary>A whole answer as a student of ours would write it after a bare question.</summary>
    public Func<Question, Option, string> Continuation { get; init; } = (_, option) => $" <answer>{option.Label}. {option.Text}</answer>";
}
