using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Examples;

public sealed class FuzzyIndexTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(95)]
    [InlineData(100)]
    public void Exactly_those_are_found_that_comparing_each_with_each_finds(double ratio)
    {
        var random = SeededRandom.For(5, "fuzzy index");
        // Few letters, so that unlike texts come near; some texts are edits of others, some have several lines.
        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abc de\nf中文"[random.Next(10)]));
        string Edited(string text)
        {
            for (var k = random.Next(1 + (text.Length / 12)); k > 0 && text.Length > 2; k--)
            {
                var at = random.Next(text.Length);
                text = random.Chance(0.5) ? text.Remove(at, 1) : text.Insert(at, "abx文"[random.Next(4)].ToString());
            }

            return text;
        }

        var forms = Enumerable.Range(0, 60).Select(_ => Text(random.Between(1, 150))).ToList();
        var texts = Enumerable.Range(0, 150).Select(_ => random.Chance(0.3) ? Text(random.Between(0, 200)) : string.Join('\n', Enumerable.Range(0, random.Between(1, 3)).Select(_ => Edited(forms[random.Next(forms.Count)])))).ToList();
        var index = new FuzzyIndex(forms, ratio);
        var read = new FuzzyText();
        var hits = 0;
        foreach (var text in texts)
        {
            var found = new SortedDictionary<int, double>();
            index.Read(read, text);
            index.Find(read, (form, score, place) =>
            {
                found[form] = Math.Max(found.GetValueOrDefault(form), score);
                Assert.Equal(score, Math.Round(IndelRatioTests.Plain(string.Join(' ', Lines(read.Text[place])), string.Join(' ', Lines(forms[form]))), 9), 1e-6);
            });
            var expected = new SortedDictionary<int, double>();
            var lines = Lines(text);
            for (var form = 0; form < forms.Count; form++)
            {
                var wanted = Lines(forms[form]);
                if (wanted.Count == 0 || lines.Count == 0) continue;
                foreach (var (from, count) in Enumerable.Range(0, Math.Max(0, lines.Count - wanted.Count + 1)).Select(i => (i, wanted.Count)).Append((0, lines.Count)))
                {
                    var score = IndelRatioTests.Plain(string.Join(' ', lines.Skip(from).Take(count)), string.Join(' ', wanted));
                    if (score >= ratio - 1e-9) expected[form] = Math.Max(expected.GetValueOrDefault(form), score);
                }
            }

            Assert.Equal(expected.Keys, found.Keys);
            foreach (var (form, score) in expected) Assert.Equal(score, found[form], 1e-6);
            hits += expected.Count;
        }

        Assert.InRange(hits, 20, 100_000); // something was there to be found
    }

    [Fact]
    public void Case_punctuation_and_width_do_not_count() => Assert.Equal([0], Found(["A 40-year-old man, previously well."], "a 40 YEAR old man previously ｗｅｌｌ"));

    [Fact]
    public void Hostile_texts_are_read_to_their_end()
    {
        Assert.Empty(Found(["a question of some length"], new string('\n', 100_000)));
        Assert.Empty(Found(["a question of some length"], "\ud800 half a pair \udc00"));
        Assert.Empty(Found([new string('a', 3 * FuzzyIndex.Longest)], new string('a', 3 * FuzzyIndex.Longest)));
        Assert.Empty(Found(["", " ?! "], "?"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FuzzyIndex([], 79));
    }

    private static List<int> Found(IReadOnlyList<string> forms, string text)
    {
        var (index, read, found) = (new FuzzyIndex(forms, 95), new FuzzyText(), new List<int>());
        index.Read(read, text);
        index.Find(read, (form, _, _) => found.Add(form));
        return [.. found.Distinct()];
    }

    /// <summary>The lines as the index sees them, made in another way.</summary>
    private static List<string> Lines(string text) =>
        [.. text.Split('\n').Select(l => string.Join(' ', string.Concat(l.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries))).Where(l => l.Length > 0)];
}
