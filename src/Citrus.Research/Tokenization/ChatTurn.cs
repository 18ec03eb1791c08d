namespace Citrus.Research.Tokenization;

/// <summary>One turn of a conversation as a chat format writes it.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">What was said. It is data: tokens that control a conversation are not to be made from it.</param>
public sealed record ChatTurn(string Role, string Text)
{
    /// <summary>The text cut into stretches with a loss weight each; null where the whole turn weighs 1. Read in assistant turns only; joined they are <see cref="Text"/>.</summary>
    public IReadOnlyList<Stretch>? Parts { get; init; }
}
