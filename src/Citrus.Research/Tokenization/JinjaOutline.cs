using System.Text;

namespace Citrus.Research.Tokenization;

/// <summary>What a chat template writes and under which conditions, read without running it.</summary>
/// <remarks>
/// An output is spelt as one pattern: literals as they are, anything else in braces, <c>message['content']</c> as <c>{content}</c> and <c>message.role</c> as <c>{role}</c>:
/// <c>{{ '&lt;|im_start|&gt;' + message.role + '\n' }}</c> gives <c>&lt;|im_start|&gt;{role}\n</c>. A <c>set</c> gives <c>name=pattern</c>. Branches that only tools reach are left out.
/// </remarks>
internal sealed class JinjaOutline
{
    private readonly List<(string Pattern, string Condition)> _written = [];
    private readonly List<(string Pattern, string Condition)> _set = [];
    private readonly Stack<string> _conditions = new();

    private JinjaOutline()
    {
    }

    /// <summary>Patterns of what is written, with the innermost condition around each.</summary>
    public IReadOnlyList<(string Pattern, string Condition)> Written => _written;

    /// <summary>Variables that are set, as <c>name=pattern</c>.</summary>
    public IReadOnlyList<(string Pattern, string Condition)> Set => _set;

    /// <exception cref="FormatException">A tag is not closed, or a block ends that never began.</exception>
    public static JinjaOutline Read(string template)
    {
        var outline = new JinjaOutline();
        var (at, stripsNext, afterBlock) = (0, false, false);
        while (at < template.Length)
        {
            var open = NextTag(template, at);
            var raw = template[at..(open < 0 ? template.Length : open)];
            // Transformers renders with trim_blocks and lstrip_blocks
            if (stripsNext) raw = raw.TrimStart();
            else if (afterBlock && raw.StartsWith('\n')) raw = raw[1..];
            if (open >= 0 && template[open + 2] == '-') raw = raw.TrimEnd();
            else if (open >= 0 && template[open + 1] != '{' && raw.LastIndexOf('\n') is var line && raw[(line + 1)..].All(c => c is ' ' or '\t')
                && (line >= 0 || open == raw.Length)) raw = raw[..(line + 1)];
            if (raw.Length > 0) outline.Add(outline._written, raw);
            if (open < 0) break;
            var kind = template[open + 1];
            var close = TagEnd(template, open, kind);
            var (from, to) = (open + 2, close);
            if (from < to && template[from] is '-' or '+') from++;
            stripsNext = to > from && template[to - 1] == '-';
            if (stripsNext) to--;
            afterBlock = kind != '{';
            at = close + 2;
            if (kind == '{') outline.Add(outline._written, JinjaExpression.Pattern(template[from..to]));
            else if (kind == '%') outline.Statement(template[from..to].Trim());
        }

        if (outline._conditions.Count > 0) throw new FormatException("a block is not closed");
        return outline;
    }

    private void Add(List<(string, string)> list, string pattern)
    {
        if (!_conditions.Any(OnlyWithTools) && !pattern.StartsWith("{raise_exception", StringComparison.Ordinal)) list.Add((pattern, _conditions.FirstOrDefault(c => c.Length > 0) ?? ""));
    }

    private void Statement(string text)
    {
        var word = text.Split([' ', '(', '\t', '\n'], 2)[0];
        var rest = text[word.Length..];
        switch (word)
        {
            case "if":
                _conditions.Push(JinjaExpression.Plain(rest));
                break;
            case "for":
                _conditions.Push(rest.Contains("tool", StringComparison.Ordinal) ? "for:" + JinjaExpression.Plain(rest) : "");
                break;
            case "elif":
            case "else":
                if (_conditions.Count == 0) throw new FormatException($"'{word}' stands outside an if");
                var before = _conditions.Pop();
                _conditions.Push(word == "elif" ? JinjaExpression.Plain(rest) : before.Length == 0 ? "" : "else:" + before);
                break;
            case "endif":
            case "endfor":
            case "endset":
            case "endmacro":
                if (!_conditions.TryPop(out _)) throw new FormatException($"'{word}' ends what never began");
                break;
            case "set" when rest.Contains('=', StringComparison.Ordinal):
                var equals = rest.IndexOf('=', StringComparison.Ordinal);
                Add(_set, rest[..equals].Trim() + "=" + JinjaExpression.Pattern(rest[(equals + 1)..]));
                break;
            case "set":
            case "macro":
                _conditions.Push("");
                Add(_written, $"{{%{word}}}");
                break;
            default:
                Add(_written, $"{{%{word}}}");
                break;
        }
    }

    // Conditions as they stand in published templates; "not message.tool_calls" and the like hold for plain turns.
    private static bool OnlyWithTools(string condition) =>
        condition.Contains("tool", StringComparison.Ordinal)
        && !condition.StartsWith("not", StringComparison.Ordinal) && !condition.StartsWith("else:", StringComparison.Ordinal)
        && !condition.Contains("notmessage.tool_calls", StringComparison.Ordinal);

    private static int NextTag(string text, int from)
    {
        for (var at = text.IndexOf('{', from); at >= 0 && at + 2 < text.Length; at = text.IndexOf('{', at + 1))
            if (text[at + 1] is '{' or '%' or '#') return at;
        return -1;
    }

    private static int TagEnd(string text, int open, char kind)
    {
        var close = kind switch { '{' => "}}", '%' => "%}", _ => "#}" };
        var quote = '\0';
        for (var i = open + 2; i + 1 < text.Length; i++)
        {
            var c = text[i];
            if (kind != '#' && quote != '\0')
            {
                if (c == '\\') i++;
                else if (c == quote) quote = '\0';
            }
            else if (kind != '#' && c is '\'' or '"') quote = c;
            else if (c == close[0] && text[i + 1] == close[1]) return i;
        }

        throw new FormatException($"a tag is not closed: {new StringBuilder(text, open, Math.Min(40, text.Length - open), 40)}");
    }
}
