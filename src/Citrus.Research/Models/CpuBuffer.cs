using System.Runtime.InteropServices;

namespace Citrus.Research.Models;

/// <summary>Float32 scratch memory outside the garbage collector's, which only grows.</summary>
internal sealed unsafe class CpuBuffer : IDisposable
{
    private long _capacity;

    /// <summary>First value; on a cache line of its own.</summary>
    public float* Data { get; private set; }

    /// <summary>Makes room; the contents are undefined after a growth.</summary>
    public float* Reserve(long floats)
    {
        if (floats <= _capacity) return Data;
        Free();
        var room = floats + floats / 8;
        Data = (float*)NativeMemory.AlignedAlloc((nuint)room * sizeof(float), 64);
        _capacity = room;
        return Data;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~CpuBuffer() => Free();

    private void Free()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
        _capacity = 0;
    }
}
