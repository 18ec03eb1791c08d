namespace Citrus.Research.Clinic;

/// <summary>Finds the longest known phrase at a word; a phrase matches whole words only, letters of either case, any white space between.</summary>
internal sealed class PhraseTrie<T> where T : class
{
    private readonly Dictionary<(int Node, string Word), int> _next = [];
    private readonly List<T?> _meaning = [null];

    /// <summary>Adds a phrase; an earlier meaning of the same words stays.</summary>
    public void Add(string phrase, T meaning)
    {
        var node = 0;
        foreach (var word in Words(phrase))
        {
            if (!_next.TryGetValue((node, word.Text), out var next))
            {
                _next[(node, word.Text)] = next = _meaning.Count;
                _meaning.Add(null);
            }

            node = next;
        }

        if (node != 0) _meaning[node] ??= meaning;
    }

    /// <summary>The longest phrase that begins at a word, and how many words it has; null where none does.</summary>
    public (T Meaning, int Length)? Longest(IReadOnlyList<PhraseWord> words, int start)
    {
        (T, int)? best = null;
        var node = 0;
        for (var i = start; i < words.Count && _next.TryGetValue((node, words[i].Text), out node); i++)
        {
            if (_meaning[node] is { } meaning) best = (meaning, i - start + 1);
        }

        return best;
    }

    public static IReadOnlyList<PhraseWord> Words(string text)
    {
        var words = new List<PhraseWord>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(text[i])) i++;
            else if (!char.IsLetterOrDigit(text[i])) words.Add(new(text[i++].ToString(), start));
            else
            {
                while (i < text.Length && char.IsLetterOrDigit(text[i])) i++;
                words.Add(new(text[start..i].ToLowerInvariant(), start));
            }
        }

        return words;
    }
}
