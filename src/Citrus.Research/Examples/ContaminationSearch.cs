using System.IO.Hashing;
using System.Runtime.InteropServices;
using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Finds every test question that training data repeats, by runs of words and by likeness of the whole, and tells where.</summary>
/// <remarks>
/// <para>By runs: 13 words of the stem in a row (20 characters of Chinese), as <see cref="Contamination"/> counts them, stock phrases left out and counted.</para>
/// <para>By likeness: the stem, and the stem with its options a line each, against each text of a row as a whole and against every run of as many lines; a ratio (<see cref="IndelRatio"/>) of 95 or
/// more. A stem of fewer than 13 words (20 characters) alone is too common a sentence, and only counts with its options. The search is exact.</para>
/// <para>Not for several threads.</para>
/// </remarks>
public sealed class ContaminationSearch
{
    private const int MostShared = 300;

    private readonly ContaminationSearchOptions _options;
    private readonly IReadOnlyList<(string Source, Question Question)> _tests;
    private readonly RunIndex _runs;
    private readonly List<List<int>> _testsOfStem = [];
    private readonly FuzzyIndex _fuzzy;
    private readonly List<List<int>> _testsOfForm = [];
    private readonly List<ulong> _words = [];
    private readonly List<(int Start, int End)> _places = [];
    private readonly FuzzyText _text = new();

    /// <param name="tests">The test questions, each with the name of where it stands.</param>
    /// <param name="options">The defaults where null.</param>
    public ContaminationSearch(IReadOnlyList<(string Source, Question Question)> tests, ContaminationSearchOptions? options = null)
    {
        _options = options ?? new();
        _tests = tests;
        _runs = new RunIndex(_options.Runs);
        var (forms, numbers, left) = (new List<string>(), new Dictionary<string, int>(StringComparer.Ordinal), new List<int>());
        for (var i = 0; i < tests.Count; i++)
        {
            var (stem, known) = (tests[i].Question.Stem, forms.Count);
            TextTokens.Read(stem, _words);
            var words = _words.Count;
            var looked = false;
            if (_runs.Add(stem, _words) is { } number)
            {
                if (number == _testsOfStem.Count) _testsOfStem.Add([]);
                _testsOfStem[number].Add(i);
                looked = true;
            }

            if (words >= _runs.LengthFor(stem)) looked |= Form(stem);
            var whole = stem + string.Concat(tests[i].Question.Options.Select(o => $"\n{o.Label}. {o.Text}"));
            TextTokens.Read(whole, _words);
            if (_words.Count >= _options.Runs.Shortest) looked |= Form(whole);
            if (!looked) left.Add(i);

            bool Form(string text)
            {
                if (text.Length > FuzzyIndex.Longest) return false;
                if (!numbers.TryGetValue(text, out var form))
                {
                    numbers.Add(text, form = forms.Count);
                    forms.Add(text);
                    _testsOfForm.Add([]);
                }

                _testsOfForm[form].Add(i);
                return true;
            }
        }

        _runs.Close();
        _fuzzy = new FuzzyIndex(forms, _options.Ratio);
        TooShort = left;
    }

    /// <summary>Places of the test questions that are too short (or, being longer than a book's chapter, too long) to look for.</summary>
    public IReadOnlyList<int> TooShort { get; }

    /// <summary>Stems that differ.</summary>
    public int Stems => _runs.Stems;

    /// <summary>Pairs of texts that had to be compared in full.</summary>
    public long Compared => _fuzzy.Compared;

    /// <summary>Reads rows to their end.</summary>
    /// <param name="read">Told every thousand rows: how many were read, and how many characters of text.</param>
    public ContaminationReport Search(IEnumerable<TrainingRow> rows, Action<long, long>? read = null, CancellationToken cancellation = default)
    {
        var (count, texts, characters) = (0L, 0L, 0L);
        var found = new List<Found>();
        var prompts = new Dictionary<int, List<ulong>>();
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var here = new Found(row);
            var prompt = Prompt(row);
            for (var t = 0; t < row.Texts.Count; t++)
            {
                var text = row.Texts[t].Text;
                texts++;
                characters += text.Length;
                TextTokens.Read(text, _words);
                _runs.Find(_words, (run, at) =>
                {
                    here.Runs.Add((run, t, at));
                    if (!prompts.TryGetValue(run, out var of)) prompts.Add(run, of = new(1));
                    if (of.Count <= _options.Runs.StockInExamples && !of.Contains(prompt)) of.Add(prompt);
                });
                _fuzzy.Read(_text, text);
                _fuzzy.Find(_text, (form, ratio, place) =>
                {
                    foreach (var test in _testsOfForm[form])
                        if (!here.Fuzzy.TryGetValue(test, out var best) || best.Score < ratio) here.Fuzzy[test] = (ratio, row.Texts[t].Field, Cut(_text.Text[place]));
                });
            }

            if (here.Runs.Count > 0 || here.Fuzzy.Count > 0) found.Add(here);
            if (++count % 1000 == 0) read?.Invoke(count, characters);
        }

