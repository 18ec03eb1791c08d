using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Tokenization;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A checkpoint's folder made ready for others: Transformers and vLLM, or llama.cpp; with an adapter merged where one is given.</summary>
/// <remarks>Without an adapter weights go from file to file and the model is never in memory; with one it is, in the type of its files, on the CPU.</remarks>
public static class CheckpointExport
{
    private const string TrainingFile = "training.json";

    /// <summary>Writes a Hugging Face folder: config, generation config, tokenizer files as they are, safetensors, the note on training and a model card.</summary>
    /// <param name="model">Folder of a checkpoint, as published or made here.</param>
    /// <param name="folder">Where to; a checkpoint there is replaced once the new one is complete.</param>
    /// <param name="type">Element type: float32, float16 or bfloat16; null is the one of the files.</param>
    /// <param name="adapter">Folder of a PEFT adapter of that model.</param>
    /// <param name="largestShard">Bytes from which on the weights are cut into shards.</param>
    /// <exception cref="InvalidDataException">Something is missing, damaged or does not fit together; the message says what.</exception>
    public static void ToHuggingFace(string model, string folder, torch.ScalarType? type = null, string? adapter = null, long? largestShard = null)
    {
        if (Full(model) == Full(folder) || (adapter is not null && Full(adapter) == Full(folder))) throw new ArgumentException($"{folder} is what is exported; name another folder to write to.");
        Checkpoint.EnsureReplaceable(folder);
        using var source = Source.Open(model, adapter);
        CheckVocabulary(model, source.Config);
        var chosen = type ?? source.Widest;
        CheckpointFolder.Replace(folder, draft =>
        {
            var config = Read(Path.Combine(model, Checkpoint.ConfigFile))!;
            config["torch_dtype"] = TypeName(chosen);
            if (config.ContainsKey("dtype")) config["dtype"] = TypeName(chosen);
            Checkpoint.WriteJson(Path.Combine(draft, Checkpoint.ConfigFile), config);
            foreach (var name in CheckpointFolder.TokenizerFiles.Append(Checkpoint.GenerationFile))
                if (File.Exists(Path.Combine(model, name))) File.Copy(Path.Combine(model, name), Path.Combine(draft, name));
            if (!File.Exists(Path.Combine(draft, Checkpoint.GenerationFile)))
            {
                var generation = new JsonObject();
                foreach (var field in new[] { "bos_token_id", "eos_token_id", "pad_token_id" }) if (config[field] is { } id) generation[field] = id.DeepClone();
                Checkpoint.WriteJson(Path.Combine(draft, Checkpoint.GenerationFile), generation);
            }

            var options = new SaveOptions { Type = chosen, Metadata = new Dictionary<string, string> { ["written_by"] = "Citrus.Research", ["use"] = "research only; not for clinical use" } };
            SafetensorsWriter.Write(draft, source.Weights, largestShard is { } most ? options with { LargestShard = most } : options);
            var trainings = new[] { model, adapter }.OfType<string>().Select(f => Read(Path.Combine(f, TrainingFile))).OfType<JsonObject>().ToList();
            if (trainings.Count > 0) Checkpoint.WriteJson(Path.Combine(draft, TrainingFile), trainings.Count == 1 ? trainings[0] : new JsonObject { ["base"] = trainings[0].DeepClone(), ["adapter"] = trainings[1].DeepClone() });
            File.WriteAllText(Path.Combine(draft, CheckpointFolder.CardFile), ModelCard.Write(Path.GetFileName(Full(folder)), source.Config, TypeName(chosen), trainings));
        });
    }

