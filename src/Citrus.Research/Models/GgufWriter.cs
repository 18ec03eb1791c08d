using System.Text;

namespace Citrus.Research.Models;

/// <summary>A file in the GGUF format, version 3: named values, a list of tensors, then the tensors' bytes, each from a multiple of 32 on.</summary>
/// <remarks>After the format's description in the ggml repository (docs/gguf.md).</remarks>
internal sealed class GgufWriter
{
    private const int Alignment = 32;

    private const uint Version = 3;

    private readonly MemoryStream _values = new();
    private readonly BinaryWriter _value;
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly List<(string Name, long[] Sizes, GgufTensorType Type, long Bytes, Action<Stream> Write)> _tensors = [];

    public GgufWriter() => _value = new BinaryWriter(_values);

    /// <summary>Numbers of the format's types of values.</summary>
    private enum ValueType
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
    }

    public void Add(string key, string value)
    {
        Key(key, ValueType.String);
        Text(_value, value);
    }

    public void Add(string key, uint value)
    {
        Key(key, ValueType.UInt32);
        _value.Write(value);
    }

    public void Add(string key, float value)
    {
        Key(key, ValueType.Float32);
        _value.Write(value);
    }

    public void Add(string key, bool value)
    {
        Key(key, ValueType.Bool);
        _value.Write(value);
    }

    public void Add(string key, IReadOnlyList<string> values)
    {
        Array(key, ValueType.String, values.Count);
        foreach (var value in values) Text(_value, value);
    }

    public void Add(string key, IReadOnlyList<int> values)
    {
        Array(key, ValueType.Int32, values.Count);
        foreach (var value in values) _value.Write(value);
    }

    /// <summary>A tensor that is asked for its bytes when the file is written.</summary>
    /// <param name="name">Its GGUF name.</param>
    /// <param name="shape">Sizes, rows first; the format has them the other way round.</param>
    /// <param name="type">Element type.</param>
    /// <param name="write">Writes exactly the bytes that shape and type need.</param>
    public void Add(string name, IReadOnlyList<long> shape, GgufTensorType type, Action<Stream> write)
    {
        var count = shape.Aggregate(1L, (a, b) => a * b);
        var bytes = type switch
        {
            GgufTensorType.Float32 => count * 4,
            GgufTensorType.Q8 => count / Q8Block.Length * Q8Block.Bytes,
            _ => count * 2,
        };
        _tensors.Add((name, [.. shape.Reverse()], type, bytes, write));
    }

    /// <summary>Writes the file, which appears under its name only once it is complete.</summary>
    public void Write(string path)
    {
        var part = path + ".part";
        try
        {
            using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                WriteTo(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private void WriteTo(FileStream file)
    {
        var head = new BinaryWriter(file);
        head.Write("GGUF"u8);
        head.Write(Version);
        head.Write((ulong)_tensors.Count);
        head.Write((ulong)_keys.Count);
        head.Flush();
        _value.Flush();
        _values.WriteTo(file);
        long at = 0;
        foreach (var tensor in _tensors)
        {
            Text(head, tensor.Name);
            head.Write((uint)tensor.Sizes.Length);
            foreach (var size in tensor.Sizes) head.Write((ulong)size);
            head.Write((uint)tensor.Type);
            head.Write((ulong)at);
            at += Padded(tensor.Bytes);
        }

        head.Flush();
        Pad(file);
        foreach (var tensor in _tensors)
        {
            var start = file.Position;
            tensor.Write(file);
            if (file.Position - start != tensor.Bytes) throw new InvalidOperationException($"Tensor {tensor.Name} took {file.Position - start} bytes instead of {tensor.Bytes}.");
            Pad(file);
        }
    }

    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private static void Pad(FileStream file) => file.Write(new byte[Padded(file.Position) - file.Position]);

    private void Key(string key, ValueType type)
    {
        if (!_keys.Add(key)) throw new ArgumentException($"The key {key} is there already.");
        Text(_value, key);
        _value.Write((uint)type);
    }

    private void Array(string key, ValueType type, int count)
    {
        Key(key, ValueType.Array);
        _value.Write((uint)type);
        _value.Write((ulong)count);
    }

    private static void Text(BinaryWriter into, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        into.Write((ulong)bytes.Length);
        into.Write(bytes);
    }
}
