namespace Citrus.Research.Tokenization;

/// <summary>How a student reads a conversation: <c>&lt;|user|&gt; {text} &lt;|assistant|&gt; {text} &lt;|end|&gt;</c>.</summary>
public static class ChatTemplate
{
    /// <summary>What tokenizer_config.json says to Hugging Face; renders the same text as <see cref="Prompt"/> and <see cref="Answered"/>.</summary>
    /// <remarks>A system message is read as a user's.</remarks>
    public const string Jinja =
        "{% for message in messages %}{% if not loop.first %}{{ ' ' }}{% endif %}{% if message['role'] == 'assistant' %}"
        + "{{ '<|assistant|> ' + message['content'] + ' <|end|>' }}{% else %}{{ '<|user|> ' + message['content'] }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}{{ ' <|assistant|>' }}{% endif %}";

    /// <summary>The text after which an assistant's words come.</summary>
    public static string Prompt(string user) => $"{SpecialTokens.User} {user} {SpecialTokens.Assistant}";

    /// <summary>A whole exchange.</summary>
    public static string Answered(string user, string assistant) => $"{Prompt(user)} {assistant} {SpecialTokens.End}";
}
