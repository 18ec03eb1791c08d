using System.Runtime.InteropServices;
using System.Text;

namespace Citrus.Research.Tokenization;

/// <summary>Learns byte-level BPE merges from a corpus (Sennrich et al. 2016), with pair counts kept up to date merge by merge.</summary>
/// <remarks>Equal counts go to the pair with the smaller ids, as in Hugging Face's trainer; the result depends on the texts alone, not on their order.</remarks>
public static class BpeTrainer
{
    /// <summary>Trains and returns a ready tokenizer: special tokens first, then bytes, then merges in the order in which they were found.</summary>
    /// <param name="progress">Told every now and then.</param>
    public static ByteLevelTokenizer Train(IEnumerable<string> texts, BpeTrainerOptions? options = null, IProgress<BpeProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new BpeTrainerOptions();
        var tokens = SpecialTokens.All.Concat(ByteAlphabet.Tokens).ToList();
        if (options.VocabularySize < tokens.Count)
            throw new ArgumentException($"A vocabulary of {options.VocabularySize} is too small: special tokens and bytes alone are {tokens.Count}.", nameof(options));
        if (options.MinimumFrequency < 1)
            throw new ArgumentException($"A minimum frequency of {options.MinimumFrequency} is too small: a pair is seen at least once.", nameof(options));

        var (words, frequencies) = Words(texts, options, progress, cancellation);
        var merges = Merge(words, frequencies, tokens, options, progress, cancellation);
        return new ByteLevelTokenizer(
            new ByteLevelModel { Vocabulary = [.. tokens.Select((t, i) => KeyValuePair.Create(t, i))], Merges = merges },
            WordTokenizer.OurTokens(), new TokenRoles());
    }

    private static List<(string Left, string Right)> Merge(List<int[]> words, List<long> frequencies, List<string> tokens, BpeTrainerOptions options,
        IProgress<BpeProgress>? progress, CancellationToken cancellation)
    {
        var lengths = words.ConvertAll(w => w.Length);
        var counts = new Dictionary<(int, int), long>();
        var whereabouts = new Dictionary<(int, int), List<int>>();
        for (var w = 0; w < words.Count; w++)
            for (var i = 0; i + 1 < words[w].Length; i++) Count((words[w][i], words[w][i + 1]), frequencies[w], w);

        var queue = new PriorityQueue<(int, int), (long Count, int Left, int Right)>(Comparer<(long Count, int Left, int Right)>.Create((x, y) =>
            x.Count != y.Count ? y.Count.CompareTo(x.Count) : x.Left != y.Left ? x.Left.CompareTo(y.Left) : x.Right.CompareTo(y.Right)));
        foreach (var (pair, count) in counts) queue.Enqueue(pair, (count, pair.Item1, pair.Item2));

        var merges = new List<(string, string)>();
        var known = tokens.Select((t, i) => (t, i)).ToDictionary(x => x.t, x => x.i, StringComparer.Ordinal);
        var fresh = new HashSet<(int, int)>();
        while (tokens.Count < options.VocabularySize && queue.TryDequeue(out var pair, out var rank))
        {
            var count = counts.GetValueOrDefault(pair);
            if (count != rank.Count)
            {
                // counts fall without the queue being told: look again where the pair now belongs
                if (count > 0) queue.Enqueue(pair, (count, pair.Item1, pair.Item2));
                continue;
            }

            if (count < options.MinimumFrequency) break;
            if (merges.Count % 64 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new BpeProgress(0, words.Count, tokens.Count, options.VocabularySize));
            }

            var text = tokens[pair.Item1] + tokens[pair.Item2];
            merges.Add((tokens[pair.Item1], tokens[pair.Item2]));
            // two ways to spell one token share its id
            if (!known.TryGetValue(text, out var id))
            {
                id = tokens.Count;
                known.Add(text, id);
                tokens.Add(text);
            }

            fresh.Clear();
            foreach (var w in whereabouts[pair]) Replace(w, pair, id);
            counts.Remove(pair);
            whereabouts.Remove(pair);
            foreach (var other in fresh)
                if (other != pair && counts.TryGetValue(other, out var n) && n > 0) queue.Enqueue(other, (n, other.Item1, other.Item2));
        }

        return merges;

        void Count((int, int) pair, long change, int word)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _) += change;
            if (change < 0) return;
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(whereabouts, pair, out _);
            list ??= [];
            if (list.Count == 0 || list[^1] != word) list.Add(word);
        }

        void Replace(int w, (int Left, int Right) pair, int id)
        {
            var (word, length, frequency) = (words[w], lengths[w], frequencies[w]);
            for (var i = 0; i + 1 < length; i++)
            {
                if (word[i] != pair.Left || word[i + 1] != pair.Right) continue;
                if (i > 0)
                {
                    Count((word[i - 1], pair.Left), -frequency, w);
                    Count((word[i - 1], id), frequency, w);
                    fresh.Add((word[i - 1], id));
                }

                if (i + 2 < length)
                {
                    Count((pair.Right, word[i + 2]), -frequency, w);
                    Count((id, word[i + 2]), frequency, w);
                    fresh.Add((id, word[i + 2]));
                }

                word[i] = id;
                Array.Copy(word, i + 2, word, i + 1, length - i - 2);
                length--;
            }

            lengths[w] = length;
        }
    }

    private static (List<int[]> Words, List<long> Frequencies) Words(IEnumerable<string> texts, BpeTrainerOptions options, IProgress<BpeProgress>? progress, CancellationToken cancellation)
    {
        var scanner = ByteLevelModel.Splitter(CodePointScanner.Qwen);
        var cutter = new AddedTokenCutter(WordTokenizer.OurTokens());
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var read = 0L;
        foreach (var text in texts)
        {
            if (read++ % 256 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new BpeProgress(read, counts.Count, 0, options.VocabularySize));
            }

            for (var start = 0; start < text.Length;)
            {
                var token = cutter.Next(text, start, out var gapEnd);
                var gap = Unicode.WellFormed(text[start..gapEnd]);
                foreach (var (offset, length) in scanner.PreTokenize(gap))
                    CollectionsMarshal.GetValueRefOrAddDefault(lookup, gap.AsSpan(offset, length), out _)++;
                start = gapEnd + (token?.Content.Length ?? 0);
            }
        }

        // in ordinal order, so that nothing hangs on the order of texts
        var idOf = new int[256];
        foreach (var (token, i) in ByteAlphabet.Tokens.Select((t, i) => (t, i))) idOf[ByteAlphabet.BytesOf(token)[0]] = SpecialTokens.All.Count + i;
        var ordered = counts.OrderBy(c => c.Key, StringComparer.Ordinal).ToList();
        return (ordered.ConvertAll(c => Array.ConvertAll(Encoding.UTF8.GetBytes(c.Key), b => idOf[b])), ordered.ConvertAll(c => c.Value));
    }
}
