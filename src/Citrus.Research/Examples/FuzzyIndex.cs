using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Citrus.Research.Examples;

/// <summary>Finds indexed texts that a longer text repeats with few edits: every pair whose <see cref="IndelRatio"/> reaches the threshold, and no other.</summary>
/// <remarks>
/// <para>An indexed text of k lines is compared with a whole text and with every run of k of its lines; both sides in lower case, with one space for whatever is no letter or digit.</para>
/// <para>Exact, for what is left out cannot reach the threshold: lengths too far apart; then counts of 32 kinds of characters whose differences, summed up, are more insertions and deletions than
/// are allowed. What is left is compared in full, 64 characters a step. Not for several threads.</para>
/// </remarks>
internal sealed class FuzzyIndex
{
    /// <summary>Characters of a text beyond which it is not compared: an exam question has hundreds.</summary>
    public const int Longest = 20_000;

    private const int Kinds = 32;

    /// <summary>Indexed texts that are looked at in one step.</summary>
    private const int Lanes = 32;

    private readonly FuzzyAlphabet _alphabet = new();
    private readonly double _ratio;
    private readonly Form[] _forms;
    private readonly int[] _lengths;
    private readonly ushort[] _bags;
    private readonly int _stride;
    private readonly byte[] _columns;
    private readonly List<(int Lines, int First, int End)> _blocks = [];
    private readonly List<ushort> _lineBags = [];
    private readonly ushort[] _bag = new ushort[Kinds];
    private readonly ushort[] _rows;
    private readonly List<ushort> _rowsInUse = [];
    private ulong[] _places = [];
    private ulong[] _column = [];
    private (int Start, int End) _prepared = (-1, -1);

    /// <param name="texts">What to look for; those with no letter or digit, or longer than <see cref="Longest"/>, are never found.</param>
    /// <param name="ratio">80..100.</param>
    public FuzzyIndex(IReadOnlyList<string> texts, double ratio)
    {
        if (ratio is not (>= 80 and <= 100)) throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "A ratio is needed from 80 to 100.");
        _ratio = ratio;
        var read = new FuzzyText();
        var forms = new List<Form>();
        for (var i = 0; i < texts.Count; i++)
        {
            read.Read(texts[i], _alphabet, learn: true);
            if (read.Symbols.Length is > 0 and <= Longest) forms.Add(new Form(i, read.Lines.Length, read.Symbols.ToArray()));
        }

        _forms = [.. forms.OrderBy(f => f.Lines).ThenBy(f => f.Symbols.Length).ThenBy(f => f.Text)];
        _lengths = [.. _forms.Select(f => f.Symbols.Length)];
        _bags = new ushort[_forms.Length * Kinds];
        _stride = _forms.Length + Lanes;
        _columns = new byte[Kinds * _stride];
        for (var i = 0; i < _forms.Length; i++)
        {
            Count(_forms[i].Symbols, _bags.AsSpan(i * Kinds, Kinds));
            // Cut off at 255, which makes two texts look more alike, never less.
            for (var kind = 0; kind < Kinds; kind++) _columns[(kind * _stride) + i] = (byte)Math.Min(byte.MaxValue, _bags[(i * Kinds) + kind]);
            if (_blocks.Count > 0 && _blocks[^1].Lines == _forms[i].Lines) _blocks[^1] = _blocks[^1] with { End = i + 1 };
            else _blocks.Add((_forms[i].Lines, i, i + 1));
        }

