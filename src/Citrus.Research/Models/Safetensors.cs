using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>The safetensors file format: an 8-byte header length, a JSON header, then the tensors' bytes.</summary>
/// <remarks>Reading trusts nothing: every size, offset and type is checked before memory is taken, as a downloaded file may be damaged or hostile.</remarks>
public static class Safetensors
{
    /// <summary>Longest header that is read, in bytes; the format's own limit.</summary>
    public const int LongestHeader = 100_000_000;

    /// <summary>Writes float32 tensors in the given order.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, long[] Shape, float[] Values)> tensors)
    {
        foreach (var (name, shape, values) in tensors)
        {
            if (shape.Aggregate(1L, (a, b) => a * b) != values.Length)
                throw new ArgumentException($"Tensor {name}: {values.Length} values do not fill the shape [{string.Join(", ", shape)}].");
        }

        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        SafetensorsWriter.WriteHeader(file, tensors.Select(t => (t.Name, "F32", t.Shape, t.Values.Length * 4L)), []);
        Span<byte> length = stackalloc byte[8];
        foreach (var (_, _, values) in tensors)
        {
            if (BitConverter.IsLittleEndian) file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            else foreach (var value in values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(length, value);
                file.Write(length[..4]);
            }
        }

        file.Flush(flushToDisk: true);
    }

    /// <summary>What a file holds, in the order of its bytes.</summary>
    /// <exception cref="InvalidDataException">The file is not sound; the message says where.</exception>
    public static IReadOnlyList<SafetensorsEntry> ReadHeader(string path) => SafetensorsHeader.Read(path).Entries;

    /// <summary>Reads tensors as float32; F64, F16 and BF16 are converted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">Shape that each tensor must have; others in the file are skipped.</param>
    /// <param name="take">Gets each wanted tensor.</param>
    /// <exception cref="InvalidDataException">The file is not sound, or a wanted tensor is missing or of another shape or type.</exception>
    public static void Read(string path, IReadOnlyDictionary<string, long[]> wanted, Action<string, float[]> take)
    {
        Torch.EnsureLoaded();
        using var file = SafetensorsFile.Open(path);
        foreach (var (name, shape) in wanted)
        {
            file.Expect(file.Find(name) ?? throw new InvalidDataException($"{path}: tensor {name} is missing."), shape);
            if (shape.Aggregate(1L, (a, b) => a * b) > Array.MaxLength) throw new InvalidDataException($"{path}: tensor {name} is too large for an array; open it with {nameof(SafetensorsFile)}.");
        }

        foreach (var entry in file.Entries.Where(e => wanted.ContainsKey(e.Name)))
        {
            using var scope = torch.NewDisposeScope();
            var values = torch.empty(entry.Shape, torch.float32, torch.CPU);
            file.CopyTo(entry.Name, values);
            take(entry.Name, MemoryMarshal.Cast<byte, float>(values.bytes).ToArray());
        }
    }
}
