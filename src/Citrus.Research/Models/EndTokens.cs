using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Models;

/// <summary>Token ids at which a checkpoint's answers end: those of its chat format and those of <c>generation_config.json</c> (else <c>config.json</c>).</summary>
internal static class EndTokens
{
    /// <exception cref="InvalidDataException">A file names an id that is none.</exception>
    public static IReadOnlyList<int> Read(string folder, StudentTokenizer tokenizer, int vocabulary)
    {
        var written = Written(Path.Combine(folder, Checkpoint.GenerationFile), vocabulary);
        if (written.Count == 0) written = Written(Path.Combine(folder, Checkpoint.ConfigFile), vocabulary);
        return [.. Of(tokenizer).Concat(written).Where(id => id < vocabulary).Distinct()];
    }

    /// <summary>Those that the tokenizer alone tells of.</summary>
    public static IReadOnlyList<int> Of(StudentTokenizer tokenizer)
    {
        try
        {
            return tokenizer.StopIds;
        }
        catch (TokenizerFormatException)
        {
            // A chat format that is unknown is an error for who asks for it, not for who continues a text.
            return tokenizer.Roles.End is { } end && tokenizer.IdOf(end) is { } id ? [id] : [];
        }
    }

    private static List<int> Written(string path, int vocabulary)
    {
        if (!File.Exists(path)) return [];
        JsonNode? named;
        try
        {
            named = JsonNode.Parse(File.ReadAllText(path))?["eos_token_id"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }

        return [.. (named is JsonArray several ? several : [named?.DeepClone()]).OfType<JsonNode>().Select(n =>
            n is JsonValue value && value.TryGetValue<int>(out var id) && id >= 0 && id < vocabulary
                ? id
                : throw new InvalidDataException($"{path}: eos_token_id holds {n.ToJsonString()}; the model's token ids are 0 to {vocabulary - 1}."))];
    }
}