        _rows = new ushort[_alphabet.Count];
    }

    /// <summary>Pairs that the counts could not rule out, so far.</summary>
    public long Compared { get; private set; }

    /// <summary>Reads a text in this index's alphabet.</summary>
    public void Read(FuzzyText into, string text) => into.Read(text, _alphabet, learn: false);

    /// <summary>The indexed texts that a text repeats; one may be found at several places.</summary>
    /// <param name="text">As <see cref="Read"/> left it.</param>
    /// <param name="found">Called with the indexed text's number, the ratio, and the place in <see cref="FuzzyText.Text"/>.</param>
    public void Find(FuzzyText text, Action<int, double, Range> found)
    {
        var lines = text.Lines;
        if (lines.Length == 0 || _blocks.Count == 0) return;
        _prepared = (-1, -1);
        CollectionsMarshal.SetCount(_lineBags, lines.Length * Kinds);
        var bags = CollectionsMarshal.AsSpan(_lineBags);
        bags.Clear();
        for (var i = 0; i < lines.Length; i++)
            // Longer ones are compared with nothing, and their counts might not fit.
            if (lines[i].End - lines[i].Start <= 2 * Longest) Count(text.Symbols[lines[i].Start..lines[i].End], bags.Slice(i * Kinds, Kinds));

        foreach (var block in _blocks) Compare(text, 0, lines.Length, block, found);
        foreach (var block in _blocks)
            for (var i = 0; block.Lines < lines.Length && i + block.Lines <= lines.Length; i++) Compare(text, i, i + block.Lines, block, found);
    }

    private void Compare(FuzzyText text, int first, int last, (int Lines, int First, int End) block, Action<int, double, Range> found)
    {
        var (start, end) = (text.Lines[first].Start, text.Lines[last - 1].End);
        var length = end - start;
        // Lengths alone: no more may differ than is allowed to be inserted or deleted.
        var allowed = (100 - _ratio) / 100;
        var from = FirstOfLength(block, (int)(length * (1 - allowed) / (1 + allowed)));
        if (from == block.End || _lengths[from] - length > IndelRatio.Budget(length + _lengths[from], _ratio)) return;

        _bag.AsSpan().Clear();
        _bag[FuzzyAlphabet.Space] = (ushort)(last - first - 1);
        ref var bag = ref MemoryMarshal.GetArrayDataReference(_bag);
        ref var lineBags = ref MemoryMarshal.GetReference(CollectionsMarshal.AsSpan(_lineBags));
        var (low, high) = (Vector256.LoadUnsafe(ref bag), Vector256.LoadUnsafe(ref bag, Kinds / 2));
        for (var i = first; i < last; i++)
        {
            low += Vector256.LoadUnsafe(ref lineBags, (nuint)(i * Kinds));
            high += Vector256.LoadUnsafe(ref lineBags, (nuint)((i * Kinds) + (Kinds / 2)));
        }

        var counts = Vector256.Narrow(Vector256.Min(low, Vector256.Create((ushort)byte.MaxValue)), Vector256.Min(high, Vector256.Create((ushort)byte.MaxValue)));
        for (var i = from; i < block.End; i += Lanes)
        {
            if (_lengths[i] - length > IndelRatio.Budget(length + _lengths[i], _ratio)) break;
            for (var near = Near(i, counts, IndelRatio.Budget(length + _lengths[Math.Min(i + Lanes, block.End) - 1], _ratio)); near != 0; near &= near - 1)
            {
                var form = i + BitOperations.TrailingZeroCount(near);
                if (form >= block.End) break;
                var symbols = _forms[form].Symbols;
                var budget = IndelRatio.Budget(length + symbols.Length, _ratio);
                if (Apart(form, low, high) > budget) continue;
                Compared++;
                Prepare(text, start, end);
                var edits = length + symbols.Length - (2 * CommonSubsequence(symbols, length, (length + symbols.Length - budget + 1) / 2));
                if (edits <= budget) found(_forms[form].Text, 100 - (100.0 * edits / (length + symbols.Length)), text.Lines[first].From..text.Lines[last - 1].To);
            }
        }
    }

    /// <summary>Which of 32 indexed texts have counts that are no more than the budget apart, as bits; sums that reach 255 may be any more, so that a larger budget rules nothing out.</summary>
    private uint Near(int first, Vector256<byte> counts, int budget)
    {
        if (budget >= byte.MaxValue) return uint.MaxValue;
        var most = Vector256.Create((byte)budget);
        var apart = Vector256<byte>.Zero;
        ref var columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        for (var kind = 0; kind < Kinds; kind++)
        {
            var (mine, theirs) = (Vector256.Create(counts.GetElement(kind)), Vector256.LoadUnsafe(ref columns, (nuint)((kind * _stride) + first)));
            apart = Vector256.AddSaturate(apart, Vector256.Max(mine, theirs) - Vector256.Min(mine, theirs));
            if ((kind & 7) == 7 && Vector256.GreaterThanAll(apart, most)) return 0;
        }

        return Vector256.LessThanOrEqual(apart, most).ExtractMostSignificantBits();
    }

    /// <summary>How far apart an indexed text's counts are from these, in full.</summary>
    private uint Apart(int form, Vector256<ushort> low, Vector256<ushort> high)
    {
        ref var bags = ref MemoryMarshal.GetArrayDataReference(_bags);
        var (a, b) = (Vector256.LoadUnsafe(ref bags, (nuint)(form * Kinds)), Vector256.LoadUnsafe(ref bags, (nuint)((form * Kinds) + (Kinds / 2))));
        // At most 50,000 characters in both, so that the sums fit.
        var apart = (Vector256.Max(low, a) - Vector256.Min(low, a)) + (Vector256.Max(high, b) - Vector256.Min(high, b));
        var (even, odd) = Vector256.Widen(apart);
        return Vector256.Sum(even + odd);
    }

    private int FirstOfLength((int Lines, int First, int End) block, int length)
    {
        var (low, high) = (block.First, block.End);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_lengths[middle] < length) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>Where each symbol stands in a stretch of the text, as bits.</summary>
    private void Prepare(FuzzyText text, int start, int end)
    {
        if (_prepared == (start, end)) return;
        _prepared = (start, end);
        foreach (var symbol in _rowsInUse) _rows[symbol] = 0;
        _rowsInUse.Clear();
        var symbols = text.Symbols[start..end];
        foreach (var symbol in symbols)
        {
            if (symbol == FuzzyAlphabet.Unknown || _rows[symbol] != 0) continue;
            _rowsInUse.Add(symbol);
            _rows[symbol] = (ushort)_rowsInUse.Count;
        }

        var words = (symbols.Length + 63) / 64;
        if (_places.Length < _rowsInUse.Count * words) _places = new ulong[_rowsInUse.Count * words];
        else _places.AsSpan(0, _rowsInUse.Count * words).Clear();
        if (_column.Length < words) _column = new ulong[words];
        for (var i = 0; i < symbols.Length; i++)
            if (_rows[symbols[i]] is > 0 and var row) _places[((row - 1) * words) + (i / 64)] |= 1UL << (i % 64);
    }

    /// <summary>Length of the longest common subsequence with the stretch that was prepared; any smaller number once it is clear that it is below <paramref name="needed"/>.</summary>
    private int CommonSubsequence(ushort[] symbols, int length, int needed)
    {
        var words = (length + 63) / 64;
        var column = _column.AsSpan(0, words);
        column.Fill(ulong.MaxValue);
        for (var i = 0; i < symbols.Length; i++)
        {
            if (_rows[symbols[i]] is > 0 and var row) IndelRatio.Step(column, _places.AsSpan((row - 1) * words, words));
            if ((i & 63) == 63 && IndelRatio.Zeros(column) + symbols.Length - 1 - i < needed) return 0;
        }

        return IndelRatio.Zeros(column);
    }

    /// <summary>How often each kind of symbol comes; merging symbols into kinds makes two texts look more alike, never less.</summary>
    private static void Count(ReadOnlySpan<ushort> symbols, Span<ushort> bag)
    {
        foreach (var symbol in symbols) bag[symbol < Kinds ? symbol : 2 + (symbol % (Kinds - 2))]++;
    }

    private readonly record struct Form(int Text, int Lines, ushort[] Symbols);
}
