using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>Writes weights as safetensors, piece by piece, in one file or in shards with an index.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes <c>model.safetensors</c>, or numbered shards and their index where all of it is larger than one shard may be.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="weights">What.</param>
    /// <param name="options">Type, size of a shard, notes.</param>
    public static void Write(string folder, IWeightSource weights, SaveOptions options)
    {
        var shards = new List<List<WeightEntry>> { new() };
        long size = 0, total = 0;
        foreach (var entry in weights.Entries)
        {
            var bytes = Bytes(entry, options);
            if (shards[^1].Count > 0 && size + bytes > options.LargestShard)
            {
                shards.Add([]);
                size = 0;
            }

            shards[^1].Add(entry);
            size += bytes;
            total += bytes;
        }

        if (shards.Count == 1)
        {
            WriteFile(Path.Combine(folder, Checkpoint.WeightsFile), shards[0], weights, options);
            return;
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < shards.Count; i++)
        {
            var name = FormattableString.Invariant($"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors");
            WriteFile(Path.Combine(folder, name), shards[i], weights, options);
            foreach (var entry in shards[i]) map[entry.Name] = name;
        }

        var index = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = total }, ["weight_map"] = JsonSerializer.SerializeToNode(map) };
        Checkpoint.WriteJson(Path.Combine(folder, ShardIndex.FileName), index);
    }

    /// <summary>Writes one file of the given tensors.</summary>
    public static void WriteFile(string path, IReadOnlyList<WeightEntry> entries, IWeightSource weights, SaveOptions options)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        WriteHeader(file, entries.Select(e => (e.Name, SafetensorsTypes.Name(options.Type ?? e.Type), e.Shape, Bytes(e, options))), options.Metadata);
        foreach (var entry in entries)
        {
            var type = options.Type ?? entry.Type;
            WeightRows.ForEach(weights, entry, type, piece => LittleEndian.Write(file, piece.bytes, Width(type)));
        }

        file.Flush(flushToDisk: true);
    }

    /// <summary>Writes header length and header of tensors that will follow each other without holes.</summary>
    /// <param name="tensors">Name, the format's name of the type, shape and number of bytes.</param>
    public static void WriteHeader(Stream file, IEnumerable<(string Name, string Type, long[] Shape, long Bytes)> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            foreach (var (name, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(name, value);
            json.WriteEndObject();
            long at = 0;
            foreach (var (name, type, shape, bytes) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (var size in shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % 8 != 0) header.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Write(length);
        header.WriteTo(file);
    }

    private static long Bytes(WeightEntry entry, SaveOptions options) => entry.Count * Width(options.Type ?? entry.Type);

    private static int Width(torch.ScalarType type) => SafetensorsTypes.Width(SafetensorsTypes.Name(type))!.Value;
}
