namespace Citrus.Research.Tokenization;

/// <summary>ChatML as Qwen 1.5 to 3 and many others write it.</summary>
/// <param name="system">What stands where a conversation has no system turn; null for nothing.</param>
/// <param name="thoughts">Whether thoughts are a part of the format, as in Qwen 3: kept after the last question only, and an answer without one gets an empty one.</param>
/// <param name="opensThought">Whether the prompt ends with an opened thought (Qwen 3's Thinking models).</param>
internal sealed class ChatMlStyle(string? system, bool thoughts = false, bool opensThought = false) : ChatStyle
{
    private const string Start = "<|im_start|>", End = "<|im_end|>";

    public override string Name => "chatml";

    public override string EndOfTurn => End;

    public override IReadOnlyList<string> StopTokens { get; } = [End, "<|endoftext|>"];

    public override string? Jinja => system is null && !thoughts
        ? "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
        : null;

    public override void Write(ChatWriter writer, IReadOnlyList<ChatTurn> turns, bool prompt, bool thinking)
    {
        if (system is not null && (turns.Count == 0 || turns[0].Role != ChatFormat.System)) writer.Mark($"{Start}system\n{system}{End}\n");
        var question = thoughts ? LastQuestion(turns) : turns.Count;
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            writer.Mark($"{Start}{turn.Role}\n");
            if (turn.Role == ChatFormat.Assistant && thoughts) Answer(writer, turn, afterQuestion: i > question, last: i == turns.Count - 1);
            else writer.Said(turn);
            writer.Mark(End, turn.Role == ChatFormat.Assistant ? 1 : 0);
            writer.Mark("\n");
        }

        if (!prompt) return;
        writer.Mark($"{Start}assistant\n");
        if (opensThought) writer.Mark($"{SpecialTokens.Think}\n");
        else if (thoughts && !thinking) writer.Mark(NoThought);
    }

    private const string NoThought = $"{SpecialTokens.Think}\n\n{SpecialTokens.EndThink}\n\n";

    private static int LastQuestion(IReadOnlyList<ChatTurn> turns)
    {
        for (var i = turns.Count - 1; i >= 0; i--)
            if (turns[i].Role == ChatFormat.User && !(turns[i].Text.StartsWith("<tool_response>", StringComparison.Ordinal) && turns[i].Text.EndsWith("</tool_response>", StringComparison.Ordinal)))
                return i;
        return turns.Count - 1;
    }

    // The template's splits and strips, kept as ranges of the turn so that its weights stay where they were.
    private static void Answer(ChatWriter writer, ChatTurn turn, bool afterQuestion, bool last)
    {
        var text = turn.Text;
        var (thoughtFrom, thoughtTo, from) = (0, 0, 0);
        if (text.IndexOf(SpecialTokens.EndThink, StringComparison.Ordinal) is var close and >= 0)
        {
            from = Skip(text, text.LastIndexOf(SpecialTokens.EndThink, StringComparison.Ordinal) + SpecialTokens.EndThink.Length, text.Length);
            thoughtTo = Back(text, 0, close);
            var open = text.AsSpan(0, thoughtTo).LastIndexOf(SpecialTokens.Think);
            thoughtFrom = Skip(text, open < 0 ? 0 : open + SpecialTokens.Think.Length, thoughtTo);
        }

        if (afterQuestion && (last || thoughtTo > thoughtFrom))
        {
            from = Skip(text, from, text.Length);
            // an empty thought is what a prompt without thinking gives, so it is nothing to learn
            if (thoughtFrom == thoughtTo) writer.Mark(NoThought);
            else
            {
                writer.Mark($"{SpecialTokens.Think}\n", 1);
                writer.Said(turn, thoughtFrom, thoughtTo);
                writer.Mark($"\n{SpecialTokens.EndThink}\n\n", 1);
            }
        }

        writer.Said(turn, from, text.Length);
    }

    private static int Skip(string text, int from, int to)
    {
        while (from < to && text[from] == '\n') from++;
        return from;
    }

    private static int Back(string text, int from, int to)
    {
        while (to > from && text[to - 1] == '\n') to--;
        return to;
    }
}
