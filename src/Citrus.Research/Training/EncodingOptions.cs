using Citrus.Research.Tokenization;

namespace Citrus.Research.Training;

/// <summary>How examples and pairs become token sequences; see <see cref="RecordEncoder"/>.</summary>
public sealed record EncodingOptions
{
    /// <summary>Most tokens of a sequence, both ends included; null is no limit. A model of n positions learns from n + 1.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>What is done with longer records.</summary>
    public Overlong Overlong { get; init; }

    /// <summary>Whether the last assistant turn alone is learned; else all of them are.</summary>
    public bool LastAnswerOnly { get; init; }

    /// <summary>Factor on the loss weight of the tokens between the answer tags; 1 leaves them as they are.</summary>
    public double AnswerWeight { get; init; } = 1;

    /// <summary>Whether a record without a token to learn is left out and counted; else it is an error that names it.</summary>
    public bool SkipUnlearnable { get; init; }

    /// <summary>Pairs: leave out of the loss what both answers begin with.</summary>
    public bool FromDivergence { get; init; }

    /// <summary>The format of the conversation; null is the tokenizer's own (<see cref="StudentTokenizer.ChatFormat"/>).</summary>
    public ChatFormat? Format { get; init; }

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        if (MaxTokens is < 8) throw new ArgumentException($"Encoding: {nameof(MaxTokens)} is {MaxTokens}; it must be at least 8.");
        if (!(AnswerWeight is > 0 and < 1000)) throw new ArgumentException(FormattableString.Invariant($"Encoding: {nameof(AnswerWeight)} is {AnswerWeight}; it must be above 0, e.g. 4."));
    }
}
