using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>The experts of one run: made from specs, with one ledger, budget and cache among them.</summary>
public sealed class ExpertSession(ExpertRegistry registry, ExpertSessionOptions? options = null) : IDisposable
{
    private readonly Dictionary<string, IChatClient> _open = new(StringComparer.Ordinal);

    public ExpertSessionOptions Options { get; } = options ?? new();

    /// <summary>The expert of a spec; the same one where it is asked for twice. The session disposes of it.</summary>
    public IChatClient Open(string spec)
    {
        if (!_open.TryGetValue(spec, out var expert)) _open.Add(spec, expert = registry.Create(spec));
        return expert;
    }

    public void Dispose()
    {
        foreach (var expert in _open.Values) expert.Dispose();
    }
}
