using System.Buffers.Binary;
using System.Text.Json;

namespace Citrus.Research.Models;

/// <summary>What a safetensors file says about itself, checked against the file before anything is made of it.</summary>
/// <param name="Entries">Its tensors, in the order of their bytes; without overlap or hole they fill the file.</param>
/// <param name="Metadata">The header's <c>__metadata__</c>.</param>
/// <param name="Data">Where the tensors' bytes begin.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long Data)
{
    private const string MetadataName = "__metadata__";

    /// <exception cref="InvalidDataException">The file is not sound; the message says where.</exception>
    public static SafetensorsHeader Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        Exception Bad(string what) => new InvalidDataException($"{path} is not a sound safetensors file: {what}. Download or write it again.");
        if (file.Length < 8) throw Bad($"it has {file.Length} bytes, fewer than the 8 of the header length");
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > Safetensors.LongestHeader || (long)length > file.Length - 8) throw Bad($"its header claims {length} bytes of a file of {file.Length}");
        var header = new byte[length];
        file.ReadExactly(header);
        try
        {
            return Parse(header, file.Length - 8 - (long)length, Bad);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw Bad($"its header cannot be read ({e.Message.TrimEnd('.')})");
        }
    }

    private static SafetensorsHeader Parse(byte[] header, long room, Func<string, Exception> bad)
    {
        using var json = JsonDocument.Parse(header);
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw bad("its header is not a JSON object");
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (!names.Add(property.Name)) throw bad($"tensor {Short(property.Name)} is there twice");
            if (property.Name != MetadataName) entries.Add(Entry(property.Name, property.Value, room, bad));
            else foreach (var note in property.Value.EnumerateObject()) metadata[note.Name] = note.Value.GetString() ?? "";
        }

        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long at = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != at) throw bad($"tensor {Short(entry.Name)} begins at byte {entry.Begin} of the data where {at} was expected (overlap or hole)");
            at = entry.End;
        }

        if (at != room) throw bad($"its tensors take {at} bytes but {room} are there");
        return new SafetensorsHeader(entries, metadata, 8 + header.Length);
    }

    private static SafetensorsEntry Entry(string name, JsonElement value, long room, Func<string, Exception> bad)
    {
        var type = value.GetProperty("dtype").GetString() ?? "";
        if (SafetensorsTypes.Width(type) is not { } width) throw bad($"tensor {Short(name)} has the unknown type '{Short(type)}'");
        var (sizes, ends) = (value.GetProperty("shape"), value.GetProperty("data_offsets"));
        if (sizes.GetArrayLength() > 8) throw bad($"tensor {Short(name)} has an impossible shape");
        if (ends.GetArrayLength() != 2) throw bad($"tensor {Short(name)} has data_offsets that are not begin and end");
        long[] shape = [.. sizes.EnumerateArray().Select(s => s.GetInt64())];
        var (begin, end) = (ends[0].GetInt64(), ends[1].GetInt64());
        if (shape.Any(s => s < 0)) throw bad($"tensor {Short(name)} has an impossible shape");
        if (begin < 0 || end < begin || end > room) throw bad($"tensor {Short(name)} lies outside the file (truncated?)");
        long bytes = width;
        foreach (var size in shape)
        {
            if (size != 0 && bytes > long.MaxValue / size) throw bad($"tensor {Short(name)} has an impossible shape");
            bytes *= size;
        }

        return bytes == end - begin ? new SafetensorsEntry(name, type, shape, begin, end)
            : throw bad($"tensor {Short(name)} takes {end - begin} bytes but its shape and type need {bytes}");
    }

    /// <summary>A name from a file, as a message can hold it.</summary>
    private static string Short(string name) => name.Length <= 200 ? name : name[..200] + "...";
}
