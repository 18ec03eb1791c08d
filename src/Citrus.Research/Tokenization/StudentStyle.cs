namespace Citrus.Research.Tokenization;

/// <summary>Our own students': <see cref="ChatTemplate"/>.</summary>
internal sealed class StudentStyle : ChatStyle
{
    public override string Name => "student";

    public override string EndOfTurn => SpecialTokens.End;

    public override IReadOnlyList<string> StopTokens { get; } = [SpecialTokens.End];

    public override string Jinja => ChatTemplate.Jinja;

    public override void Write(ChatWriter writer, IReadOnlyList<ChatTurn> turns, bool prompt, bool thinking)
    {
        var gap = "";
        foreach (var turn in turns)
        {
            if (turn.Role == ChatFormat.Assistant)
            {
                writer.Mark($"{gap}{SpecialTokens.Assistant} ");
                writer.Said(turn);
                writer.Mark($" {SpecialTokens.End}", 1);
            }
            else
            {
                writer.Mark($"{gap}{SpecialTokens.User} ");
                writer.Said(turn);
            }

            gap = " ";
        }

        if (prompt) writer.Mark($" {SpecialTokens.Assistant}");
    }
}
