using System.Text.RegularExpressions;

namespace Citrus.Research.Tokenization;

/// <summary>Tells which of the supported formats a chat template is, from what it writes. Nothing of it is run.</summary>
internal static partial class ChatRecognition
{
    /// <summary>UTF-16 units; published templates are below a tenth of it.</summary>
    public const int LongestTemplate = 256 * 1024;

    private static readonly string[] Assigned = ["content", "system_message", "messages", "loop_messages"];

    /// <summary>The style of a template.</summary>
    /// <param name="template">The Jinja text.</param>
    /// <param name="first">What the tokenizer's configuration names as bos_token; null where it names none.</param>
    /// <param name="last">What it names as eos_token.</param>
    /// <exception cref="FormatException">It is none of the supported formats; the message says what it writes that they do not.</exception>
    public static ChatStyle Style(string template, string? first, string? last)
    {
        if (template.Length > LongestTemplate) throw new FormatException($"it is longer than {LongestTemplate} characters");
        var outline = JinjaOutline.Read(template);
        var written = outline.Written.Select(w => w.Pattern).ToHashSet(StringComparer.Ordinal);
        bool Writes(string mark) => outline.Written.Concat(outline.Set).Any(w => w.Pattern.Contains(mark, StringComparison.Ordinal));
        if (Writes("<|im_start|>")) return ChatMl(outline, written);
        if (Writes("<|start_header_id|>")) return Llama3(outline, written, first);
        if (Writes("[INST]")) return Mistral(outline, written, first, last);
        if (Writes(SpecialTokens.User + " {content}"))
        {
            Only(outline, written, p => p is " " or "<|assistant|> {content} <|end|>" or "<|user|> {content}" or " <|assistant|>", _ => false);
            return new StudentStyle();
        }

        throw new FormatException("it writes none of their marks");
    }

    private static ChatMlStyle ChatMl(JinjaOutline outline, HashSet<string> written)
    {
        const string Thought = "<|im_start|>{role}\n<think>\n{reasoning_content.strip('\n')}\n</think>\n\n{content.lstrip('\n')}";
        string? system = null;
        Only(outline, written, p =>
        {
            if (FixedSystem().Match(p) is { Success: true } match)
            {
                system = match.Groups[1].Value;
                return true;
            }

            return p is "<|im_start|>{role}\n{content}<|im_end|>\n" or "<|im_start|>{role}\n{content}" or "<|im_start|>{role}" or "\n{content}" or "<|im_end|>\n"
                or "<|im_start|>system\n{messages[0].content}<|im_end|>\n" or "<|im_start|>system\n{system_message}<|im_end|>\n"
                or "<|im_start|>system\n{content}<|im_end|>\n" or "<|im_start|>user\n{content}<|im_end|>\n" or "<|im_start|>assistant\n{content}<|im_end|>\n"
                or "<|im_start|>user\n{content}<|im_end|>\n<|im_start|>assistant\n" or "{content}<|im_end|>\n"
                or "<|im_start|>assistant\n" or "<|im_start|>assistant\n<think>\n" or "<think>\n\n</think>\n\n" or Thought;
        }, s =>
        {
            if (FixedMessage().Match(s) is { Success: true } match)
            {
                system = match.Groups[1].Value;
                return true;
            }

            return s is "content={content}" or "content={message.content.split('</think>')[-1].lstrip('\n')}" or "content=";
        });
        if (!written.Any(p => p.Contains("{content}<|im_end|>", StringComparison.Ordinal))) throw new FormatException("it writes no <|im_end|> after what was said");
        return new ChatMlStyle(system, written.Contains(Thought), written.Contains("<|im_start|>assistant\n<think>\n"));
    }

    private static Llama3Style Llama3(JinjaOutline outline, HashSet<string> written, string? first)
    {
        const string Turn = "<|start_header_id|>{role}<|end_header_id|>\n\n{content|trim}<|eot_id|>";
        var dated = written.Contains("Cutting Knowledge Date: December 2023\n");
        var setsTurn = outline.Set.Any(s => s.Pattern == "content=" + Turn);
        Only(outline, written,
            p => p is Turn or "{bos_token}" or "<|start_header_id|>assistant<|end_header_id|>\n\n" || (setsTurn && p == "{content}")
                || (dated && p is "<|start_header_id|>system<|end_header_id|>\n\n" or "Cutting Knowledge Date: December 2023\n" or "Today Date: {date_string}\n\n" or "{system_message}" or "<|eot_id|>"),
            s => s is "content=" + Turn or "content={bos_token}{content}" or "system_message=");
        if (!setsTurn && !written.Contains(Turn)) throw new FormatException("it does not write turns between <|start_header_id|> and <|eot_id|>");
        return new Llama3Style(dated) { First = first ?? "<|begin_of_text|>" };
    }

