using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>The runs of words of test stems, as hashes: which of them stand in a text, and which stems have them.</summary>
internal sealed class RunIndex
{
    private const int BloomBits = 1 << 25;

    private readonly ContaminationOptions _options;
    private readonly SortedDictionary<int, Dictionary<ulong, int>> _runs = [];
    private readonly List<(int First, int Length)> _of = [];
    private readonly Dictionary<int, List<int>> _more = [];
    private readonly List<int> _sizes = [];
    private readonly Dictionary<ulong, int> _whole = [];
    private readonly ulong[] _bloom = new ulong[BloomBits / 64];

    public RunIndex(ContaminationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shortest, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Words, options.Shortest);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Characters, options.Shortest);
        _options = options;
    }

    /// <summary>Stems that differ.</summary>
    public int Stems => _sizes.Count;

    /// <summary>Runs that were left out because more stems have them than a run of one question's own words is in.</summary>
    public int Stock { get; private set; }

    /// <summary>Words (or characters of Chinese) in a run of a stem's language.</summary>
    public int LengthFor(string stem) => QuestionLanguage.Of(stem) == QuestionLanguage.Chinese ? _options.Characters : _options.Words;

    /// <summary>Takes up a stem; the number of the same stem where it is there already, null where it is too short to look for.</summary>
    public int? Add(string stem, List<ulong> words)
    {
        if (words.Count < _options.Shortest) return null;
        var whole = TextTokens.Grams(words, words.Count).Single();
        if (_whole.TryGetValue(whole, out var known)) return known;
        var number = _sizes.Count;
        _whole.Add(whole, number);
        var length = Math.Min(words.Count, LengthFor(stem));
        if (!_runs.TryGetValue(length, out var runs)) _runs.Add(length, runs = []);
        var size = 0;
        foreach (var hash in TextTokens.Grams(words, length))
        {
            if (!runs.TryGetValue(hash, out var run))
            {
                runs.Add(hash, _of.Count);
                _of.Add((number, length));
                size++;
            }
            else if (_of[run].First != number && !(_more.TryGetValue(run, out var others) && others[^1] == number))
            {
                if (others is null) _more.Add(run, others = []);
                others.Add(number);
                size++;
            }
        }

        _sizes.Add(size);
        return number;
    }

    /// <summary>No more stems will come: stock phrases of the exam are left out.</summary>
    public void Close()
    {
        var stock = _more.Where(m => m.Value.Count + 1 > _options.StockInTests).Select(m => m.Key).ToHashSet();
        Stock = stock.Count;
        foreach (var runs in _runs.Values)
        {
            foreach (var hash in runs.Where(r => stock.Contains(r.Value)).Select(r => r.Key).ToList()) runs.Remove(hash);
            foreach (var hash in runs.Keys) _bloom[Word(hash)] |= Bit(hash);
        }
    }

    /// <summary>The runs that stand in a text, each with the place of its last word.</summary>
    public void Find(List<ulong> words, Action<int, int> found)
    {
        foreach (var (length, runs) in _runs)
        {
            var roll = new TextTokens.RollingGram(length);
            for (var i = 0; i < words.Count; i++)
                if (roll.Push(words, i) && (_bloom[Word(roll.Value)] & Bit(roll.Value)) != 0 && runs.TryGetValue(roll.Value, out var run)) found(run, i);
        }
    }

    /// <summary>Words in a run.</summary>
    public int LengthOf(int run) => _of[run].Length;

    /// <summary>The stems that have a run.</summary>
    public IEnumerable<int> StemsOf(int run) => _more.TryGetValue(run, out var others) ? others.Prepend(_of[run].First) : [_of[run].First];

    /// <summary>How many different runs a stem has, stock phrases among them.</summary>
    public int RunsIn(int stem) => _sizes[stem];

    private static int Word(ulong hash) => (int)((hash >> 39) >> 6);

    private static ulong Bit(ulong hash) => 1UL << (int)((hash >> 39) & 63);
}
