using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>The weights of a Hugging Face folder, in one safetensors file or in shards, opened and checked but not read.</summary>
/// <remarks>A shard may be a symbolic link, as in Hugging Face's cache.</remarks>
public sealed class CheckpointWeights : IWeightSource, IDisposable
{
    private const string Embedding = "model.embed_tokens.weight", Head = "lm_head.weight";

    private readonly Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> _where = new(StringComparer.Ordinal);
    private readonly List<SafetensorsFile> _files = [];
    private readonly string _folder;
    private IReadOnlyList<WeightEntry> _entries = [];

    private CheckpointWeights(string folder) => _folder = folder;

    /// <summary>Tensors in the order in which the decoder has them, after <see cref="Expect"/>.</summary>
    IReadOnlyList<WeightEntry> IWeightSource.Entries => _entries;

    /// <summary>Opens a folder and checks every header, and the index against them.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged, or the index and the shards do not agree.</exception>
    public static CheckpointWeights Open(string folder)
    {
        var weights = new CheckpointWeights(folder);
        try
        {
            weights.OpenFiles();
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Checks that the folder holds the weights of a decoder of this shape, all of them and nothing else.</summary>
    /// <exception cref="InvalidDataException">Something is missing, superfluous or of another shape or type; the message names file and tensor.</exception>
    public void Expect(DecoderConfig config)
    {
        var names = Decoder.Names(config).ToList();
        // Of two tied tensors a writer keeps either.
        if (config.TiedEmbeddings && !_where.ContainsKey(Embedding) && _where.Remove(Head, out var only)) _where[Embedding] = only;
        foreach (var (name, shape) in names)
        {
            if (!_where.TryGetValue(name, out var found))
            {
                throw new InvalidDataException($"{Place}: tensor {name} is missing, which a {HuggingFaceConfig.ModelType(config.Architecture)} decoder of the shape in {Checkpoint.ConfigFile} has."
                    + (name == Head ? " If the output layer is the embedding, config.json must say tie_word_embeddings: true." : ""));
            }

            found.File.Expect(found.Entry, shape);
        }

        if (config.TiedEmbeddings && _where.TryGetValue(Head, out var head))
        {
            if (!IsEmbedding(head)) throw new InvalidDataException($"{head.File.Path}: tensor {Head} differs from {Embedding}, though {Checkpoint.ConfigFile} says tie_word_embeddings: true. Set it to false to use the output layer, or remove the tensor.");
            _where.Remove(Head);
        }

        var known = names.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var strange = _where.Keys.Where(n => !known.Contains(n) && !IsRecomputed(n)).Order(StringComparer.Ordinal).ToList();
        if (strange.Count > 0)
        {
            throw new InvalidDataException($"{Place}: {strange.Count} tensor{(strange.Count == 1 ? " has" : "s have")} no place in a {HuggingFaceConfig.ModelType(config.Architecture)} decoder of the shape in "
                + $"{Checkpoint.ConfigFile}: {string.Join(", ", strange.Take(5))}{(strange.Count > 5 ? ", ..." : "")}. The model is of another kind than its config says, or was saved with parts that are not part of it.");
        }

        _entries = [.. names.Select(n => new WeightEntry(n.Name, n.Shape, SafetensorsTypes.Torch(_where[n.Name].Entry.Type)!.Value))];
    }

    /// <summary>Copies the tensor of that name, converting its type where <paramref name="into"/> has another.</summary>
    /// <param name="name">Hugging Face name.</param>
    /// <param name="into">Where to: contiguous, of the same shape, on any device.</param>
    public void CopyTo(string name, torch.Tensor into)
    {
        var (file, entry) = _where.TryGetValue(name, out var found) ? found : throw new InvalidDataException($"{Place}: tensor {name} is missing.");
        file.Expect(entry, into.shape);
        file.CopyTo(entry, 0, into.numel(), into);
    }

    /// <inheritdoc/>
    torch.Tensor IWeightSource.Rows(WeightEntry entry, long first, long count)
    {
        var (file, there) = _where[entry.Name];
        var rows = torch.empty([count, .. entry.Shape.Skip(1)], entry.Type, torch.CPU);
        file.CopyTo(there, first * entry.Width, count * entry.Width, rows);
        return rows;
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private string Place => _files.Count == 1 ? _files[0].Path : _folder;

    private void OpenFiles()
    {
        var (single, index) = (Path.Combine(_folder, Checkpoint.WeightsFile), Path.Combine(_folder, ShardIndex.FileName));
        if (File.Exists(single))
        {
            Add(SafetensorsFile.Open(single));
            return;
        }

        if (!File.Exists(index)) throw Nothing();
        var map = ShardIndex.Read(index);
        foreach (var name in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var shard = Path.Combine(_folder, name);
            if (!File.Exists(shard)) throw new InvalidDataException($"{shard} is missing, which {index} names. Download it too.");
            Add(SafetensorsFile.Open(shard));
        }

        foreach (var (tensor, name) in map)
        {
            if (!_where.TryGetValue(tensor, out var found)) throw new InvalidDataException($"{Path.Combine(_folder, name)} lacks tensor {tensor}, which {ShardIndex.FileName} says is in it.");
            if (Path.GetFileName(found.File.Path) != name) throw new InvalidDataException($"{index}: tensor {tensor} is in {Path.GetFileName(found.File.Path)}, not in {name}.");
        }

        if (_where.Keys.FirstOrDefault(t => !map.ContainsKey(t) && !IsRecomputed(t)) is { } unnamed)
            throw new InvalidDataException($"{_where[unnamed].File.Path} holds tensor {unnamed}, which {ShardIndex.FileName} does not name: shards and index are not of one checkpoint.");
    }

    private void Add(SafetensorsFile file)
    {
        _files.Add(file);
        foreach (var entry in file.Entries)
        {
            if (!_where.TryAdd(entry.Name, (file, entry)))
                throw new InvalidDataException($"Tensor {entry.Name} is both in {_where[entry.Name].File.Path} and in {file.Path}: the shards are not of one checkpoint.");
        }
    }

    private InvalidDataException Nothing()
    {
        var old = Directory.Exists(_folder) && Directory.EnumerateFiles(_folder, "*.bin").Concat(Directory.EnumerateFiles(_folder, "*.pth")).Order(StringComparer.Ordinal).FirstOrDefault() is { } found ? Path.GetFileName(found) : null;
        return new InvalidDataException($"{_folder} has no {Checkpoint.WeightsFile} and no {ShardIndex.FileName}."
            + (old is null ? "" : $" ({old} is in PyTorch's pickle format, which can run code when it is read, and is not read here. Convert it: load it with Transformers and save_pretrained(folder, safe_serialization=True).)"));
    }

    /// <summary>Buffers that old checkpoints hold and every reader computes itself.</summary>
    private static bool IsRecomputed(string name) => name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    private bool IsEmbedding((SafetensorsFile File, SafetensorsEntry Entry) head)
    {
        var (file, entry) = _where[Embedding];
        if (entry.Type != head.Entry.Type || !entry.Shape.AsSpan().SequenceEqual(head.Entry.Shape)) return false;
        var type = SafetensorsTypes.Torch(entry.Type)!.Value;
        var count = entry.Shape[0] * entry.Shape[1];
        const int step = 1 << 22;
        using var scope = torch.NewDisposeScope();
        var (a, b) = (torch.empty(Math.Min(count, step), type, torch.CPU), torch.empty(Math.Min(count, step), type, torch.CPU));
        for (long at = 0; at < count; at += step)
        {
            var some = Math.Min(step, count - at);
            using var inner = torch.NewDisposeScope();
            var (x, y) = (a.narrow(0, 0, some), b.narrow(0, 0, some));
            file.CopyTo(entry, at, some, x);
            head.File.CopyTo(head.Entry, at, some, y);
            if (!x.bytes.SequenceEqual(y.bytes)) return false;
        }

        return true;
    }
}