    /// <summary>Writes a GGUF file, which llama.cpp loads.</summary>
    /// <param name="path">The file; one of that name is replaced once the new one is complete.</param>
    /// <returns>What llama.cpp does otherwise than the model's authors meant; empty where nothing is.</returns>
    /// <inheritdoc cref="ToHuggingFace"/>
    public static string ToGguf(string model, string path, GgufType type = GgufType.Float32, string? adapter = null)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder; name a file, e.g. {Path.Combine(path, "model.gguf")}.");
        using var source = Source.Open(model, adapter);
        var tokenizer = StudentTokenizer.Load(model);
        CheckVocabulary(model, source.Config);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent) Directory.CreateDirectory(parent);
        var begin = Read(Path.Combine(model, Checkpoint.ConfigFile))!["bos_token_id"] is JsonValue id && id.TryGetValue<int>(out var number) ? number : (int?)null;
        Gguf.Write(path, source.Config, source.Weights, tokenizer, type, Path.GetFileNameWithoutExtension(path), begin);
        return source.Config.SlidingWindow is { } window && window < source.Config.MaxPositions
            ? $"llama.cpp looks at the whole text where this model looks back {window} tokens: beyond that length the two differ. Run it with a context of at most {window} (-c {window})."
            : "";
    }

    /// <summary>Element type of a checkpoint's files; float32 where they have several or a wider one.</summary>
    /// <exception cref="InvalidDataException">Something is missing or damaged; the message says what.</exception>
    public static torch.ScalarType TypeOf(string model)
    {
        using var source = Source.Open(model, null);
        return source.Widest;
    }

    private static void CheckVocabulary(string model, DecoderConfig config)
    {
        if (!File.Exists(Path.Combine(model, "tokenizer.json"))) return;
        StudentTokenizer tokenizer;
        try
        {
            tokenizer = StudentTokenizer.Load(model);
        }
        catch (TokenizerFormatException)
        {
            // Of a kind that is not read here (SentencePiece): its files are copied as they are.
            return;
        }

        if (tokenizer.VocabularySize > config.VocabularySize)
            throw new InvalidDataException($"{Path.Combine(model, "tokenizer.json")} has {tokenizer.VocabularySize} tokens, the model in {Path.Combine(model, Checkpoint.ConfigFile)} knows {config.VocabularySize} (vocab_size). They are not of one checkpoint; put the model's own tokenizer into the folder.");
    }

    private static string Full(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    private static string TypeName(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Float32 => "float32",
        torch.ScalarType.Float16 => "float16",
        torch.ScalarType.BFloat16 => "bfloat16",
        _ => throw new ArgumentException($"Weights are not written as {type}; float32, float16 and bfloat16 are."),
    };

    private static JsonObject? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new InvalidDataException($"{path}: a JSON object was expected.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>What is exported: files, or a decoder with its adapter merged.</summary>
    private sealed record Source(DecoderConfig Config, IWeightSource Weights, IDisposable Owner) : IDisposable
    {
        /// <summary>The type of the files; float32 where they have several or a wider one.</summary>
        public torch.ScalarType Widest =>
            Weights.Entries.Select(e => e.Type).Distinct().ToList() is [torch.ScalarType.Float16 or torch.ScalarType.BFloat16] one ? one[0] : torch.ScalarType.Float32;

        public static Source Open(string model, string? adapter)
        {
            if (File.Exists(Path.Combine(model, PeftAdapter.ConfigFile)) && !File.Exists(Path.Combine(model, Checkpoint.ConfigFile)))
                throw new InvalidDataException($"{model} holds an adapter, no model; name the base as the model and this folder with --adapter.");
            var config = Checkpoint.LoadConfig(model);
            Torch.EnsureLoaded();
            var files = CheckpointWeights.Open(model);
            try
            {
                files.Expect(config);
            }
            catch
            {
                files.Dispose();
                throw;
            }

            var source = new Source(config, files, files);
            if (adapter is null) return source;
            var type = source.Widest;
            files.Dispose();
            var decoder = Checkpoint.Load(model, torch.CPU, type);
            try
            {
                decoder.Attach(PeftAdapter.Read(adapter, decoder));
                decoder.MergeAdapter();
                return new Source(config, new DecoderWeights(decoder), decoder);
            }
            catch
            {
                decoder.Dispose();
                throw;
            }
        }

        public void Dispose() => Owner.Dispose();
    }
}
