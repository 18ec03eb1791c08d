using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A student on disk: a Hugging Face folder that Transformers, vLLM and llama.cpp's converter read as a Qwen3 model.</summary>
public static class Checkpoint
{
    public const string ConfigFile = "config.json", GenerationFile = "generation_config.json", WeightsFile = "model.safetensors";

    /// <summary>Files that a folder written here may hold, those of its tokenizer and the note on its training included.</summary>
    private static readonly string[] Own =
    [
        ConfigFile, GenerationFile, WeightsFile, "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "training.json",
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n" };

    /// <summary>Writes the folder; a folder of that name is replaced, and only once the new one is complete.</summary>
    /// <param name="decoder">The student.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="endId">Token id that ends an answer.</param>
    /// <param name="padId">Token id of padding.</param>
    /// <param name="writeTokenizer">Writes the tokenizer's files (and any others) into the folder it is given.</param>
    public static void Save(Decoder decoder, string folder, int endId, int padId, Action<string>? writeTokenizer = null)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var parent = Path.GetDirectoryName(folder) ?? throw new ArgumentException($"A checkpoint cannot be written to {folder}; name a folder inside another.");
        EnsureReplaceable(folder);
        Directory.CreateDirectory(parent);
        var draft = Path.Combine(parent, $".{Path.GetFileName(folder)}.{Guid.NewGuid():n}");
        Directory.CreateDirectory(draft);
        try
        {
            File.WriteAllText(Path.Combine(draft, ConfigFile), HuggingFaceConfig.Write(decoder.Config, endId, padId).ToJsonString(Indented) + "\n");
            var generation = new JsonObject { ["do_sample"] = false, ["eos_token_id"] = endId, ["pad_token_id"] = padId };
            File.WriteAllText(Path.Combine(draft, GenerationFile), generation.ToJsonString(Indented) + "\n");
            var shapes = Decoder.Names(decoder.Config).ToDictionary(n => n.Name, n => n.Shape, StringComparer.Ordinal);
            var tensors = new List<(string, long[], float[])>();
            decoder.Read((name, values) => tensors.Add((name, shapes[name], values)));
            Safetensors.Write(Path.Combine(draft, WeightsFile), tensors);
            writeTokenizer?.Invoke(draft);
            var old = folder + ".old-" + Guid.NewGuid().ToString("n");
            if (Directory.Exists(folder)) Directory.Move(folder, old);
            try
            {
                Directory.Move(draft, folder);
            }
            catch when (Directory.Exists(old))
            {
                Directory.Move(old, folder);
                throw;
            }

            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        }
        catch
        {
            if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
            throw;
        }
    }

    /// <summary>Throws where a folder holds anything but a checkpoint of ours, which <see cref="Save"/> would replace.</summary>
    /// <exception cref="IOException">It holds something else; the message names it.</exception>
    public static void EnsureReplaceable(string folder)
    {
        if (!Directory.Exists(folder)) return;
        var entries = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal).ToList();
        var strange = entries.FirstOrDefault(e => !Own.Contains(e) || Directory.Exists(Path.Combine(folder, e)));
        if (strange is not null || (entries.Count > 0 && !entries.Contains(ConfigFile)))
            throw new IOException($"{folder} holds other files{(strange is null ? "" : $" ({strange})")} and would be replaced; choose an empty or new folder for the checkpoint.");
    }

    /// <summary>Reads a folder that holds a Qwen3 decoder in float32, float16 or bfloat16, in one file.</summary>
    /// <exception cref="InvalidDataException">Something is missing, damaged or of another architecture; the message says what.</exception>
    public static Decoder Load(string folder, torch.Device? device = null)
    {
        var config = LoadConfig(folder);
        var weights = Path.Combine(folder, WeightsFile);
        if (!File.Exists(weights)) throw new InvalidDataException($"{folder} has no {WeightsFile}. (A checkpoint in several files or in .bin format is not read.)");
        var read = new Dictionary<string, float[]>(StringComparer.Ordinal);
        Safetensors.Read(weights, Decoder.Names(config).ToDictionary(n => n.Name, n => n.Shape, StringComparer.Ordinal), (name, values) => read[name] = values);
        return Decoder.FromWeights(config, (name, into) => read[name].CopyTo(into, 0), device);
    }

    /// <summary>The shape written in a folder's <c>config.json</c>.</summary>
    /// <exception cref="InvalidDataException">The file is missing or damaged, or asks for something that is not supported.</exception>
    public static DecoderConfig LoadConfig(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        if (!File.Exists(path)) throw new InvalidDataException($"{folder} is no checkpoint: it has no {ConfigFile}.");
        return HuggingFaceConfig.Read(path);
    }
}
