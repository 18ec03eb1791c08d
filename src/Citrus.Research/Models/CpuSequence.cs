namespace Citrus.Research.Models;

/// <summary>What is remembered of one sequence: its pages in order.</summary>
internal sealed class CpuSequence(CpuPages pages) : IDisposable
{
    private readonly List<int> _pages = [];

    /// <summary>Tokens read.</summary>
    public int Length { get; private set; }

    public IReadOnlyList<int> Pages => _pages;

    /// <summary>Makes room for more tokens; a last page that others hold too is copied first.</summary>
    public void Reserve(int tokens)
    {
        if (Length % CpuPages.Tokens != 0 && tokens > 0) Own(Length / CpuPages.Tokens);
        while (_pages.Count * CpuPages.Tokens < Length + tokens) _pages.Add(pages.Take());
    }

    public void Advance(int tokens) => Length += tokens;

    /// <summary>A sequence that begins with the first tokens that this one has read; the pages are shared.</summary>
    /// <param name="tokens">How many of them.</param>
    public CpuSequence Fork(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, Length);
        var fork = new CpuSequence(pages) { Length = tokens };
        fork._pages.AddRange(_pages.Take((tokens + CpuPages.Tokens - 1) / CpuPages.Tokens));
        foreach (var page in fork._pages) pages.Share(page);
        return fork;
    }

    public void Dispose()
    {
        foreach (var page in _pages) pages.Release(page);
        _pages.Clear();
    }

    private void Own(int at)
    {
        if (!pages.IsShared(_pages[at])) return;
        var own = pages.Take();
        pages.Copy(_pages[at], own);
        pages.Release(_pages[at]);
        _pages[at] = own;
    }
}
