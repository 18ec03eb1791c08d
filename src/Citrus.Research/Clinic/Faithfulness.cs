namespace Citrus.Research.Clinic;

/// <summary>How much of what was claimed, and not taken back, is true.</summary>
public sealed record Faithfulness
{
    /// <summary>No claims.</summary>
    public static Faithfulness None { get; } = new();

    /// <summary>Claims and how many of them hold, by kind.</summary>
    public IReadOnlyDictionary<ClaimKind, (int Claims, int True)> ByKind { get; init; } = new SortedDictionary<ClaimKind, (int, int)>();

    public int Claims => ByKind.Values.Sum(v => v.Claims);

    public int True => ByKind.Values.Sum(v => v.True);

    /// <summary>Share of claims that hold, 0..1; null where nothing was claimed.</summary>
    public double? Fraction => Claims == 0 ? null : (double)True / Claims;

    /// <summary>Share of this kind's claims that hold, 0..1; null where there is none.</summary>
    public double? FractionOf(ClaimKind kind) => ByKind.TryGetValue(kind, out var v) && v.Claims > 0 ? (double)v.True / v.Claims : null;

    public static Faithfulness Of(IEnumerable<ClaimVerdict> verdicts)
    {
        var kinds = new SortedDictionary<ClaimKind, (int, int)>();
        foreach (var v in verdicts.Where(v => !v.Claim.Retracted))
        {
            var (claims, right) = kinds.GetValueOrDefault(v.Claim.Kind);
            kinds[v.Claim.Kind] = (claims + 1, right + (v.Holds ? 1 : 0));
        }

        return new Faithfulness { ByKind = kinds };
    }

    public static Faithfulness operator +(Faithfulness a, Faithfulness b)
    {
        var kinds = new SortedDictionary<ClaimKind, (int, int)>();
        foreach (var (kind, v) in a.ByKind.Concat(b.ByKind))
        {
            var (claims, right) = kinds.GetValueOrDefault(kind);
            kinds[kind] = (claims + v.Claims, right + v.True);
        }

        return new Faithfulness { ByKind = kinds };
    }
}
