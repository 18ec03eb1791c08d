using System.Text.Encodings.Web;
using System.Text.Json;

namespace Citrus.Research.Tokenization;

/// <summary>A tokenizer's two files in a Hugging Face model folder.</summary>
internal static class TokenizerFolder
{
    public const string TokenizerFile = "tokenizer.json";
    public const string ConfigFile = "tokenizer_config.json";
    public const string TemplateFile = "chat_template.jinja";

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(StudentTokenizer tokenizer, string folder)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, TokenizerFile), json =>
        {
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            json.WriteStartArray("added_tokens");
            foreach (var token in tokenizer.Added.OrderBy(t => t.Id))
            {
                json.WriteStartObject();
                json.WriteNumber("id", token.Id);
                WriteAdded(json, token);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            tokenizer.WriteModel(json);
        });
        WriteJson(Path.Combine(folder, ConfigFile), json =>
        {
            json.WriteStartObject("added_tokens_decoder");
            foreach (var token in tokenizer.Added.OrderBy(t => t.Id))
            {
                json.WriteStartObject(token.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                WriteAdded(json, token);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteNull("bos_token");
            json.WriteString("eos_token", tokenizer.Roles.End);
            json.WriteString("pad_token", tokenizer.Roles.Pad);
            json.WriteString("unk_token", tokenizer.Roles.Unknown);
            json.WriteStartArray("additional_special_tokens");
            foreach (var token in new[] { tokenizer.Roles.User, tokenizer.Roles.Assistant }) if (token is not null) json.WriteStringValue(token);
            json.WriteEndArray();
            if (tokenizer.Roles.User is not null) json.WriteString("chat_template", ChatTemplate.Jinja);
            json.WriteBoolean("clean_up_tokenization_spaces", false);
            json.WriteString("padding_side", "left");
            json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        });
    }

    public static StudentTokenizer Read(string folder)
    {
        var path = Path.Combine(folder, TokenizerFile);
        using var document = Parse(path);
        var file = new TokenizerJson(path, document.RootElement);
        var roles = ReadRoles(Path.Combine(folder, ConfigFile), file);
        StudentTokenizer tokenizer = file.ModelType switch
        {
            "WordLevel" => file.WordLevel(roles),
            "BPE" => file.ByteLevel(roles),
            var other => throw file.Unsupported("model.type", other, "WordLevel or BPE (byte-level)"),
        };
        tokenizer.ChatSource = ReadChat(folder, roles);
        return tokenizer;
    }

    // As Transformers looks for it: a file of its own before the configuration's field.
    private static ChatSource ReadChat(string folder, TokenRoles roles)
    {
        var path = Path.Combine(folder, ConfigFile);
        using var document = File.Exists(path) ? Parse(path) : JsonDocument.Parse("{}");
        var (first, last) = (Named(document, "bos_token"), Named(document, "eos_token"));
        if (new FileInfo(Path.Combine(folder, TemplateFile)) is { Exists: true } own)
            return new ChatSource(own.FullName, own.Length > 4 * ChatRecognition.LongestTemplate ? new string(' ', ChatRecognition.LongestTemplate + 1) : File.ReadAllText(own.FullName), first, last);
        var template = document.RootElement.TryGetProperty("chat_template", out var field) ? Template(field) : null;
        return new ChatSource($"{path}: chat_template", template ?? (roles.User is null ? null : ChatTemplate.Jinja), first, last);
    }

    // a text, or a list of named ones
    private static string? Template(JsonElement field) => field.ValueKind switch
    {
        JsonValueKind.String => field.GetString(),
        JsonValueKind.Array => field.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.Object && t.TryGetProperty("name", out var name) && name.ValueEquals("default"))
            .Select(t => t.TryGetProperty("template", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null).FirstOrDefault(),
        _ => null,
    };

    private static string? Named(JsonDocument document, string field) => !document.RootElement.TryGetProperty(field, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString() : null;

    private static TokenRoles ReadRoles(string path, TokenizerJson file)
    {
        var names = file.Added.Select(t => t.Content).ToHashSet(StringComparer.Ordinal);
        string? Known(string? name) => name is not null && names.Contains(name) ? name : null;
        var ours = new TokenRoles();
        var roles = new TokenRoles { Pad = Known(ours.Pad), Unknown = Known(ours.Unknown), User = Known(ours.User), Assistant = Known(ours.Assistant), End = Known(ours.End) };
        if (!File.Exists(path)) return roles;
        using var document = Parse(path);
        return roles with
        {
            Pad = Known(Named(document, "pad_token")) ?? roles.Pad,
            Unknown = Known(Named(document, "unk_token")) ?? roles.Unknown,
            End = Known(Named(document, "eos_token")) ?? roles.End,
        };
    }

    private static JsonDocument Parse(string path)
    {
        if (!File.Exists(path)) throw new TokenizerFormatException($"{path}: no such file; a tokenizer's folder holds {TokenizerFile} and {ConfigFile}.");
        try
        {
            using var stream = File.OpenRead(path);
            var document = JsonDocument.Parse(stream);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            throw new TokenizerFormatException($"{path}: a JSON object is expected.");
        }
        catch (JsonException e)
        {
            throw new TokenizerFormatException($"{path}, line {e.LineNumber + 1}: not JSON ({e.Message})", e);
        }
    }

    private static void WriteAdded(Utf8JsonWriter json, AddedToken token)
    {
        json.WriteString("content", token.Content);
        json.WriteBoolean("single_word", false);
        json.WriteBoolean("lstrip", false);
        json.WriteBoolean("rstrip", false);
        json.WriteBoolean("normalized", false);
        json.WriteBoolean("special", token.Special);
    }

    // The file appears whole or not at all.
    private static void WriteJson(string path, Action<Utf8JsonWriter> body)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        File.WriteAllBytes(path + ".part", bytes.ToArray());
        File.Move(path + ".part", path, overwrite: true);
    }
}
