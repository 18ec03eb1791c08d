using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Finds training texts that share a run of words with a test question: 13 words, or 20 characters of Chinese, punctuation and case aside.</summary>
/// <remarks>An index of hashes: 13,000 questions take about 100 MB, and a text is read once, whatever the number of questions. Not for several threads.</remarks>
public sealed class Contamination
{
    private readonly ContaminationOptions _options;
    private readonly RunIndex _runs;
    private readonly List<(string Source, string Id)> _questions = [];
    private readonly List<ulong> _words = [];

    /// <param name="tests">The test questions, each with the name of where it stands; their stems are indexed, options are not.</param>
    /// <param name="options">The defaults where null.</param>
    public Contamination(IEnumerable<(string Source, Question Question)> tests, ContaminationOptions? options = null)
    {
        _options = options ?? new();
        _runs = new RunIndex(_options);
        foreach (var (source, question) in tests)
        {
            TextTokens.Read(question.Stem, _words);
            // The same stem in two files (with four and five options, say) is one question.
            if (_runs.Add(question.Stem, _words) == _questions.Count) _questions.Add((source, question.Id));
        }

        _runs.Close();
    }

    /// <summary>How many different test questions are indexed.</summary>
    public int Questions => _questions.Count;

    /// <summary>The first overlap of a text; null where there is none.</summary>
    public ContaminationHit? Find(string text) => FindAll([("", text)])[0];

    /// <summary>The first overlap of each text, stock phrases of the texts themselves left out.</summary>
    /// <param name="texts">Each with its prompt: a phrase counts once for a prompt, however many texts answer it.</param>
    public IReadOnlyList<ContaminationHit?> FindAll(IReadOnlyList<(string Prompt, string Text)> texts)
    {
        var hits = new List<(int Run, int At)>?[texts.Count];
        var prompts = new Dictionary<int, HashSet<string>>();
        for (var i = 0; i < texts.Count; i++)
        {
            TextTokens.Read(texts[i].Text, _words);
            _runs.Find(_words, (run, at) =>
            {
                (hits[i] ??= []).Add((run, at));
                if (!prompts.TryGetValue(run, out var seen)) prompts.Add(run, seen = new(StringComparer.Ordinal));
                if (seen.Count <= _options.StockInExamples) seen.Add(texts[i].Prompt);
            });
        }

        return [.. texts.Select((text, i) =>
        {
            foreach (var (run, at) in hits[i] ?? [])
            {
                if (prompts[run].Count > _options.StockInExamples) continue;
                var (source, id) = _questions[_runs.StemsOf(run).First()];
                var places = new List<(int Start, int End)>();
                var read = TextTokens.Read(text.Text, _words, places);
                return new ContaminationHit(source, id, read[places[at - _runs.LengthOf(run) + 1].Start..places[at].End]);
            }

            return null;
        })];
    }
}
