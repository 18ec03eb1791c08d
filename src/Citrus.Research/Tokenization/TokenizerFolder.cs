using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Tokenization;

/// <summary>A tokenizer's files in a Hugging Face model folder.</summary>
internal static class TokenizerFolder
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(StudentTokenizer tokenizer, string folder)
    {
        Directory.CreateDirectory(folder);
        if (tokenizer.Files is not { } files)
        {
            TokenizerFiles.WriteFile(folder, TokenizerFiles.Json, TokenizerBytes(tokenizer));
            TokenizerFiles.WriteFile(folder, TokenizerFiles.Config, ConfigBytes(tokenizer));
            return;
        }

        var changed = new Dictionary<string, byte[]?>();
        // so that every reader finds the form it knows
        if (!files.Has(TokenizerFiles.Json)) changed[TokenizerFiles.Json] = TokenizerBytes(tokenizer);
        if (!files.Has(TokenizerFiles.Config)) changed[TokenizerFiles.Config] = ConfigBytes(tokenizer);
        if (tokenizer.ChosenFormat?.Jinja is { } jinja)
        {
            changed[TokenizerFiles.Config] = WithTemplate(changed.GetValueOrDefault(TokenizerFiles.Config) ?? files.Bytes(TokenizerFiles.Config).ToArray(), jinja);
            changed[TokenizerFiles.Template] = null;
        }

        files.Write(folder, changed);
    }

    private static byte[] WithTemplate(byte[] config, string jinja)
    {
        var root = JsonNode.Parse(config)!.AsObject();
        root["chat_template"] = jinja;
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented)) root.WriteTo(json);
        bytes.Write("\n"u8);
        return bytes.ToArray();
    }

    private static byte[] TokenizerBytes(StudentTokenizer tokenizer) => JsonBytes(json =>
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

    private static byte[] ConfigBytes(StudentTokenizer tokenizer) => JsonBytes(json =>
        {
            json.WriteStartObject("added_tokens_decoder");
            foreach (var token in tokenizer.Added.OrderBy(t => t.Id))
            {
                json.WriteStartObject(token.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                WriteAdded(json, token);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteString("bos_token", tokenizer.Prefix.Count == 1 ? tokenizer.TokenOf(tokenizer.Prefix[0]) : null);
            json.WriteString("eos_token", tokenizer.Roles.End);
            json.WriteString("pad_token", tokenizer.Roles.Pad);
            json.WriteString("unk_token", tokenizer.Roles.Unknown);
            json.WriteStartArray("additional_special_tokens");
            foreach (var token in new[] { tokenizer.Roles.User, tokenizer.Roles.Assistant }) if (token is not null) json.WriteStringValue(token);
            json.WriteEndArray();
            if ((tokenizer.ChosenFormat ?? (tokenizer.Roles.User is null ? null : ChatFormat.Named("student")))?.Jinja is { } jinja) json.WriteString("chat_template", jinja);
            json.WriteBoolean("clean_up_tokenization_spaces", false);
            json.WriteString("padding_side", "left");
            json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        });

    /// <summary>Reads what is there: tokenizer.json before vocab.json with merges.txt before a tiktoken file.</summary>
    public static StudentTokenizer Read(string folder)
    {
        try
        {
            return Read(new TokenizerFiles(folder));
        }
        catch (InvalidOperationException e) when (e.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true)
        {
            throw new TokenizerFormatException($"{folder}: a text in the tokenizer's JSON files is not what it must be: {e.Message}", e);
        }
        catch (ArgumentException e)
        {
            throw new TokenizerFormatException($"{folder}: no tokenizer can be made of these files: {e.Message}", e);
        }
        catch (TokenizerFormatException e) when (!e.Message.Contains(folder, StringComparison.Ordinal))
        {
            throw new TokenizerFormatException($"{folder}: {e.Message}", e);
        }
    }

    private static StudentTokenizer Read(TokenizerFiles files)
    {
        var config = new TokenizerConfig(files);
        StudentTokenizer tokenizer;
        if (files.Has(TokenizerFiles.Json))
        {
            using var document = Parse(files, TokenizerFiles.Json);
            var file = new TokenizerJson(files.PathOf(TokenizerFiles.Json), document.RootElement);
            var roles = config.Roles(file.Added.Select(t => t.Content));
            tokenizer = file.ModelType switch
            {
                "WordLevel" => file.WordLevel(roles),
                "BPE" => file.ByteLevel(roles),
                var other => throw file.Unsupported("model.type", other, "WordLevel or BPE (byte-level)"),
            };
        }
        else if (files.Has(TokenizerFiles.Vocabulary)) tokenizer = VocabularyAndMerges.Read(files, config);
        else if (new[] { TokenizerFiles.QwenTiktoken, TokenizerFiles.Gpt2Tiktoken, TokenizerFiles.Tiktoken }.FirstOrDefault(files.Has) is { } tiktoken) tokenizer = TiktokenVocabulary.Read(files, tiktoken, config);
        else
            throw new TokenizerFormatException($"{files.PathOf(TokenizerFiles.Json)}: no such file, and no {TokenizerFiles.Vocabulary} with {TokenizerFiles.Merges} nor a tiktoken file ({TokenizerFiles.Tiktoken}, {TokenizerFiles.QwenTiktoken}) beside it; a tokenizer's folder holds one of them.");
        tokenizer.Files = files;
        tokenizer.ChatSource = config.Chat(tokenizer.Roles);
        return tokenizer;
    }

    public static JsonDocument Parse(TokenizerFiles files, string name)
    {
        var path = files.PathOf(name);
        try
        {
            var bytes = files.Bytes(name);
            var document = JsonDocument.Parse(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
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

    private static byte[] JsonBytes(Action<Utf8JsonWriter> body)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.ToArray();
    }
}
