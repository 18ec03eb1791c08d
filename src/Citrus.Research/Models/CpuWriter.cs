namespace Citrus.Research.Models;

/// <summary>The writer for the CPU: no padding, and each row has a memory of its own.</summary>
internal sealed class CpuWriter(Decoder decoder) : IWriter
{
    private readonly CpuEngine _engine = new(decoder);
    private List<CpuMemory> _memories = [];

    public float[] Begin(IReadOnlyList<IReadOnlyList<int>> prompts, int room)
    {
        Forget(_memories);
        _memories = [.. prompts.Select(p => new CpuMemory(decoder.Config, p.Count + room))];
        return _engine.Read(TokenBatch.ToRead(prompts), _memories);
    }

    public float[] Next(IReadOnlyList<int> kept, IReadOnlyList<int> ids)
    {
        var left = kept.Select(r => _memories[r]).ToList();
        Forget(_memories.Except(left));
        _memories = left;
        return _engine.Read(TokenBatch.ToRead([.. ids.Select(i => (IReadOnlyList<int>)[i])]), _memories);
    }

    public void Dispose()
    {
        Forget(_memories);
        _engine.Dispose();
    }

    private static void Forget(IEnumerable<CpuMemory> memories)
    {
        foreach (var memory in memories) memory.Dispose();
    }
}
