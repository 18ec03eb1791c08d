using System.Security.Cryptography;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>LoRA adapters as Hugging Face's PEFT keeps them: a folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
public static class PeftAdapter
{
    public const string ConfigFile = "adapter_config.json", WeightsFile = "adapter_model.safetensors";

    /// <summary>What PEFT puts before a layer's name.</summary>
    private const string Prefix = "base_model.model.";

    /// <summary>Under this name the weights' file notes what the base was, so that an adapter is not put on another of the same shape.</summary>
    private const string BaseNote = "citrus_base";

    /// <summary>The <c>lora_dropout</c> that an adapter was trained with; not applied here.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public static double Dropout(string folder) => PeftConfig.Read(Path.Combine(folder, ConfigFile)).Dropout;

    /// <summary>Reads an adapter; it is not attached yet (<see cref="Decoder.Attach(LoraAdapter)"/>).</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="decoder">The base that it is for.</param>
    /// <param name="baseName">Name or folder of the base; where given, its last part must be that of the adapter's <c>base_model_name_or_path</c>.</param>
    /// <remarks><c>lora_dropout</c> is not applied: further training here drops nothing out (<see cref="Dropout"/>).</remarks>
    /// <exception cref="InvalidDataException">Something is missing, damaged, not supported, or for another base; the message names file and field or tensor.</exception>
    public static LoraAdapter Read(string folder, Decoder decoder, string? baseName = null)
    {
        var configPath = Path.Combine(folder, ConfigFile);
        var config = PeftConfig.Read(configPath);
        if (baseName is not null && config.BaseName is { } made && !string.Equals(LastPart(made), LastPart(baseName), StringComparison.OrdinalIgnoreCase))
            throw new InvalidDataException($"{configPath}: base_model_name_or_path is '{made}', but the model is '{baseName}'. Use the adapter with the model that it was trained on; if that is what this is, correct the field.");
        var weightsPath = Path.Combine(folder, WeightsFile);
        if (!File.Exists(weightsPath)) throw new InvalidDataException($"{folder} has no {WeightsFile}. (An adapter in .bin format is not read; save it again with a PEFT from 0.6 on.)");
        Torch.EnsureLoaded();
        using var file = SafetensorsFile.Open(weightsPath);
        if (file.Metadata.TryGetValue(BaseNote, out var noted) && noted != Fingerprint(decoder))
            throw new InvalidDataException($"{weightsPath}: this adapter was trained on other weights{(config.BaseName is null ? "" : $" ({config.BaseName})")} than those of the model; put it on the very checkpoint that it was trained on.");
        var all = LoraAdapter.Linear(decoder).ToDictionary(l => l.Name, StringComparer.Ordinal);
        var layers = LoraAdapter.Linear(decoder).Select(l => l.Name).Where(config.Targets).ToList();
        var another = $"The adapter is for another model{(config.BaseName is null ? "" : $" (base_model_name_or_path: '{config.BaseName}')")}";
        if (layers.Count == 0) throw new InvalidDataException($"{configPath}: target_modules ({config.TargetText}) chooses no linear layer of this model. {another}.");
        var wanted = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            wanted[Tensor(layer, isA: true)] = [config.Options.Rank, all[layer].Inputs];
            wanted[Tensor(layer, isA: false)] = [all[layer].Rows, config.Options.Rank];
        }

        foreach (var (name, shape) in wanted)
        {
            var entry = file.Find(name) ?? throw new InvalidDataException($"{weightsPath}: tensor {name} is missing, though target_modules ({config.TargetText}) chooses that layer of this model. {another}, or its file is incomplete.");
            if (!entry.Shape.SequenceEqual(shape))
                throw new InvalidDataException($"{weightsPath}: tensor {name} has shape [{string.Join(", ", entry.Shape)}]; [{string.Join(", ", shape)}] was expected with r = {config.Options.Rank}. {another}, or r is wrong.");
            file.Expect(entry, shape);
        }

