using System.Text;

namespace Citrus.Research.Tokenization;

/// <summary>Whether a tokenizer does on this machine what its files promise.</summary>
public static class TokenizerCheck
{
    /// <summary>Texts at which tokenizers go wrong: scripts, emoji, odd whitespace, digits, contractions, code, near-tokens.</summary>
    public static IReadOnlyList<string> Trials { get; } =
    [
        "A 54-year-old man comes to the emergency department because of crushing chest pain.", "  leading, double  inner and trailing  ", "\t\ttabs\r\n\r\nlines\n\n\n", "I'm, you'RE, it's, WE'LL",
        "血压142/91mmHg；体温39.5℃，咳嗽三天。", "日本語のテキスト", "한국어 환자", "café cafe\u0301 q\u0307\u0323", "👨‍👩‍👧‍👦 🏳️‍🌈 🇨🇳 👍🏽", "𠮷野家 𝐀𝐛 𝟗", "١٢٣ १२३ ½ Ⅷ ²", "\u00a0\u2003\u3000\u2028\u0085\u200b\ufeff",
        "\0\u0001\u001f\u007f", "1 12 123 1234 12345", "def f(x):\n    return x**2  # square\n", "<|almost|> <think <|im_star", "PO₂ 95 mmHg; HCO₃⁻; T½≈3–4 h; p<0.05", "\ufffd\uffff",
    ];

    /// <summary>The checks in order.</summary>
    public static IReadOnlyList<TokenizerFinding> Run(StudentTokenizer tokenizer)
    {
        var holes = tokenizer.VocabularySize - Enumerable.Range(0, tokenizer.VocabularySize).Count(id => tokenizer.TokenOf(id) is not null);
        var findings = new List<TokenizerFinding>
        {
            new("ids", true, $"{tokenizer.VocabularySize} ids{(holes == 0 ? "" : $", {holes} of them without a token")}, {tokenizer.Added.Count} added tokens"),
            new("Unicode normalisation", Unicode.CanNormalise, Unicode.CanNormalise ? "NFC works" : "NFC does nothing here: set InvariantGlobalization to false, and install ICU (Debian: libicu)"),
        };
        if (tokenizer is ByteLevelTokenizer) findings.Add(Bytes(tokenizer));
        findings.Add(RoundTrip(tokenizer));
        findings.Add(AddedTokens(tokenizer));
        findings.Add(Data(tokenizer));
        findings.Add(Chat(tokenizer));
        return findings;
    }

    /// <summary>Where the ids of two tokenizers part first; null where all are equal.</summary>
    public static TokenizerDifference? FirstDifference(StudentTokenizer left, StudentTokenizer right, IEnumerable<string> texts)
    {
        var index = 0;
        foreach (var text in texts)
        {
            var (a, b) = (left.Encode(text), right.Encode(text));
            var at = 0;
            while (at < a.Count && at < b.Count && a[at] == b[at]) at++;
            if (at < a.Count || at < b.Count) return new TokenizerDifference(index, text, at, Some(left, a, at), Some(right, b, at));
            index++;
        }

        return null;

        static List<(int, string)> Some(StudentTokenizer tokenizer, IReadOnlyList<int> ids, int from) => [.. ids.Skip(from).Take(5).Select(id => (id, tokenizer.Decode([id])))];
    }

    /// <summary>How texts are cut, and whether they come back.</summary>
    public static TokenizerUsage Measure(StudentTokenizer tokenizer, IEnumerable<string> texts)
    {
        var (count, bytes, tokens, unknown, changed) = (0L, 0L, 0L, 0L, 0L);
        string? firstChanged = null;
        var used = new HashSet<int>();
        var unknownId = tokenizer is WordTokenizer ? tokenizer.UnknownId : -1;
        foreach (var text in texts)
        {
            var ids = tokenizer.Encode(text);
            count++;
            bytes += Encoding.UTF8.GetByteCount(text);
            tokens += ids.Count;
            foreach (var id in ids)
            {
                used.Add(id);
                if (id == unknownId) unknown++;
            }

            if (tokenizer.Decode(ids) == tokenizer.Normalise(text)) continue;
            changed++;
            firstChanged ??= text;
        }

        return new TokenizerUsage(count, bytes, tokens, unknown, used.Count, changed, firstChanged);
    }

    private static TokenizerFinding Bytes(StudentTokenizer tokenizer)
    {
        var missing = Enumerable.Range(0, 256).Where(b => tokenizer.IdOf(ByteAlphabet.CharOf((byte)b).ToString()) is null).ToList();
        return new("bytes", missing.Count == 0, missing.Count == 0 ? "all 256 have a token, so no text is unknown" : $"{missing.Count} have none, the first is 0x{missing[0]:X2}");
    }

    private static TokenizerFinding RoundTrip(StudentTokenizer tokenizer)
    {
        var usage = Measure(tokenizer, Trials);
        // a word outside the vocabulary cannot come back
        if (tokenizer is WordTokenizer) return new("round trip", true, $"words; {usage.Unknown} of {usage.Tokens} tokens of {Trials.Count} prose texts are unknown to it");
        return new("round trip", usage.Changed == 0, usage.Changed == 0 ? $"{Trials.Count} texts come back as they were" : $"{usage.Changed} of {Trials.Count} texts come back otherwise, the first is {Shown(usage.FirstChanged!)}");
    }

    private static TokenizerFinding AddedTokens(StudentTokenizer tokenizer)
    {
        var wrong = tokenizer.Added.Where(t => !tokenizer.Encode("a" + t.Content + "b").Contains(t.Id) || tokenizer.Encode(t.Content) is not [var id] || id != t.Id).ToList();
        return new("added tokens", wrong.Count == 0, wrong.Count == 0 ? $"each of {tokenizer.Added.Count} is one id" : $"{wrong.Count} are not one id, the first is {wrong[0].Content}");
    }

    private static TokenizerFinding Data(StudentTokenizer tokenizer)
    {
        var special = tokenizer.Added.Where(t => t.Special).ToList();
        var wrong = special.FirstOrDefault(t => tokenizer.EncodeWeighted([new Stretch(t.Content) { IsData = true }]).Ids.Contains(t.Id) && !(tokenizer is WordTokenizer && t.Id == tokenizer.UnknownId));
        return new("special tokens in data", wrong is null, wrong is null ? $"{special.Count} special tokens stay text where a user types them" : $"{wrong.Content} becomes a token where a user types it");
    }

    private static TokenizerFinding Chat(StudentTokenizer tokenizer)
    {
        try
        {
            var format = tokenizer.ChatFormat;
            var lost = tokenizer.IdOf(format.EndOfTurn) is null;
            return new("chat format", !lost, lost ? $"{format.Name}, but the vocabulary has no {format.EndOfTurn}" : $"{format.Name}; stops at {string.Join(", ", tokenizer.StopIds.Select(id => $"{tokenizer.TokenOf(id)} ({id})"))}");
        }
        catch (TokenizerFormatException e)
        {
            // a base model has none; whoever wants to chat with it names one
            return new("chat format", true, $"none: {e.Message}");
        }
    }

    private static string Shown(string text) => System.Text.Json.JsonSerializer.Serialize(text.Length > 60 ? text[..60] : text);
}
