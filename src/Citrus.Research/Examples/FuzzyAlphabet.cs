namespace Citrus.Research.Examples;

/// <summary>Numbers for the characters of the indexed texts, the most usual first, so that small tables hold them.</summary>
internal sealed class FuzzyAlphabet
{
    /// <summary>A character that no indexed text has.</summary>
    public const ushort Unknown = 0;

    public const ushort Space = 1;

    private readonly ushort[] _ascii = new ushort[128];
    private readonly Dictionary<int, ushort> _others = [];

    /// <summary>Symbols in use, the unknown one included.</summary>
    public int Count { get; private set; } = 2;

    public ushort Of(int codePoint, bool learn)
    {
        if (codePoint < 128)
        {
            if (_ascii[codePoint] == Unknown && learn) _ascii[codePoint] = Next();
            return _ascii[codePoint];
        }

        if (_others.TryGetValue(codePoint, out var symbol) || !learn) return symbol;
        _others.Add(codePoint, symbol = Next());
        return symbol;
    }

    private ushort Next() => Count <= ushort.MaxValue ? (ushort)Count++ : throw new InvalidDataException("The test questions use more than 65,534 different characters; are these texts?");
}
