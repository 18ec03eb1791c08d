using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>A float32 matrix on the CPU that both libtorch and our own loops write to; keeps its memory when it shrinks.</summary>
internal sealed unsafe class CpuMatrix(int columns) : IDisposable
{
    private Tensor? _store, _view;
    private int _capacity;

    public int Columns => columns;

    public int Rows { get; private set; } = -1;

    /// <summary>First element; rows follow each other.</summary>
    public float* Data { get; private set; }

    /// <summary>First element of a row.</summary>
    public float* At(int row) => Data + (long)row * columns;

    /// <summary>The matrix as libtorch sees it, <c>[rows, columns]</c>.</summary>
    public Tensor View => _view!;

    /// <summary>Sets the number of rows; the contents are undefined after it.</summary>
    public CpuMatrix Resize(int rows)
    {
        if (rows == Rows) return this;
        Reserve(rows);
        _view?.Dispose();
        _view = _store!.narrow(0, 0, rows).DetachFromDisposeScope();
        Rows = rows;
        return this;
    }

    /// <summary>Makes room for a number of rows and returns the first; for scratch memory that libtorch never sees.</summary>
    public float* Reserve(long rows)
    {
        if (rows > _capacity || _store is null)
        {
            var room = Math.Max(16, rows + rows / 8);
            if (room * columns > int.MaxValue / sizeof(float))
                throw new ArgumentException(FormattableString.Invariant($"A text is too long for the CPU: working on it takes {room * columns * sizeof(float) / 1e9:F1} GB in one piece, and 2 can be had. Shorten it."));
            _store?.Dispose();
            (_store, Rows) = (null, -1);
            _capacity = (int)room;
            _store = empty([_capacity, columns], float32).DetachFromDisposeScope();
            Data = Address(_store);
        }

        return Data;
    }

    /// <summary>Where a contiguous CPU tensor's values lie; valid as long as the tensor.</summary>
    public static float* Address(Tensor tensor)
    {
        if (!tensor.is_contiguous() || tensor.device_type != TorchSharp.DeviceType.CPU) throw new ArgumentException("The tensor must be contiguous and on the CPU.");
        // A span of the whole would be too long for a tensor of 2 GB.
        using var flat = tensor.view(-1);
        using var head = flat.narrow(0, 0, Math.Min(1, flat.numel()));
        fixed (byte* first = &MemoryMarshal.GetReference(head.bytes)) return (float*)first;
    }

    public void Dispose()
    {
        _view?.Dispose();
        _store?.Dispose();
    }
}
