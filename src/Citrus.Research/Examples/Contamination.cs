using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Finds training texts that share a run of words with a test question: 13 words, or 20 characters of Chinese, punctuation and case aside.</summary>
/// <remarks>An index of hashes: 13,000 questions take about 100 MB, and a text is read once, whatever the number of questions. Not for several threads.</remarks>
public sealed class Contamination
{
    private const int BloomBits = 1 << 25;

    private readonly ContaminationOptions _options;
    private readonly List<(string Source, string Id)> _questions = [];
    private readonly SortedDictionary<int, Dictionary<ulong, int>> _grams = [];
    private readonly ulong[] _bloom = new ulong[BloomBits / 64];
    private readonly List<ulong> _words = [];

    /// <param name="tests">The test questions, each with the name of where it stands; their stems are indexed, options are not.</param>
    /// <param name="options">The defaults where null.</param>
    public Contamination(IEnumerable<(string Source, Question Question)> tests, ContaminationOptions? options = null)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Shortest, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Words, _options.Shortest);
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Characters, _options.Shortest);
        var (whole, spread) = (new HashSet<ulong>(), new Dictionary<(int, ulong), int>());
        foreach (var (source, question) in tests)
        {
            TextTokens.Read(question.Stem, _words);
            if (_words.Count < _options.Shortest) continue;
            // The same stem in two files (with four and five options, say) is one question.
            if (!whole.Add(TextTokens.Grams(_words, _words.Count).Single())) continue;
            var index = _questions.Count;
            _questions.Add((source, question.Id));
            var n = Math.Min(_words.Count, QuestionLanguage.Of(question) == QuestionLanguage.Chinese ? _options.Characters : _options.Words);
            if (!_grams.TryGetValue(n, out var grams)) _grams.Add(n, grams = []);
            foreach (var gram in TextTokens.Grams(_words, n))
            {
                if (grams.TryAdd(gram, index)) continue;
                // Counted from the second question on, each once for its own run.
                if (grams[gram] != index) spread[(n, gram)] = spread.GetValueOrDefault((n, gram), 1) + 1;
            }
        }

        foreach (var ((n, gram), count) in spread)
            if (count > _options.StockInTests) _grams[n].Remove(gram);
        foreach (var gram in _grams.Values.SelectMany(g => g.Keys)) _bloom[Word(gram)] |= Bit(gram);
    }

    /// <summary>How many different test questions are indexed.</summary>
    public int Questions => _questions.Count;

    /// <summary>The first overlap of a text; null where there is none.</summary>
    public ContaminationHit? Find(string text) => FindAll([("", text)])[0];

    /// <summary>The first overlap of each text, stock phrases of the texts themselves left out.</summary>
    /// <param name="texts">Each with its prompt: a phrase counts once for a prompt, however many texts answer it.</param>
    public IReadOnlyList<ContaminationHit?> FindAll(IReadOnlyList<(string Prompt, string Text)> texts)
    {
        var hits = new List<(int N, ulong Gram, int At)>?[texts.Count];
        var prompts = new Dictionary<(int, ulong), HashSet<string>>();
        for (var i = 0; i < texts.Count; i++)
        {
            hits[i] = Hits(texts[i].Text);
            foreach (var (n, gram, _) in hits[i] ?? [])
            {
                if (!prompts.TryGetValue((n, gram), out var seen)) prompts.Add((n, gram), seen = new(StringComparer.Ordinal));
                if (seen.Count <= _options.StockInExamples) seen.Add(texts[i].Prompt);
            }
        }

        return [.. texts.Select((text, i) =>
        {
            foreach (var (n, gram, at) in hits[i] ?? [])
            {
                if (prompts[(n, gram)].Count > _options.StockInExamples) continue;
                var (source, id) = _questions[_grams[n][gram]];
                var places = new List<(int Start, int End)>();
                var read = TextTokens.Read(text.Text, _words, places);
                return new ContaminationHit(source, id, read[places[at - n + 1].Start..places[at].End]);
            }

            return null;
        })];
    }

    private List<(int N, ulong Gram, int At)>? Hits(string text)
    {
        List<(int, ulong, int)>? hits = null;
        TextTokens.Read(text, _words);
        foreach (var (n, grams) in _grams)
        {
            var roll = new TextTokens.RollingGram(n);
            for (var i = 0; i < _words.Count; i++)
                if (roll.Push(_words, i) && (_bloom[Word(roll.Value)] & Bit(roll.Value)) != 0 && grams.ContainsKey(roll.Value)) (hits ??= []).Add((n, roll.Value, i));
        }

        return hits;
    }

    private static int Word(ulong gram) => (int)((gram >> 39) >> 6);

    private static ulong Bit(ulong gram) => 1UL << (int)((gram >> 39) & 63);
}