        if (file.Entries.FirstOrDefault(e => !wanted.ContainsKey(e.Name)) is { } strange)
            throw new InvalidDataException($"{weightsPath}: tensor {strange.Name} is no update of a layer that target_modules ({config.TargetText}) chooses in this model. {another}, or it holds more than LoRA updates of linear layers.");
        var options = config.Options with { Targets = config.TargetList?.Where(t => layers.Exists(l => LoraAdapter.Chooses(t, l))).ToList() ?? layers };
        return LoraAdapter.Of(decoder, options, layers, (layer, isA, into) => file.CopyTo(Tensor(layer, isA), into));
    }

    /// <summary>Writes the attached adapter; a folder with an adapter is replaced, and only once the new one is complete.</summary>
    /// <param name="decoder">The base with its adapter.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="baseName">Name on Hugging Face, or folder, of the base, for <c>base_model_name_or_path</c>; PEFT loads the base from there.</param>
    /// <param name="options">Type of the weights' file; by default the adapter's, float32.</param>
    /// <param name="writeMore">Writes further files (a model card, the tokenizer) into the folder it is given.</param>
    /// <exception cref="InvalidOperationException">No adapter is attached.</exception>
    /// <exception cref="IOException">The folder holds something else, or there is no room.</exception>
    public static void Save(Decoder decoder, string folder, string? baseName = null, SaveOptions? options = null, Action<string>? writeMore = null)
    {
        var adapter = decoder.Adapter ?? throw new InvalidOperationException("The decoder has no adapter to save.");
        var chosen = options ?? new SaveOptions();
        chosen = chosen with { Metadata = new Dictionary<string, string>(chosen.Metadata) { [BaseNote] = Fingerprint(decoder) } };
        var source = new Pairs(adapter);
        CheckpointFolder.Replace(folder, draft =>
        {
            Checkpoint.WriteJson(Path.Combine(draft, ConfigFile), PeftConfig.Write(adapter.Options, baseName));
            SafetensorsWriter.WriteFile(Path.Combine(draft, WeightsFile), source.Entries, source, chosen);
            writeMore?.Invoke(draft);
        });
    }

    private static string Tensor(string layer, bool isA) => $"{Prefix}{layer}.lora_{(isA ? 'A' : 'B')}.weight";

    /// <summary>The folder's or repository's own name.</summary>
    private static string LastPart(string name) => (Directory.Exists(name) ? Path.GetFullPath(name) : name).TrimEnd('/', '\\').Split('/', '\\')[^1];

    /// <summary>A hash of the first numbers of every tensor of the base, as bfloat16, so that it does not hang on the type they are loaded in.</summary>
    private static string Fingerprint(Decoder decoder)
    {
        const int some = 64;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var grad = torch.no_grad();
        foreach (var parameter in decoder.Parameters)
        {
            using var scope = torch.NewDisposeScope();
            var flat = parameter.Value.view(-1);
            hash.AppendData(flat.narrow(0, 0, Math.Min(some, flat.numel())).to(torch.bfloat16).cpu().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>An adapter's matrices under PEFT's names.</summary>
    private sealed class Pairs(LoraAdapter adapter) : IWeightSource
    {
        private readonly Dictionary<string, torch.Tensor> _values = adapter.Pairs
            .SelectMany(p => new[] { (Name: Tensor(p.Name, isA: true), p.A.Value), (Name: Tensor(p.Name, isA: false), p.B.Value) }).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);

        public IReadOnlyList<WeightEntry> Entries => [.. _values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new WeightEntry(v.Key, v.Value.shape, v.Value.dtype))];

        public torch.Tensor Rows(WeightEntry entry, long first, long count)
        {
            using var scope = torch.NewDisposeScope();
            return _values[entry.Name].detach().narrow(0, first, count).cpu().contiguous().MoveToOuterDisposeScope();
        }
    }
}
