namespace Citrus.Research.Tokenization;

/// <summary>Llama 3's headers; from 3.1 on the system header states two dates.</summary>
/// <param name="dated">Whether the dates are written (3.1, 3.2 and 3.3).</param>
/// <param name="today">The day in the header, as in <c>26 Jul 2024</c>.</param>
internal sealed class Llama3Style(bool dated, string today = Llama3Style.TemplatesDay) : ChatStyle
{
    /// <summary>The day that Meta's templates write where they are told no other.</summary>
    public const string TemplatesDay = "26 Jul 2024";

    private const string End = "<|eot_id|>";

    /// <summary>The token that begins every conversation.</summary>
    public string First { get; init; } = "<|begin_of_text|>";

    public override string Name => "llama3";

    public override string EndOfTurn => End;

    public override IReadOnlyList<string> StopTokens { get; } = [End, "<|end_of_text|>", "<|eom_id|>"];

    public override string? Jinja => dated
        ? null
        : "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}";

    public Llama3Style On(string day) => new(dated, day) { First = First };

    public override void Write(ChatWriter writer, IReadOnlyList<ChatTurn> turns, bool prompt, bool thinking)
    {
        // a conversation of no turns is none to the undated template, which writes the first token with the first turn
        if (dated || turns.Count > 0) writer.Mark(First);
        var first = 0;
        if (dated)
        {
            writer.Mark(Header(ChatFormat.System) + $"Cutting Knowledge Date: December 2023\nToday Date: {today}\n\n");
            if (turns.Count > 0 && turns[0].Role == ChatFormat.System) writer.SaidTrimmed(turns[first++]);
            writer.Mark(End);
        }

        foreach (var turn in turns.Skip(first))
        {
            writer.Mark(Header(turn.Role));
            writer.SaidTrimmed(turn);
            writer.Mark(End, turn.Role == ChatFormat.Assistant ? 1 : 0);
        }

        if (prompt) writer.Mark(Header(ChatFormat.Assistant));
    }

    private static string Header(string role) => $"<|start_header_id|>{role}<|end_header_id|>\n\n";
}