    private static MistralStyle Mistral(JinjaOutline outline, HashSet<string> written, string? first, string? last)
    {
        Match? question = null, system = null, answer = null;
        Only(outline, written, p =>
            p == "{bos_token}" || Found(Question().Match(p), ref question) || Found(SystemQuestion().Match(p), ref system) || Found(Answer().Match(p), ref answer), _ => false);
        if (question is null || answer is null || !written.Contains("{bos_token}")) throw new FormatException("it lacks [INST] around a question, an answer with eos_token behind it, or bos_token");
        if (system is not null && (system.Groups[1].Value != question.Groups[1].Value || system.Groups[2].Value != question.Groups[2].Value))
            throw new FormatException("it writes a question with the system's words otherwise than one without");
        return new MistralStyle
        {
            First = first ?? "<s>",
            End = last ?? "</s>",
            Open = question.Groups[1].Value,
            Close = question.Groups[2].Value,
            BeforeAnswer = answer.Groups[1].Value,
            TrimsAnswer = answer.Groups[2].Length > 0,
            AfterAnswer = answer.Groups[3].Value,
            System = system is null ? MistralStyle.SystemPlace.None : outline.Written.First(w => w.Pattern == system.Value).Condition switch
            {
                "loop.firstandsystem_messageisdefined" => MistralStyle.SystemPlace.First,
                "loop.lastandsystem_messageisdefined" => MistralStyle.SystemPlace.LastTurn,
                "(message==user_messages[-1])andsystem_messageisdefined" => MistralStyle.SystemPlace.LastQuestion,
                var other => throw new FormatException($"it writes the system's words where '{other}'"),
            },
        };
    }

    private static bool Found(Match match, ref Match? kept)
    {
        if (!match.Success) return false;
        if (kept is not null && kept.Value != match.Value) throw new FormatException($"it writes both '{kept.Value}' and '{match.Value}'");
        kept = match;
        return true;
    }

    // A template that writes one thing more, or changes what it will write, is another format.
    private static void Only(JinjaOutline outline, HashSet<string> written, Func<string, bool> writes, Func<string, bool> sets)
    {
        if (written.FirstOrDefault(p => !writes(p)) is { } strange) throw new FormatException($"it writes {Quoted(strange)}");
        foreach (var (pattern, _) in outline.Set)
        {
            if (!Assigned.Any(a => pattern.StartsWith(a + "=", StringComparison.Ordinal)) || sets(pattern)) continue;
            if (pattern is not ("system_message={messages[0].content}" or "system_message={messages[0].content|trim}" or "messages={messages[1:]}" or "loop_messages={messages[1:]}" or "loop_messages={messages}"))
                throw new FormatException($"it sets {Quoted(pattern)}");
        }
    }

    private static string Quoted(string pattern) => $"'{(pattern.Length > 120 ? pattern[..120] + "..." : pattern).ReplaceLineEndings("\\n")}'";

    [GeneratedRegex(@"^<\|im_start\|>system\n([^{}]+)<\|im_end\|>\n\z", RegexOptions.Singleline)]
    private static partial Regex FixedSystem();

    [GeneratedRegex(@"^system_message=([^{}]+)\z", RegexOptions.Singleline)]
    private static partial Regex FixedMessage();

    [GeneratedRegex(@"^( ?\[INST\] ?)\{content\}( ?\[/INST\])\z")]
    private static partial Regex Question();

    [GeneratedRegex(@"^( ?\[INST\] ?)\{system_message\}\n\n\{content\}( ?\[/INST\])\z")]
    private static partial Regex SystemQuestion();

    [GeneratedRegex(@"^( ?)\{content(\|trim)?\}\{eos_token\}( ?)\z")]
    private static partial Regex Answer();
}
