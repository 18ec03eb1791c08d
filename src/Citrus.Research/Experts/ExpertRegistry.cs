using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>The kinds of experts an application offers, each with the factory that makes one from its spec.</summary>
public sealed class ExpertRegistry
{
    private readonly SortedDictionary<string, (string Usage, Func<ExpertSpec, IChatClient> Make)> _kinds = new(StringComparer.Ordinal);

    /// <summary>Offers a kind.</summary>
    /// <param name="kind">What a spec begins with.</param>
    /// <param name="usage">How such a spec is written, for messages, e.g. <c>student:DIR</c>.</param>
    /// <param name="make">Makes the expert; reads the spec's parameters and refuses those it does not know.</param>
    /// <returns>This registry.</returns>
    public ExpertRegistry Register(string kind, string usage, Func<ExpertSpec, IChatClient> make)
    {
        _kinds[kind] = (usage, make);
        return this;
    }

    /// <summary>How each known kind is written, in ordinal order.</summary>
    public IReadOnlyList<string> Usages => [.. _kinds.Values.Select(k => k.Usage)];

    /// <summary>Makes the expert that the spec names.</summary>
    /// <exception cref="FormatException">The spec is malformed or of an unknown kind; the message lists what is known.</exception>
    public IChatClient Create(string spec)
    {
        var parsed = ExpertSpec.Parse(spec);
        return _kinds.TryGetValue(parsed.Kind, out var kind)
            ? kind.Make(parsed)
            : throw new FormatException($"No expert of kind '{parsed.Kind}' in '{spec}'. Known: {(_kinds.Count == 0 ? "none" : string.Join(" | ", Usages))}.");
    }
}
