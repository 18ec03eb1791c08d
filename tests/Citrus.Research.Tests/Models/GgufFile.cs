using System.Text;

namespace Citrus.Research.Tests.Models;

/// <summary>A reader of GGUF files for tests, written from the format's description (ggml, docs/gguf.md, version 3) and not from the writer.</summary>
internal sealed class GgufFile
{
    public GgufFile(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        Assert.Equal(0x46554747u, reader.ReadUInt32());
        Assert.Equal(3u, reader.ReadUInt32());
        var (tensors, values) = (reader.ReadUInt64(), reader.ReadUInt64());
        for (var i = 0UL; i < values; i++)
        {
            var key = Text(reader);
            Values.Add(key, Value(reader, reader.ReadUInt32()));
        }

        var found = new List<(string Name, long[] Sizes, uint Type, long Offset)>();
        for (var i = 0UL; i < tensors; i++)
        {
            var name = Text(reader);
            long[] sizes = [.. Enumerable.Range(0, (int)reader.ReadUInt32()).Select(_ => (long)reader.ReadUInt64())];
            found.Add((name, sizes, reader.ReadUInt32(), (long)reader.ReadUInt64()));
        }

        var data = (reader.BaseStream.Position + 31) / 32 * 32;
        foreach (var (name, sizes, type, offset) in found)
        {
            Assert.Equal(0, offset % 32);
            reader.BaseStream.Position = data + offset;
            var count = sizes.Aggregate(1L, (a, b) => a * b);
            Tensors.Add(name, (sizes, type, [.. Numbers(reader, type, count)]));
        }
    }

    public Dictionary<string, object> Values { get; } = [];

    /// <summary>By name: sizes, the fastest first; ggml's number of the type; the numbers.</summary>
    public Dictionary<string, (long[] Sizes, uint Type, float[] Numbers)> Tensors { get; } = [];

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object Value(BinaryReader reader, uint type)
    {
        switch (type)
        {
            case 4: return reader.ReadUInt32();
            case 5: return reader.ReadInt32();
            case 6: return reader.ReadSingle();
            case 7: return reader.ReadByte() == 1;
            case 8: return Text(reader);
            case 9:
                var inner = reader.ReadUInt32();
                return Enumerable.Range(0, (int)reader.ReadUInt64()).Select(_ => Value(reader, inner)).ToArray();
            default: throw new InvalidDataException($"type {type}");
        }
    }

    private static IEnumerable<float> Numbers(BinaryReader reader, uint type, long count)
    {
        for (var i = 0L; i < count; i++)
        {
            if (type == 0) yield return reader.ReadSingle();
            else if (type == 1) yield return (float)reader.ReadHalf();
            else if (type == 30) yield return BitConverter.UInt32BitsToSingle((uint)reader.ReadUInt16() << 16);
            else if (type == 8)
            {
                var scale = (float)reader.ReadHalf();
                for (var j = 0; j < 32; j++, i++) yield return scale * reader.ReadSByte();
                i--;
            }
            else throw new InvalidDataException($"tensor type {type}");
        }
    }
}