        read?.Invoke(count, characters);
        return Report(found, prompts, count, texts);
    }

    private ContaminationReport Report(List<Found> found, Dictionary<int, List<ulong>> prompts, long rows, long texts)
    {
        var (matches, byRun, byFuzzy) = (new List<ContaminationMatch>(), new HashSet<int>(), new HashSet<int>());
        foreach (var here in found)
        {
            var stems = new SortedDictionary<int, StemInRow>();
            foreach (var (run, text, at) in here.Runs)
            {
                if (prompts[run].Count > _options.Runs.StockInExamples) continue;
                foreach (var stem in _runs.StemsOf(run))
                {
                    if (!stems.TryGetValue(stem, out var of)) stems.Add(stem, of = new());
                    of.Add(run, text, at);
                }
            }

            foreach (var (stem, of) in stems)
            {
                var field = here.Row.Texts[of.Best.Text];
                var read = TextTokens.Read(field.Text, _words, _places);
                var shared = Cut(read[_places[of.Best.From - _runs.LengthOf(of.Runs.First()) + 1].Start.._places[of.Best.To].End]);
                foreach (var test in _testsOfStem[stem])
                {
                    byRun.Add(test);
                    matches.Add(Match(here.Row, field.Field, test, ContaminationKind.Run, 100.0 * of.Runs.Count / _runs.RunsIn(stem), shared));
                }
            }

            foreach (var (test, (score, field, shared)) in here.Fuzzy)
            {
                byFuzzy.Add(test);
                matches.Add(Match(here.Row, field, test, ContaminationKind.Fuzzy, score, shared));
            }
        }

        return new ContaminationReport
        {
            Matches = matches,
            Rows = rows,
            Texts = texts,
            StockInTests = _runs.Stock,
            StockInExamples = prompts.Values.Count(p => p.Count > _options.Runs.StockInExamples),
            ByRun = byRun,
            ByFuzzy = byFuzzy,
        };
    }

    private ContaminationMatch Match(TrainingRow row, string field, int test, ContaminationKind kind, double score, string shared) =>
        new(row.File, row.Line, row.Id, field, _tests[test].Source, _tests[test].Question.Benchmark, _tests[test].Question.Id, kind, Math.Round(score, 2), shared);

    /// <summary>What a row was asked, as a hash: its first text of some length that is no system message. Many answers to one prompt are one place.</summary>
    private ulong Prompt(TrainingRow row)
    {
        string? first = null;
        for (var i = 0; i < row.Texts.Count; i++)
        {
            var (field, text) = row.Texts[i];
            if (field is "system" or "system_prompt" or "id" or "source" || (i > 0 && row.Texts[i - 1] is { Text: "system" } role && (role.Field.EndsWith(".role", StringComparison.Ordinal) || role.Field.EndsWith(".from", StringComparison.Ordinal)))) continue;
            first ??= text;
            TextTokens.Read(text, _words);
            if (_words.Count < _options.Runs.Shortest) continue;
            first = text;
            break;
        }

        return first is null ? 0 : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(first.AsSpan()));
    }

    private static string Cut(string text) => text.Length <= MostShared ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MostShared - 1]) ? MostShared - 1 : MostShared), "...");

    /// <summary>What was found in a row, before stock phrases are known.</summary>
    private sealed class Found(TrainingRow row)
    {
        public TrainingRow Row => row;

        public List<(int Run, int Text, int At)> Runs { get; } = [];

        public SortedDictionary<int, (double Score, string Field, string Shared)> Fuzzy { get; } = [];
    }

    /// <summary>The runs of one stem in a row: which, and the longest stretch of them.</summary>
    private sealed class StemInRow
    {
        private (int Text, int From, int To) _now = (-1, 0, 0);

        public HashSet<int> Runs { get; } = [];

        public (int Text, int From, int To) Best { get; private set; } = (-1, 0, -1);

        public void Add(int run, int text, int at)
        {
            Runs.Add(run);
            _now = _now.Text == text && at == _now.To + 1 ? (text, _now.From, at) : (text, at, at);
            if (_now.To - _now.From > Best.To - Best.From) Best = _now;
        }
    }
}
