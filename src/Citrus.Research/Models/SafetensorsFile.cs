using System.IO.MemoryMappedFiles;
using Citrus.Research.Models.Native;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>An open safetensors file, mapped into memory a window at a time and copied from there straight to where the weights belong.</summary>
/// <remarks>
/// The whole header is checked on opening. What is mapped at once, and so what a load takes beside the model itself, is <see cref="Window"/> bytes (twice that where
/// types are converted), however large a tensor is. Not safe for several threads. The file must not be cut short while it is open: the system ends the process that reads
/// a mapped page that is gone.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>Bytes that are mapped at once.</summary>
    internal const int Window = 1 << 25;

    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, SafetensorsEntry> _byName;
    private readonly MemoryMappedFile _map;

    private SafetensorsFile(string path, SafetensorsHeader header, MemoryMappedFile map)
    {
        (Path, _header, _map) = (path, header, map);
        _byName = header.Entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    /// <summary>The tensors, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Entries;

    /// <summary>What the writer noted, e.g. <c>format</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <exception cref="InvalidDataException">The file is missing or not sound; the message says where.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path}: no such file.");
        var header = SafetensorsHeader.Read(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        return new SafetensorsFile(path, header, MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false));
    }

    /// <summary>The tensor of that name; null where there is none.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Copies a tensor, converting its type where <paramref name="into"/> has another.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="into">Where to: contiguous, of the same shape, on any device, in any floating-point type.</param>
    /// <exception cref="InvalidDataException">There is no such tensor, or its shape or type does not fit.</exception>
    public void CopyTo(string name, torch.Tensor into)
    {
        var entry = Find(name) ?? throw new InvalidDataException($"{Path}: tensor {name} is missing.");
        Expect(entry, into.shape);
        CopyTo(entry, 0, entry.Shape.Aggregate(1L, (a, b) => a * b), into);
    }

    /// <summary>Throws where a tensor is not of that shape or cannot be read as weights.</summary>
    /// <exception cref="InvalidDataException">The message names file, tensor and what was expected.</exception>
    internal void Expect(SafetensorsEntry entry, IReadOnlyList<long> shape)
    {
        if (!entry.Shape.SequenceEqual(shape))
            throw new InvalidDataException($"{Path}: tensor {entry.Name} has shape [{string.Join(", ", entry.Shape)}]; [{string.Join(", ", shape)}] was expected.");
        if (SafetensorsTypes.Torch(entry.Type) is null)
            throw new InvalidDataException($"{Path}: tensor {entry.Name} is of type {entry.Type}; a floating-point type (F32, F16, BF16, F64) was expected. Weights that were quantised must be converted back first.");
    }

    /// <summary>Copies <paramref name="count"/> elements from <paramref name="first"/> on.</summary>
    internal void CopyTo(SafetensorsEntry entry, long first, long count, torch.Tensor into)
    {
        var type = SafetensorsTypes.Torch(entry.Type)!.Value;
        var width = SafetensorsTypes.Width(entry.Type)!.Value;
        using var grad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var flat = into.view(-1);
        var direct = into.device_type == DeviceType.CPU && into.dtype == type && BitConverter.IsLittleEndian;
        const int whole = Window;
        var between = direct ? null : torch.empty(Math.Min(count, whole / width), type, torch.CPU);
        for (long at = 0; at < count;)
        {
            using var step = torch.NewDisposeScope();
            var some = Math.Min(count - at, whole / width);
            var target = direct ? flat.narrow(0, at, some) : between!.narrow(0, 0, some);
            if (direct) MappedPages.WillBeFilled(target.bytes);
            Read(_header.Data + entry.Begin + (first + at) * width, target.bytes, width);
            if (!direct) flat.narrow(0, at, some).copy_(target);
            at += some;
        }
    }

    public void Dispose() => _map.Dispose();

    /// <summary>Copies bytes of the file through a window, which is unmapped again, so that its pages do not add up.</summary>
    private unsafe void Read(long from, Span<byte> into, int width)
    {
        if (into.Length == 0) return;
        using var view = _map.CreateViewAccessor(from, into.Length, MemoryMappedFileAccess.Read);
        byte* at = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref at);
        try
        {
            MappedPages.WillBeRead(at, view.PointerOffset + into.Length);
            new ReadOnlySpan<byte>(at + view.PointerOffset, into.Length).CopyTo(into);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        if (BitConverter.IsLittleEndian) return;
        for (var i = 0; i < into.Length; i += width) into.Slice(i, width).Reverse();
    }
}
