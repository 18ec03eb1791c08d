using System.Text;
using Citrus.Research.Tokenization;
using CsCheck;

namespace Citrus.Research.Tests.Tokenization;

public sealed class BpeTrainerTests
{
    [Fact]
    public void Merges_equal_those_of_counting_anew_after_every_merge()
    {
        Gen.String[Gen.Char["aab bc é\n"], 0, 40].Array[1, 6].Sample(texts =>
            BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = 285, MinimumFrequency = 2 }).Merges.SequenceEqual(CountedAnew(texts, 285, 2)));
    }

    [Fact]
    public void The_order_of_texts_does_not_matter()
    {
        var forward = BpeTrainer.Train(Corpus.Texts, new BpeTrainerOptions { VocabularySize = 400 });
        Assert.Equal(forward.Merges, BpeTrainer.Train(Corpus.Texts.Reverse(), new BpeTrainerOptions { VocabularySize = 400 }).Merges);
    }

    [Fact]
    public void Training_stops_where_no_pair_is_frequent_enough() =>
        Assert.Equal(265 + 2, BpeTrainer.Train(["abc abc", "xyz"], new BpeTrainerOptions { VocabularySize = 1000, MinimumFrequency = 2 }).VocabularySize);

    [Fact]
    public void A_vocabulary_without_room_for_all_bytes_is_refused()
    {
        Assert.Contains("265", Assert.Throws<ArgumentException>(() => BpeTrainer.Train(["a"], new BpeTrainerOptions { VocabularySize = 264 })).Message);
        Assert.Throws<ArgumentException>(() => BpeTrainer.Train(["a"], new BpeTrainerOptions { MinimumFrequency = 0 }));
    }

    // The definition, as slow as it is plain.
    private static List<(string, string)> CountedAnew(string[] texts, int size, int minimum)
    {
        var tokens = SpecialTokens.All.Concat(ByteAlphabet.Tokens).ToList();
        var splitter = ByteLevelModel.Splitter(CodePointScanner.Qwen);
        var words = texts.SelectMany(t => splitter.PreTokenize(t).Select(p => t.Substring(p.Offset, p.Length)))
            .Select(w => Encoding.UTF8.GetBytes(w).Select(b => ByteAlphabet.CharOf(b).ToString()).ToList()).ToList();
        var merges = new List<(string, string)>();
        while (tokens.Count < size)
        {
            var best = words.SelectMany(w => w.Zip(w.Skip(1))).GroupBy(p => p).Select(g => (Pair: g.Key, Count: g.Count()))
                .OrderByDescending(x => x.Count).ThenBy(x => tokens.IndexOf(x.Pair.First)).ThenBy(x => tokens.IndexOf(x.Pair.Second)).FirstOrDefault();
            if (best.Count < minimum) break;
            merges.Add(best.Pair);
            if (!tokens.Contains(best.Pair.First + best.Pair.Second)) tokens.Add(best.Pair.First + best.Pair.Second);
            foreach (var word in words)
                for (var i = 0; i + 1 < word.Count; i++)
                    if ((word[i], word[i + 1]) == best.Pair)
                    {
                        word[i] += word[i + 1];
                        word.RemoveAt(i + 1);
                    }
        }

        return merges;
    }
}
