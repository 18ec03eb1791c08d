namespace Citrus.Research.Studies;

/// <summary>Remembers every reading of a split that students are scored on, and allows one a purpose.</summary>
public sealed class TestLedger
{
    private readonly List<SplitRead> _reads = [];
    private readonly Lock _gate = new();

    /// <summary>Every reading so far, for the manifest.</summary>
    public IReadOnlyList<SplitRead> Reads
    {
        get
        {
            lock (_gate) return [.. _reads];
        }
    }

    /// <summary>Notes a reading.</summary>
    /// <exception cref="InvalidOperationException">The same split was read for the same purpose before in this run.</exception>
    public void Note(SplitRead read)
    {
        lock (_gate)
        {
            if (_reads.Any(r => r.Split == read.Split && r.Purpose == read.Purpose))
                throw new InvalidOperationException($"The {read.Split} split was already read for {read.Purpose} in this run; keep what was read.");
            _reads.Add(read);
        }
    }
}
