using System.Text.Json;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Cli;

/// <summary>A file of prompts: JSON lines with <c>prompt</c> or <c>messages</c>, and an <c>id</c> each; without one the line's number is its id.</summary>
internal static class PromptFile
{
    /// <summary>One line.</summary>
    public sealed record Asked(string Id, IReadOnlyList<ChatTurn> Turns);

    /// <exception cref="InvalidDataException">A line is no prompt, or an id is there twice; the message names line and field.</exception>
    public static IReadOnlyList<Asked> Read(string path, string? system)
    {
        if (Directory.Exists(path)) throw new InvalidDataException($"--prompts {path} is a folder; name a file of JSON lines.");
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}; --prompts takes a file of JSON lines, each {{\"id\": \"1\", \"prompt\": \"...\"}}.", path);
        var (found, lines, number) = (new List<Asked>(), new Dictionary<string, int>(StringComparer.Ordinal), 0);
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var asked = Parse(line, number, system, problem => new InvalidDataException($"{path}, line {number}: {problem}"));
            if (!lines.TryAdd(asked.Id, number)) throw new InvalidDataException($"{path}, line {number}: the id '{asked.Id}' is that of line {lines[asked.Id]} too; every prompt needs one of its own.");
            found.Add(asked);
        }

        return found.Count > 0 ? found : throw new InvalidDataException($"{path} holds no prompt; one JSON object a line is needed, e.g. {{\"id\": \"1\", \"prompt\": \"...\"}}.");
    }

    /// <summary>A question, after a system prompt where there is one.</summary>
    public static IReadOnlyList<ChatTurn> Turns(string? system, string said) => [.. system is null ? [] : new[] { new ChatTurn(ChatFormat.System, system) }, new ChatTurn(ChatFormat.User, said)];

    private static Asked Parse(string line, int number, string? system, Func<string, Exception> wrong)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw wrong($"this is no JSON: {e.Message}");
        }

        using (json)
        {
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw wrong("a line must be an object, e.g. {\"id\": \"1\", \"prompt\": \"...\"}.");
            var id = root.TryGetProperty("id", out var named)
                ? named.ValueKind switch { JsonValueKind.String => named.GetString()!, JsonValueKind.Number => named.GetRawText(), _ => throw wrong("'id' must be a text or a number.") }
                : number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var (hasPrompt, hasMessages) = (root.TryGetProperty("prompt", out var prompt), root.TryGetProperty("messages", out var messages));
            if (hasPrompt == hasMessages) throw wrong("either 'prompt' (a text) or 'messages' (a list) is needed.");
            if (hasPrompt) return new Asked(id, Turns(system, Text(prompt, "prompt", wrong)));
            if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0) throw wrong("'messages' must be a list of {\"role\": .., \"content\": ..}.");
            var turns = messages.EnumerateArray().Select((m, i) =>
            {
                if (m.ValueKind != JsonValueKind.Object || !m.TryGetProperty("role", out var role) || !m.TryGetProperty("content", out var content)) throw wrong($"message {i + 1} needs 'role' and 'content'.");
                return new ChatTurn(Text(role, $"role of message {i + 1}", wrong), Text(content, $"content of message {i + 1}", wrong));
            }).ToList();
            if (system is not null && turns[0].Role != ChatFormat.System) turns.Insert(0, new ChatTurn(ChatFormat.System, system));
            return new Asked(id, turns);
        }
    }

    private static string Text(JsonElement value, string field, Func<string, Exception> wrong) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : throw wrong($"'{field}' must be a text that is not empty.");
}
