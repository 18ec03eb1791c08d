using System.Runtime.InteropServices;

namespace Citrus.Research.Models;

/// <summary>Memory for keys and values in pages of 16 tokens, each for all layers; pages are shared between sequences that begin alike, and used again.</summary>
/// <remarks>
/// A page holds, for each layer and key head, 16 keys with their dimensions apart (<c>[size, 16]</c>), so that one query meets 16 of them at a time, then 16 values
/// (<c>[16, size]</c>, a row padded to whole vectors).
/// </remarks>
internal sealed unsafe class CpuPages(DecoderConfig config) : IDisposable
{
    /// <summary>Tokens of a page.</summary>
    public const int Tokens = 16;

    private readonly List<nint> _pages = [];
    private readonly List<int> _holders = [];
    private readonly Stack<int> _free = new();

    /// <summary>Width of a value's row.</summary>
    public int ValueRow { get; } = (config.HeadSize + 15) & ~15;

    /// <summary>Pages in use.</summary>
    public int Held => _pages.Count - _free.Count;

    private long HeadFloats => (long)Tokens * (config.HeadSize + ValueRow);

    private long PageFloats => config.Layers * config.KeyValueHeads * HeadFloats;

    /// <summary>A page for one holder; its contents are undefined.</summary>
    public int Take()
    {
        if (!_free.TryPop(out var page))
        {
            page = _pages.Count;
            _pages.Add((nint)NativeMemory.AlignedAlloc((nuint)(PageFloats * sizeof(float)), 64));
            _holders.Add(0);
        }

        _holders[page] = 1;
        return page;
    }

    /// <summary>One more holder.</summary>
    public void Share(int page) => _holders[page]++;

    /// <summary>Whether there is more than one holder.</summary>
    public bool IsShared(int page) => _holders[page] > 1;

    /// <summary>One holder less; a page without any is free.</summary>
    public void Release(int page)
    {
        if (--_holders[page] == 0) _free.Push(page);
    }

    /// <summary>Copies a page's contents.</summary>
    public void Copy(int from, int to) => Buffer.MemoryCopy((void*)_pages[from], (void*)_pages[to], PageFloats * sizeof(float), PageFloats * sizeof(float));

    /// <summary>Keys of one layer and head, <c>[size, 16]</c>.</summary>
    public float* Keys(int page, int layer, int head) => (float*)_pages[page] + ((long)layer * config.KeyValueHeads + head) * HeadFloats;

    /// <summary>Values of one layer and head, <c>[16, <see cref="ValueRow"/>]</c>.</summary>
    public float* Values(int page, int layer, int head) => Keys(page, layer, head) + (long)Tokens * config.HeadSize;

    public void Dispose()
    {
        foreach (var page in _pages) NativeMemory.AlignedFree((void*)page);
        _pages.Clear();
        _free.Clear();
        GC.SuppressFinalize(this);
    }

    ~CpuPages() => Dispose();
}
