using System.Text;

namespace Citrus.Research.Tokenization;

/// <summary>Ways to spell a Jinja expression so that equals look equal.</summary>
internal static class JinjaExpression
{
    /// <summary>A concatenation as one pattern: literals bare, the rest in braces.</summary>
    public static string Pattern(string expression)
    {
        var pattern = new StringBuilder();
        foreach (var term in Terms(Plain(expression)))
        {
            if (term.Length > 1 && term[0] == '\'' && term.IndexOf('\'', 1) == term.Length - 1) pattern.Append(Unescaped(term[1..^1]));
            else
                pattern.Append('{').Append(term switch
                {
                    "message.content" => "content",
                    "message.content|trim" => "content|trim",
                    "message.role" => "role",
                    _ => term,
                }).Append('}');
        }

        return pattern.ToString();
    }

    /// <summary>Without whitespace outside literals, with single quotes, and fields after a dot.</summary>
    public static string Plain(string expression)
    {
        var text = new StringBuilder();
        for (var i = 0; i < expression.Length; i++)
        {
            var c = expression[i];
            if (c is '\'' or '"')
            {
                var literal = Literal(expression, ref i);
                // x['role'] and x["role"] are x.role
                if (text.Length > 1 && text[^1] == '[' && (char.IsLetterOrDigit(text[^2]) || text[^2] is ']' or '_') && i + 1 < expression.Length && expression[i + 1] == ']'
                    && literal.All(l => char.IsAsciiLetterOrDigit(l) || l == '_'))
                {
                    text[^1] = '.';
                    text.Append(literal);
                    i++;
                }
                else text.Append('\'').Append(Escaped(literal)).Append('\'');
            }
            else if (!char.IsWhiteSpace(c)) text.Append(c);
        }

        return text.ToString();
    }

    // the literal's value; i is left at its closing quote
    private static string Literal(string text, ref int i)
    {
        var (quote, value) = (text[i], new StringBuilder());
        for (i++; i < text.Length && text[i] != quote; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length) value.Append(text[i]);
            else
                value.Append(text[++i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        }

        return value.ToString();
    }

    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\q", StringComparison.Ordinal);

    private static string Unescaped(string literal) => literal.Replace("\\q", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    private static List<string> Terms(string plain)
    {
        var (terms, depth, quoted, start) = (new List<string>(), 0, false, 0);
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] == '\'') quoted = !quoted;
            if (quoted) continue;
            if (plain[i] is '(' or '[' or '{') depth++;
            if (plain[i] is ')' or ']' or '}') depth--;
            if (plain[i] != '+' || depth != 0) continue;
            terms.Add(plain[start..i]);
            start = i + 1;
        }

        terms.Add(plain[start..]);
        return terms;
    }
}
