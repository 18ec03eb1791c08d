using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Citrus.Research.Clinic;

/// <summary>Claims of English sentences: names and phrases of the knowledge, and the cue words between them.</summary>
internal sealed partial class ClaimReaderProse
{
    private const int Kept = 20_000;

    private static readonly string[] Numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    private readonly FindingRecogniser _recogniser;
    private readonly Knowledge _knowledge;
    private readonly PhraseTrie<string> _names = new();

    // A growing thought is read again with every step; its sentences need not be.
    private readonly ConcurrentDictionary<string, (IReadOnlyList<Observation> Seen, IReadOnlyList<string> Named)> _sentences = new(StringComparer.Ordinal);

    public ClaimReaderProse(Knowledge knowledge, FindingRecogniser recogniser)
    {
        (_knowledge, _recogniser) = (knowledge, recogniser);
        foreach (var c in knowledge.Contexts.Values)
        {
            _names.Add(Spoken(c.Id), c.Id);
            foreach (var phrase in c.Phrases) _names.Add(phrase, c.Id);
        }

        foreach (var d in knowledge.Diseases.Values) Add(d.Id, d.Name);
        foreach (var t in knowledge.Tests.Values) Add(t.Id, t.Name);
        foreach (var d in knowledge.Drugs.Values) Add(d.Id, d.Name);
    }

    /// <summary>An id as words.</summary>
    public static string Spoken(string id) => id.Replace('_', ' ');

    public static string Number(int n) => n < Numbers.Length ? Numbers[n] : n.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a phrase would be read as, next to other words: the finding and whether it is present, or null.</summary>
    public Observation? Finding(string phrase) =>
        Observed(phrase + " fits the picture.").Seen is [var only] ? only : null;

    public IReadOnlyList<Claim> Read(string text)
    {
        var claims = new List<Claim>();
        var statement = -1;
        string? disease = null, drug = null;
        foreach (var sentence in SentenceEnd().Split(text))
        {
            if (sentence.Length == 0) continue;
            void Add(Claim claim) => claims.Add(claim with { Text = sentence, Statement = statement });

            if (Retracts().IsMatch(sentence))
            {
                for (var i = 0; i < claims.Count; i++)
                    if (claims[i].Statement == statement) claims[i] = claims[i] with { Retracted = true };
                statement++;
                continue;
            }

            if (_sentences.Count >= Kept) _sentences.Clear();
            var (seen, named) = _sentences.GetOrAdd(sentence, Observed);
            var diseases = named.Where(_knowledge.Diseases.ContainsKey).ToList();
            var drugs = named.Where(_knowledge.Drugs.ContainsKey).ToList();
            var tests = named.Where(_knowledge.Tests.ContainsKey).ToList();
            var contexts = named.Where(_knowledge.Contexts.ContainsKey).ToList();
            var subject = diseases.Count == 1 ? diseases[0] : diseases.Count == 0 ? disease : null;

            if (Considers().IsMatch(sentence) && diseases.Count == 1)
            {
                statement++;
                disease = diseases[0];
            }
            else if (CountsAgainst().Match(sentence) is { Success: true } count && subject is not null)
            {
                if (NumberOf(count.Groups["n"].Value) is { } n) Add(new Claim { Kind = ClaimKind.Count, Text = "", Hypothesis = subject, Count = n });
            }
            else if (seen.Count > 0 && subject is not null && (Opposes().IsMatch(sentence) || Favours().IsMatch(sentence)))
            {
                var favours = !Opposes().IsMatch(sentence);
                if (statement < 0) statement = 0;
                foreach (var o in seen)
                    Add(new Claim { Kind = ClaimKind.Finding, Text = "", Hypothesis = subject, Finding = o.Finding, Present = o.Present, Favours = favours });
            }
            else if (drugs.Count > 0 && Avoids().IsMatch(sentence))
            {
                foreach (var c in contexts) Add(new Claim { Kind = ClaimKind.Contraindication, Text = "", Drug = drugs[0], Context = c, Forbidden = true });
            }
            else if (Forbids().Match(sentence) is { Success: true } forbids && (drugs.Count == 1 || drug is not null))
            {
                var forbidden = !Negates().IsMatch(sentence);
                Add(new Claim { Kind = ClaimKind.Contraindication, Text = "", Drug = drugs.Count == 1 ? drugs[0] : drug, Forbidden = forbidden });
            }
            else if (drugs.Count == 1 && DrugLine().Match(sentence) is { Success: true } line)
            {
                var which = line.Value.StartsWith("first", StringComparison.OrdinalIgnoreCase) ? "first" : line.Value.StartsWith("second", StringComparison.OrdinalIgnoreCase) ? "second" : "give";
                // The second line belongs to the same thought as the first, unless that was taken back.
                if (which != "second" || !claims.Any(c => c.Statement == statement && c.Drug is not null)) statement++;
                drug = drugs[0];
                Add(new Claim { Kind = ClaimKind.Drug, Text = "", Drug = drug, Line = which });
            }
            else if (tests.Count == 1 && Confirms().IsMatch(sentence))
            {
                statement++;
                Add(new Claim { Kind = ClaimKind.Test, Text = "", Test = tests[0] });
            }
            else if (Records().IsMatch(sentence) && (contexts.Count > 0 || sentence.Contains("nothing of note", StringComparison.Ordinal)))
            {
                if (contexts.Count == 0) Add(new Claim { Kind = ClaimKind.History, Text = "" });
                foreach (var c in contexts) Add(new Claim { Kind = ClaimKind.History, Text = "", Context = c });
            }
            else if (diseases.Count == 1 && Eliminates().IsMatch(sentence))
            {
                statement++;
                Add(new Claim { Kind = ClaimKind.Elimination, Text = "", Hypothesis = diseases[0] });
            }
            else if (diseases.Count == 1 && Concludes().IsMatch(sentence))
            {
                statement++;
                disease = diseases[0];
                Add(new Claim { Kind = ClaimKind.Conclusion, Text = "", Hypothesis = disease });
            }
        }

        return claims;
    }

