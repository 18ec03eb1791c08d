namespace Citrus.Research.Tokenization;

/// <summary>The files that a tokenizer was read from, byte for byte, so that saving it loses nothing.</summary>
internal sealed class TokenizerFiles
{
    public const string Json = "tokenizer.json", Config = "tokenizer_config.json", Template = "chat_template.jinja", Vocabulary = "vocab.json", Merges = "merges.txt",
        Tiktoken = "tokenizer.model", QwenTiktoken = "qwen.tiktoken", Gpt2Tiktoken = "gpt2.tiktoken", Added = "added_tokens.json";

    /// <summary>Bytes; published tokenizers have up to 35 MB.</summary>
    public const long LargestFile = 256L << 20;

    private static readonly string[] Names = [Json, Config, Template, Vocabulary, Merges, Tiktoken, QwenTiktoken, Gpt2Tiktoken, Added, "special_tokens_map.json"];

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public TokenizerFiles(string folder)
    {
        Folder = folder;
        foreach (var name in Names)
        {
            if (new FileInfo(Path.Combine(folder, name)) is not { Exists: true } file) continue;
            if (file.Length > LargestFile) throw new TokenizerFormatException($"{file.FullName}: {file.Length >> 20} MB are more than any tokenizer has ({LargestFile >> 20} MB at most).");
            _files[name] = File.ReadAllBytes(file.FullName);
        }
    }

    public string Folder { get; }

    public bool Has(string name) => _files.ContainsKey(name);

    public string PathOf(string name) => Path.Combine(Folder, name);

    public ReadOnlyMemory<byte> Bytes(string name) => _files[name];

    /// <summary>Writes them into another folder, each whole or not at all.</summary>
    /// <param name="changed">Files to write otherwise; null leaves one out.</param>
    public void Write(string folder, IReadOnlyDictionary<string, byte[]?> changed)
    {
        foreach (var (name, bytes) in _files)
            if (!changed.ContainsKey(name)) WriteFile(folder, name, bytes);
        foreach (var (name, bytes) in changed)
        {
            if (bytes is not null) WriteFile(folder, name, bytes);
            else File.Delete(Path.Combine(folder, name));
        }
    }

    public static void WriteFile(string folder, string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path + ".part", bytes);
        File.Move(path + ".part", path, overwrite: true);
    }
}
