using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Citrus.Research.Examples.Corpora;

/// <summary>Weighted sources as one stream of documents: cleaned, deduplicated, decontaminated, mixed by length. Texts are read as they are asked for; a few dozen bytes of each (half a kilobyte with near-duplicates) stay.</summary>
/// <remarks>
/// Which source comes next is not drawn but owed: the one furthest behind its share. So the mix holds at every place, and the same sources give the same corpus. A source that is read again skips what its first
/// pass left out.
/// </remarks>
public sealed class Corpus
{
    private readonly CorpusOptions _options;
    private readonly List<Feed> _feeds;
    private readonly HashSet<UInt128> _seen = [];
    private readonly NearDuplicateFilter? _near;
    private readonly double? _weights;

    /// <param name="sources">At least one; either all with a weight or none.</param>
    /// <exception cref="ArgumentException">Sources or options cannot be meant.</exception>
    public Corpus(IReadOnlyList<CorpusSource> sources, CorpusOptions? options = null)
    {
        _options = options ?? new();
        _options.Validate();
        if (sources.Count == 0) throw new ArgumentException("A corpus needs at least one source.");
        if (sources.GroupBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"Two sources are named {twice.Key}; give one another name in a mix file.");
        if (sources.Any(s => s.Weight is null) && sources.Any(s => s.Weight is not null)) throw new ArgumentException($"The source {sources.First(s => s.Weight is null).Name} has no weight, but others have; give all one, or none.");
        if (sources.FirstOrDefault(s => s.Weight is not (null or > 0)) is { } bad) throw new ArgumentException(FormattableString.Invariant($"The source {bad.Name} has the weight {bad.Weight}; it must be above 0."));
        foreach (var source in sources)
            if (!File.Exists(source.Path) && !Directory.Exists(source.Path)) throw new FileNotFoundException($"There is no file or folder {source.Path} to read text from.", source.Path);
        _feeds = [.. sources.Select(s => new Feed(this, s))];
        _near = _options.NearDuplicates is { } threshold ? new NearDuplicateFilter(threshold) : null;
        _weights = sources[0].Weight is null ? null : sources.Sum(s => s.Weight);
    }

    /// <summary>What was given so far.</summary>
    public CorpusReport Report
    {
        get
        {
            var length = _feeds.Sum(f => f.Length);
            return new CorpusReport
            {
                Unit = _options.Unit,
                Documents = _feeds.Sum(f => f.Documents),
                Length = length,
                Sources = [.. _feeds.Select(f => new CorpusShare
                {
                    Source = f.Source.Name,
                    Asked = f.Source.Weight / _weights,
                    Share = length == 0 ? 0 : f.Length / (double)length,
                    Read = f.Read,
                    Documents = f.Documents,
                    Length = f.Length,
                    Passes = f.Passes,
                    Ended = f.Ended,
                    Dropped = new Dictionary<string, long>(f.Dropped),
                })],
            };
        }
    }

    /// <summary>The documents with their sources' names; to be read once.</summary>
    public IEnumerable<(string Source, Passage Passage)> Documents()
    {
        var total = 0L;
        while (_options.Budget is not { } budget || total < budget)
        {
            var feed = Next(total);
            if (feed is null) yield break;
            if (feed.Take(again: _options.Budget is not null) is not { } passage)
            {
                if (_options.Budget is not null && feed.Length == 0) throw new InvalidDataException($"The source {feed.Source.Name} holds no document that is kept ({string.Join(", ", feed.Dropped.Select(d => $"{d.Value} {d.Key}"))}); take it out of the mix, or ease the rules.");
                if (_weights is not null) yield break;
                continue;
            }

            total += feed.Last;
            yield return (feed.Source.Name, passage);
        }
    }

    private Feed? Next(long total)
    {
        if (_weights is { } all) return _feeds.MaxBy(f => (f.Source.Weight!.Value / all * (total + 1)) - f.Length);
        // Without weights one after the other, and round again where a budget asks for more.
        return _feeds.FirstOrDefault(f => !f.Ended) ?? (_options.Budget is null ? null : _feeds.MinBy(f => f.Passes));
    }

    private string? Kept(string text, out string? reason)
    {
        reason = null;
        if (_options.Cleaning is { } rules)
        {
            (var cleaned, reason) = TextCleaning.Clean(text, rules);
            if (cleaned is null) return null;
            text = cleaned;
        }
        else if (string.IsNullOrWhiteSpace(text))
        {
            reason = "empty";
            return null;
        }

        if (_options.DropDuplicates && !_seen.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan())))) reason = "duplicate";
        else if (_near?.IsRepeat(text) == true) reason = "near-duplicate";
        else if (_options.Tests?.Find(text) is not null) reason = "overlaps a test question";
        return reason is null ? text : null;
    }

    /// <summary>A source as it is read.</summary>
    private sealed class Feed(Corpus corpus, CorpusSource source)
    {
        private readonly HashSet<long> _left = [];
        private IEnumerator<Passage>? _documents;
        private long _place;

        public CorpusSource Source => source;
        public long Read { get; private set; }
        public long Documents { get; private set; }
        public long Length { get; private set; }
        public int Last { get; private set; }
        public int Passes { get; private set; }
        public bool Ended { get; private set; }
        public SortedDictionary<string, long> Dropped { get; } = new(StringComparer.Ordinal);

        /// <summary>The next document that is kept; null at the end, from which it begins again where asked to.</summary>
        public Passage? Take(bool again)
        {
            while (true)
            {
                if (_documents is null)
                {
                    (_documents, _place) = (CorpusReader.Read(source).GetEnumerator(), 0);
                    Passes++;
                }

                while (_documents.MoveNext())
                {
                    _place++;
                    Read++;
                    if (_left.Contains(_place)) continue;
                    var text = _documents.Current.Text;
                    if (Passes == 1)
                    {
                        if (corpus.Kept(text, out var reason) is not { } kept)
                        {
                            Dropped[reason!] = Dropped.GetValueOrDefault(reason!) + 1;
                            _left.Add(_place);
                            continue;
                        }

                        text = kept;
                    }
                    else if (corpus._options.Cleaning is { } rules)
                    {
                        text = TextCleaning.Clean(text, rules).Text ?? text;
                    }

                    Documents++;
                    Last = Math.Max(1, corpus._options.Length(text));
                    Length += Last;
                    return new Passage($"{source.Name}/{_documents.Current.Id}", text);
                }

                _documents.Dispose();
                (_documents, Ended) = (null, true);
                if (!again || Length == 0 || corpus._weights is null) return null;
            }
        }
    }
}
