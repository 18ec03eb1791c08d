using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using Citrus.Research.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>Tensors in a safetensors file, written and read piece by piece, each in its own type: no second copy of a model in memory.</summary>
internal static class TensorFile
{
    private const int Piece = 1 << 22;

    /// <summary>Writes the file to the disk itself, not only to the system's cache.</summary>
    /// <returns>Its length and the hash (XXH128, hexadecimal) of its bytes.</returns>
    public static (long Bytes, string Hash) Write(string path, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            long at = 0;
            foreach (var (name, value) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", TypeOf(value));
                json.WriteStartArray("shape");
                foreach (var size in value.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += value.numel() * value.element_size());
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % 8 != 0) header.WriteByte((byte)' ');
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        var hash = new XxHash128();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        Put(length);
        Put(header.GetBuffer().AsSpan(0, (int)header.Length));
        foreach (var (_, value) in tensors)
        {
            foreach (var piece in Pieces(value))
            {
                using var scope = NewDisposeScope();
                using var part = piece.cpu().contiguous();
                Put(part.bytes);
            }
        }

        file.Flush(flushToDisk: true);
        return (file.Length, Convert.ToHexStringLower(hash.GetCurrentHash()));

        void Put(ReadOnlySpan<byte> bytes)
        {
            file.Write(bytes);
            hash.Append(bytes);
        }
    }

    /// <summary>Length and hash of a file, as <see cref="Write"/> returns them.</summary>
    public static (long Bytes, string Hash) Measure(string path)
    {
        using var file = File.OpenRead(path);
        var hash = new XxHash128();
        hash.Append(file);
        return (file.Length, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    /// <summary>Copies a file's tensors into those given; all are checked before the first is changed.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or of another shape or type.</exception>
    public static void Read(string path, IReadOnlyList<(string Name, Tensor Into)> tensors)
    {
        var entries = Safetensors.ReadHeader(path).ToDictionary(e => e.Name, StringComparer.Ordinal);
        foreach (var (name, into) in tensors)
        {
            if (!entries.TryGetValue(name, out var entry)) throw new InvalidDataException($"{path}: tensor {name} is missing.");
            if (entry.Type != TypeOf(into) || !entry.Shape.AsSpan().SequenceEqual(into.shape))
                throw new InvalidDataException($"{path}: tensor {name} is {entry.Type} [{string.Join(", ", entry.Shape)}]; {TypeOf(into)} [{string.Join(", ", into.shape)}] was expected.");
        }

        using var file = File.OpenRead(path);
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        var data = 8 + BinaryPrimitives.ReadInt64LittleEndian(prefix);
        using var grad = no_grad();
        foreach (var (name, into) in tensors)
        {
            file.Position = data + entries[name].Begin;
            foreach (var piece in Pieces(into))
            {
                using var scope = NewDisposeScope();
                using var part = empty(piece.shape, piece.dtype);
                file.ReadExactly(part.bytes);
                piece.copy_(part);
            }
        }
    }

    /// <summary>Views of a tensor's numbers in their order, each of a few megabytes.</summary>
    private static IEnumerable<Tensor> Pieces(Tensor value)
    {
        using var flat = value.detach().view(-1);
        for (long at = 0; at < flat.shape[0]; at += Piece)
        {
            using var piece = flat.narrow(0, at, Math.Min(Piece, flat.shape[0] - at));
            yield return piece;
        }
    }

    private static string TypeOf(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Float16 => "F16",
        var other => throw new NotSupportedException($"A tensor of type {other} cannot be kept."),
    };
}
