using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Citrus.Research.Models;

/// <summary>The safetensors file format: an 8-byte header length, a JSON header, then the tensors' bytes.</summary>
/// <remarks>Reading trusts nothing: every size, offset and type is checked before memory is taken, as a downloaded file may be damaged or hostile.</remarks>
public static class Safetensors
{
    /// <summary>Longest header that is read, in bytes; the format's own limit.</summary>
    public const int LongestHeader = 100_000_000;

    private static readonly Dictionary<string, int> Widths = new(StringComparer.Ordinal)
    {
        ["F64"] = 8,
        ["F32"] = 4,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I64"] = 8,
        ["I32"] = 4,
        ["I16"] = 2,
        ["I8"] = 1,
        ["U8"] = 1,
        ["BOOL"] = 1,
        ["U16"] = 2,
        ["U32"] = 4,
        ["U64"] = 8,
        ["F8_E4M3"] = 1,
        ["F8_E5M2"] = 1,
    };

    /// <summary>Writes float32 tensors in the given order.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, long[] Shape, float[] Values)> tensors)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long at = 0;
            foreach (var (name, shape, values) in tensors)
            {
                if (shape.Aggregate(1L, (a, b) => a * b) != values.Length)
                    throw new ArgumentException($"Tensor {name}: {values.Length} values do not fill the shape [{string.Join(", ", shape)}].");
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += values.Length * 4L);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % 8 != 0) header.WriteByte((byte)' ');
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Write(length);
        header.WriteTo(file);
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
    public static IReadOnlyList<SafetensorsEntry> ReadHeader(string path)
    {
        using var file = File.OpenRead(path);
        return ReadHeader(file, path).Entries;
    }

    /// <summary>Reads tensors as float32; F64, F16 and BF16 are converted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">Shape that each tensor must have; others in the file are skipped.</param>
    /// <param name="take">Gets each wanted tensor.</param>
    /// <exception cref="InvalidDataException">The file is not sound, or a wanted tensor is missing or of another shape or type.</exception>
    public static void Read(string path, IReadOnlyDictionary<string, long[]> wanted, Action<string, float[]> take)
    {
        using var file = File.OpenRead(path);
        var (entries, data) = ReadHeader(file, path);
        var there = entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
        foreach (var (name, shape) in wanted)
        {
            if (!there.TryGetValue(name, out var entry)) throw new InvalidDataException($"{path}: tensor {name} is missing.");
            if (!entry.Shape.AsSpan().SequenceEqual(shape))
                throw new InvalidDataException($"{path}: tensor {name} has shape [{string.Join(", ", entry.Shape)}]; [{string.Join(", ", shape)}] was expected.");
            if (entry.Type is not ("F32" or "F64" or "F16" or "BF16"))
                throw new InvalidDataException($"{path}: tensor {name} is of type {entry.Type}; a floating-point type (F32, F16, BF16, F64) was expected.");
        }

        foreach (var entry in entries.Where(e => wanted.ContainsKey(e.Name)))
        {
            var bytes = new byte[entry.End - entry.Begin];
            file.Position = data + entry.Begin;
            file.ReadExactly(bytes);
            take(entry.Name, Convert(bytes, entry.Type));
        }
    }

    private static (IReadOnlyList<SafetensorsEntry> Entries, long Data) ReadHeader(FileStream file, string path)
    {
        Exception Bad(string what) => new InvalidDataException($"{path} is not a sound safetensors file: {what}.");
        if (file.Length < 8) throw Bad($"it has {file.Length} bytes, fewer than the 8 of the header length");
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || (long)length > file.Length - 8) throw Bad($"its header claims {length} bytes of a file of {file.Length}");
        var header = new byte[length];
        file.ReadExactly(header);
        var room = file.Length - 8 - (long)length;
        try
        {
            using var json = JsonDocument.Parse(header);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw Bad("its header is not a JSON object");
            var entries = new List<SafetensorsEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__") continue;
                if (!names.Add(property.Name)) throw Bad($"tensor {property.Name} is there twice");
                entries.Add(Entry(property.Name, property.Value, room, Bad));
            }

            entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
            long at = 0;
            foreach (var entry in entries)
            {
                if (entry.Begin != at) throw Bad($"tensor {entry.Name} begins at byte {entry.Begin} of the data where {at} was expected (overlap or hole)");
                at = entry.End;
            }

            if (at != room) throw Bad($"its tensors take {at} bytes but {room} are there");
            return (entries, 8 + (long)length);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw Bad($"its header cannot be read ({e.Message})");
        }
    }

    private static SafetensorsEntry Entry(string name, JsonElement value, long room, Func<string, Exception> bad)
    {
        var type = value.GetProperty("dtype").GetString() ?? "";
        if (!Widths.TryGetValue(type, out var width)) throw bad($"tensor {name} has the unknown type '{type}'");
        var shape = value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64()).ToArray();
        if (shape.Length > 8 || shape.Any(s => s < 0)) throw bad($"tensor {name} has an impossible shape");
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > room) throw bad($"tensor {name} lies outside the file");
        long bytes = width;
        foreach (var size in shape)
        {
            if (size != 0 && bytes > long.MaxValue / size) throw bad($"tensor {name} has an impossible shape");
            bytes *= size;
        }

        if (bytes != offsets[1] - offsets[0]) throw bad($"tensor {name} takes {offsets[1] - offsets[0]} bytes but its shape and type need {bytes}");
        if (bytes > int.MaxValue) throw bad($"tensor {name} takes {bytes} bytes, more than can be read at once");
        return new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private static float[] Convert(byte[] bytes, string type)
    {
        var values = new float[bytes.Length / Widths[type]];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i)),
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * i)),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(2 * i)),
                _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)) << 16),
            };
        }

        return values;
    }
}
