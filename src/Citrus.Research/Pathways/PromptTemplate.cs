using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Citrus.Research.Pathways;

/// <summary>
/// A prompt file: the system message, a line <c>--- user ---</c>, the user message, and perhaps a line <c>--- reply ---</c> with the JSON
/// Schema of the reply; <c>{name}</c> marks what is filled in. The system message begins with header lines, the first of them <c>role: ...</c>.
/// </summary>
public sealed partial class PromptTemplate
{
    private const string Separator = "--- user ---\n";
    private const string ReplySeparator = "\n--- reply ---\n";

    private readonly string[] _system;
    private readonly string[] _user;

    /// <param name="name">File name without its ending.</param>
    /// <param name="text">The file's text; line ends are taken as <c>\n</c>.</param>
    /// <exception cref="FormatException">No role header or no user part.</exception>
    public PromptTemplate(string name, string text)
    {
        text = text.ReplaceLineEndings("\n");
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        if (at < 0) throw new FormatException($"Prompt '{name}' has no line '{Separator.Trim()}' between its system and its user message.");
        Role = Experts.PromptText.Header(text[..at], "role") ?? throw new FormatException($"Prompt '{name}' does not begin with a header line 'role: ...'.");
        Name = name;
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        _system = Slot().Split(text[..at].Trim());
        var user = text[(at + Separator.Length)..];
        if (user.IndexOf(ReplySeparator, StringComparison.Ordinal) is >= 0 and var end)
        {
            Schema = user[(end + ReplySeparator.Length)..].Trim();
            user = user[..end];
            try
            {
                using var json = JsonDocument.Parse(Schema);
            }
            catch (JsonException e)
            {
                throw new FormatException($"Prompt '{name}': what follows '{ReplySeparator.Trim()}' is no JSON Schema: {e.Message}", e);
            }
        }

        _user = Slot().Split(user.Trim());
    }

    public string Name { get; }

    /// <summary>Who is asked.</summary>
    public string Role { get; }

    /// <summary>The JSON Schema that the file declares for the reply; null where it declares none.</summary>
    public string? Schema { get; }

    /// <summary>SHA-256 (hex) of the text with <c>\n</c> line ends.</summary>
    public string Hash { get; }

    /// <summary>The request with every slot filled.</summary>
    /// <exception cref="KeyNotFoundException">The file has a slot that is not offered.</exception>
    public ExpertRequest Fill(IReadOnlyDictionary<string, string> values) => new(Role, Fill(_system, values), Fill(_user, values), Hash, Schema);

    private string Fill(string[] parts, IReadOnlyDictionary<string, string> values)
    {
        // Splitting on one capture group leaves text at even and slot names at odd places.
        if (parts.Length == 1) return parts[0];
        var text = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            text.Append(i % 2 == 0
                ? parts[i]
                : values.TryGetValue(parts[i], out var value)
                    ? value
                    : throw new KeyNotFoundException($"Prompt '{Name}' has a slot {{{parts[i]}}}; offered are {string.Join(", ", values.Keys.Order(StringComparer.Ordinal))}."));
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Slot();
}