    private void Add(string id, string name)
    {
        _names.Add(name, id);
        if (id.Contains('_')) _names.Add(Spoken(id), id);
    }

    /// <summary>Findings of a sentence once its names are struck out ("anemia" in "Iron deficiency anemia" is no finding).</summary>
    private (IReadOnlyList<Observation> Seen, IReadOnlyList<string> Named) Observed(string sentence)
    {
        var named = new List<string>();
        var words = PhraseTrie<string>.Words(sentence);
        var rest = new StringBuilder(sentence);
        for (var i = 0; i < words.Count;)
        {
            if (_names.Longest(words, i) is not ({ } id, var length))
            {
                i++;
                continue;
            }

            var end = words[i + length - 1].Start + words[i + length - 1].Text.Length;
            for (var c = words[i].Start; c < end; c++) rest[c] = '_';
            if (!named.Contains(id)) named.Add(id);
            i += length;
        }

        return (_recogniser.Read(rest.ToString()).Observations, named);
    }

    private static int? NumberOf(string word)
    {
        var at = Array.IndexOf(Numbers, word.ToLowerInvariant());
        return at >= 0 ? at : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
    }

    // A full stop within a number or an abbreviation is followed by no capital.
    [GeneratedRegex(@"(?<=[.!?])\s+(?=[A-Z0-9])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^(wait|on reflection|checking)\b.*\bwrong\b", RegexOptions.IgnoreCase)]
    private static partial Regex Retracts();

    [GeneratedRegex(@"^(now )?consider\b|^what about\b|^next (is|comes)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Considers();

    [GeneratedRegex(@"\b(?<n>no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+) findings? (speaks?|counts?|argues?|stands?|is|are) against\b", RegexOptions.IgnoreCase)]
    private static partial Regex CountsAgainst();

    [GeneratedRegex(@"\bagainst\b|\b(does|do) not (fit|support|suggest|go)\b|\bunlikely\b|\batypical\b|\binconsistent\b|\bunusual\b|\brules? out\b", RegexOptions.IgnoreCase)]
    private static partial Regex Opposes();

    [GeneratedRegex(@"\bfits?\b|\bsupports?\b|\bsuggests?\b|\bpoints? to\b|\btypical\b|\bgoes with\b|\bin keeping\b|\bconsistent with\b|\bfavou?rs?\b|\bcharacteristic\b|\bspeaks? for\b", RegexOptions.IgnoreCase)]
    private static partial Regex Favours();

    [GeneratedRegex(@"\bavoid(ed)?\b|\bcontraindicated (in|with)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Avoids();

    [GeneratedRegex(@"\bforbids?\b|\brules it out\b|\bis contraindicated here\b|\bis safe here\b", RegexOptions.IgnoreCase)]
    private static partial Regex Forbids();

    [GeneratedRegex(@"\bnot\b|\bnothing\b|\bis safe here\b", RegexOptions.IgnoreCase)]
    private static partial Regex Negates();

    [GeneratedRegex(@"\bfirst[- ]line\b|\bsecond[- ]line\b|\bto give\b|\bis given\b|\bshould be given\b", RegexOptions.IgnoreCase)]
    private static partial Regex DrugLine();

    [GeneratedRegex(@"\bconfirm", RegexOptions.IgnoreCase)]
    private static partial Regex Confirms();

    [GeneratedRegex(@"\b(record|history) (shows|mentions|is notable for|includes)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Records();

    [GeneratedRegex(@"\b(ruled out|excluded|can be dropped|is not (it|the diagnosis)|is unlikely)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Eliminates();

    [GeneratedRegex(@"\bmost likely\b|\bdiagnosis is\b|\blooks like\b|\bexplains (the picture|this|it) best\b|\bmust be\b", RegexOptions.IgnoreCase)]
    private static partial Regex Concludes();
}
