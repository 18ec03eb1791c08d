using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks;

/// <summary>JSON as Jupyter lays it out, so that saving a file there changes nothing in it.</summary>
internal static class NotebookJson
{
    /// <summary>One line, letters unescaped.</summary>
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a MIME type's data are JSON rather than text.</summary>
    public static bool IsJson(string mimeType) => mimeType == "application/json"
        || (mimeType.StartsWith("application/", StringComparison.Ordinal) && mimeType.EndsWith("+json", StringComparison.Ordinal));

    /// <summary>Indented by one space, names in order, lines ended by <c>\n</c>.</summary>
    public static string Text(JsonNode node)
    {
        var text = new StringBuilder();
        Write(node, 0, text);
        return text.ToString();
    }

    private static void Write(JsonNode? node, int depth, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                var separator = "{\n";
                // By code point, as Python sorts.
                foreach (var (name, value) in members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    Quote(name, text.Append(separator).Append(' ', depth + 1));
                    Write(value, depth + 1, text.Append(": "));
                    separator = ",\n";
                }

                text.Append('\n').Append(' ', depth).Append('}');
                break;
            case JsonArray { Count: > 0 } items:
                separator = "[\n";
                foreach (var item in items)
                {
                    Write(item, depth + 1, text.Append(separator).Append(' ', depth + 1));
                    separator = ",\n";
                }

                text.Append('\n').Append(' ', depth).Append(']');
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Quote(value.GetValue<string>(), text);
                break;
            default:
                text.Append(node?.ToJsonString(Compact) ?? "null");
                break;
        }
    }

    private static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                text.Append(c).Append(value[++i]);
                continue;
            }

            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                // Half a character cannot be written as UTF-8.
                < ' ' or (>= '\ud800' and <= '\udfff') => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
