using System.Text.Json.Serialization;

namespace Citrus.Research.Evaluation;

/// <summary>What can be wrong with predictions.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EvaluationProblemKind>))]
public enum EvaluationProblemKind
{
    /// <summary>A question has no prediction; it counts as wrong.</summary>
    Missing,

    /// <summary>A prediction is of a question that the benchmark does not have; it counts for nothing.</summary>
    UnknownQuestion,

    /// <summary>A question has the same prediction twice; the first counts.</summary>
    Duplicated,

    /// <summary>The options that the prediction was made on are not the question's; it counts as wrong, for its letters mean something else.</summary>
    OptionsDiffer,

    /// <summary>The prediction says that another option is right than the question does; the question's truth counts.</summary>
    AnswerDiffers,

    /// <summary>A label that no option has was given as the answer; it counts as wrong.</summary>
    LabelOutsideOptions,

    /// <summary>A likelihood is not a number, or there is not one for each option; it counts as wrong.</summary>
    BadLikelihood,

    /// <summary>A line or record cannot be read; its question counts as missing.</summary>
    Unreadable,

    /// <summary>There is no prediction at all.</summary>
    Empty,

    /// <summary>The model gave no reply, e.g. its provider's filter refused; the question counts as missing.</summary>
    NoReply,
}
