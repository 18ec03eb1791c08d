using System.Text.Json;

namespace Citrus.Research.Models;

/// <summary>Which file of a sharded checkpoint holds which tensor: <c>model.safetensors.index.json</c>.</summary>
internal static class ShardIndex
{
    public const string FileName = "model.safetensors.index.json";

    /// <summary>Longest index that is read, in bytes; that of a 400B model has about 100,000.</summary>
    public const int Longest = 64_000_000;

    /// <summary>File name by tensor name.</summary>
    /// <exception cref="InvalidDataException">The index is damaged, or names a file outside its folder.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        Exception Bad(string what) => new InvalidDataException($"{path}: {what}.");
        if (new FileInfo(path).Length > Longest) throw Bad($"it has {new FileInfo(path).Length} bytes; at most {Longest} are read");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
                throw Bad("it has no object weight_map, which says in which file each tensor is");
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in map.EnumerateObject())
            {
                var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
                if (!IsPlainName(file)) throw Bad($"weight_map puts tensor {Short(entry.Name)} into '{Short(file)}'; a file name in the same folder that ends in .safetensors was expected");
                if (!files.TryAdd(entry.Name, file)) throw Bad($"weight_map names tensor {Short(entry.Name)} twice");
            }

            return files.Count > 0 ? files : throw Bad("weight_map is empty");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether the name stays in its folder on any system: no separator, drive or device, no dot in front.</summary>
    private static bool IsPlainName(string file) =>
        file.Length is > 12 and < 256 && file.EndsWith(".safetensors", StringComparison.Ordinal) && file[0] != '.'
        && !file.AsSpan().ContainsAny('/', '\\', ':') && !file.Any(char.IsControl);

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
