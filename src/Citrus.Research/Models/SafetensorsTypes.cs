using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>Element types of the safetensors format.</summary>
internal static class SafetensorsTypes
{
    private static readonly Dictionary<string, (int Width, torch.ScalarType? Torch)> Known = new(StringComparer.Ordinal)
    {
        ["F64"] = (8, torch.ScalarType.Float64),
        ["F32"] = (4, torch.ScalarType.Float32),
        ["F16"] = (2, torch.ScalarType.Float16),
        ["BF16"] = (2, torch.ScalarType.BFloat16),
        ["I64"] = (8, null),
        ["I32"] = (4, null),
        ["I16"] = (2, null),
        ["I8"] = (1, null),
        ["U8"] = (1, null),
        ["BOOL"] = (1, null),
        ["U16"] = (2, null),
        ["U32"] = (4, null),
        ["U64"] = (8, null),
        ["F8_E4M3"] = (1, null),
        ["F8_E5M2"] = (1, null),
        ["F8_E8M0"] = (1, null),
    };

    /// <summary>Bytes of one element; null where the format has no such type.</summary>
    public static int? Width(string type) => Known.TryGetValue(type, out var known) ? known.Width : null;

    /// <summary>The type in libtorch's terms; null where it is none that weights are read from.</summary>
    public static torch.ScalarType? Torch(string type) => Known.TryGetValue(type, out var known) ? known.Torch : null;

    /// <summary>The format's name of a type that weights are written in.</summary>
    /// <exception cref="ArgumentException">It is none of float64, float32, float16, bfloat16.</exception>
    public static string Name(torch.ScalarType type) =>
        Known.FirstOrDefault(k => k.Value.Torch == type).Key ?? throw new ArgumentException($"Weights of type {type} are not written; float32, float16 and bfloat16 are.");
}
