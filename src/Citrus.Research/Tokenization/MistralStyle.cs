namespace Citrus.Research.Tokenization;

/// <summary>Mistral's instructions; versions differ in spaces, and in which question carries the system's words.</summary>
internal sealed class MistralStyle : ChatStyle
{
    /// <summary>The token that begins every conversation.</summary>
    public string First { get; init; } = "<s>";

    /// <summary>The token that closes an answer.</summary>
    public string End { get; init; } = "</s>";

    /// <summary>What stands before a question: <c>"[INST] "</c>, with a space before in some versions, without one behind in Nemo.</summary>
    public required string Open { get; init; }

    /// <summary>What stands behind a question.</summary>
    public required string Close { get; init; }

    /// <summary>What stands before an answer.</summary>
    public string BeforeAnswer { get; init; } = "";

    /// <summary>What stands behind an answer's end.</summary>
    public string AfterAnswer { get; init; } = "";

    public bool TrimsAnswer { get; init; }

    /// <summary>Where the system's words stand: in the first question, in the last one, or nowhere (v0.1: refused).</summary>
    public SystemPlace System { get; init; }

    public override string Name => "mistral";

    public override string EndOfTurn => End;

    public override IReadOnlyList<string> StopTokens => [End];

    // only what ChatFormat.Named offers; another version's template comes with its folder
    public override string? Jinja => (Open, Close, System) == ("[INST] ", "[/INST]", SystemPlace.LastQuestion) && TrimsAnswer
        ? "{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content'] %}{%- set loop_messages = messages[1:] %}{%- else %}{%- set loop_messages = messages %}{%- endif %}"
            + "{%- set user_messages = loop_messages | selectattr('role', 'equalto', 'user') | list %}{{- bos_token }}{%- for message in loop_messages %}{%- if message['role'] == 'user' %}"
            + "{%- if (message == user_messages[-1]) and system_message is defined %}{{- '[INST] ' + system_message + '\n\n' + message['content'] + '[/INST]' }}"
            + "{%- else %}{{- '[INST] ' + message['content'] + '[/INST]' }}{%- endif %}{%- else %}{{- ' ' + message['content']|trim + eos_token }}{%- endif %}{%- endfor %}"
        : null;

    public enum SystemPlace
    {
        None,
        First,

        /// <summary>The last question, wherever it stands.</summary>
        LastQuestion,

        /// <summary>The last turn, if it is a question; the words are lost where it is not.</summary>
        LastTurn,
    }

    public override void Write(ChatWriter writer, IReadOnlyList<ChatTurn> turns, bool prompt, bool thinking)
    {
        var system = turns.Count > 0 && turns[0].Role == ChatFormat.System ? turns[0] : null;
        if (system is not null && System == SystemPlace.None)
            throw new ArgumentException("This checkpoint's Mistral template has no place for a system turn: write its words into the first user turn.", nameof(turns));
        var rest = system is null ? turns : [.. turns.Skip(1)];
        for (var i = 0; i < rest.Count; i++)
            if (rest[i].Role != (i % 2 == 0 ? ChatFormat.User : ChatFormat.Assistant))
                throw new ArgumentException($"Turn {i + 1 + (turns.Count - rest.Count)} is the {rest[i].Role}'s; in Mistral's format user and assistant alternate, the user first{(System == SystemPlace.None ? "" : " after an optional system turn")}.", nameof(turns));

        var carrier = System switch
        {
            SystemPlace.First => 0,
            SystemPlace.LastQuestion => (rest.Count - 1) / 2 * 2,
            _ => rest.Count - 1,
        };
        writer.Mark(First);
        for (var i = 0; i < rest.Count; i++)
        {
            if (rest[i].Role == ChatFormat.User)
            {
                writer.Mark(Open);
                if (system is not null && i == carrier)
                {
                    writer.Said(system);
                    writer.Mark("\n\n");
                }

                writer.Said(rest[i]);
                writer.Mark(Close);
                continue;
            }

            // the prompt ends before this space, so the model writes it
            writer.Mark(BeforeAnswer, 1);
            if (TrimsAnswer) writer.SaidTrimmed(rest[i]);
            else writer.Said(rest[i]);
            writer.Mark(End, 1);
            writer.Mark(AfterAnswer);
        }
    }
}
