using System.Globalization;
using System.Text.RegularExpressions;

namespace Citrus.Research.Clinic;

/// <summary>
/// Reads a patient from text: charts by their grammar, prose by the longest phrase of the knowledge at each word, in one pass, whatever the case of letters.
/// </summary>
/// <remarks>
/// Beside the phrases, a finding or context is known by the words of its id where nothing else claims them ("weight loss"), and a present phrase after
/// a negating word of the same sentence counts as absent ("denies nausea"); that helps with text the clinic did not write.
/// </remarks>
public sealed partial class FindingRecogniser
{
    private readonly Knowledge _knowledge;
    private readonly PhraseTrie<Mention> _phrases = new();
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    public FindingRecogniser(Knowledge knowledge)
    {
        _knowledge = knowledge;
        foreach (var f in knowledge.Findings.Values)
        {
            foreach (var p in f.Present) _phrases.Add(p, new(f.Id, MentionKind.Present));
            foreach (var p in f.Absent) _phrases.Add(p, new(f.Id, MentionKind.Absent));
        }

        foreach (var c in knowledge.Contexts.Values)
        {
            foreach (var p in c.Phrases) _phrases.Add(p, new(c.Id, MentionKind.Context));
        }

        foreach (var d in knowledge.Departments) _phrases.Add(d.Name, new(d.Id, MentionKind.Department));

        // Words of ids come last, so that a written phrase keeps its meaning; a context's single word ("pregnancy") says too little.
        foreach (var f in knowledge.Findings.Keys) _phrases.Add(f.Replace('_', ' '), new(f, MentionKind.Present));
        foreach (var c in knowledge.Contexts.Keys.Where(c => c.Contains('_'))) _phrases.Add(c.Replace('_', ' '), new(c, MentionKind.Context));

        foreach (var x in knowledge.Drugs.Values) Named(x.Id, x.Name);
        foreach (var x in knowledge.Tests.Values) Named(x.Id, x.Name);
        foreach (var x in knowledge.Diseases.Values) Named(x.Id, x.Name);
    }

    /// <summary>The id of the disease, test or drug that an option text names (by id or name), or null.</summary>
    public string? Resolve(string text) => _names.GetValueOrDefault(text.Trim().TrimEnd('.'));

    /// <summary>Reads a question or a note; options below it (lines <c>A. text</c>, or words after a chart's <c>?</c>) are not read.</summary>
    public Recognised Read(string text)
    {
        try
        {
            return Chart().Match(text) is { Success: true } chart ? ReadChart(chart) : ReadProse(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return ReadProse(text); // no chart of a case takes a second to read
        }
    }

    private Recognised ReadChart(Match chart)
    {
        string[] Words(string group) => chart.Groups[group].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var age = Enum.Parse<AgeBand>(chart.Groups["age"].Value, ignoreCase: true);
        var observations = Words("has").Select(f => new Observation(f, true)).Concat(Words("no").Select(f => new Observation(f, false)));
        return new Recognised
        {
            Observations = [.. observations.Where(o => _knowledge.Findings.ContainsKey(o.Finding)).DistinctBy(o => o.Finding)],
            Contexts = [.. Words("history").Where(_knowledge.Contexts.ContainsKey)],
            Sex = chart.Groups["sex"].Value == "male" ? Clinic.Sex.Male : Clinic.Sex.Female,
            Age = age,
            Department = _knowledge.Departments.Any(d => d.Id == chart.Groups["dept"].Value) ? chart.Groups["dept"].Value : null,
            Kind = QuestionKind.All.Contains(chart.Groups["ask"].Value) ? chart.Groups["ask"].Value : null,
        };
    }

    private Recognised ReadProse(string text)
    {
        if (OptionLine().Match(text) is { Success: true } options) text = text[..options.Index];
        var observations = new List<Observation>();
        var contexts = new List<string>();
        string? department = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var negated = false;
        var words = PhraseTrie<Mention>.Words(text);
        for (var i = 0; i < words.Count;)
        {
            if (_phrases.Longest(words, i) is not ({ } mention, var length))
            {
                negated = (negated || Negating(words, i)) && !Ends(text, words[i]);
                i++;
                continue;
            }

            i += length;
            if (mention.Kind == MentionKind.Department) department ??= mention.Id;
            else if (mention.Kind != MentionKind.Context && seen.Add(mention.Id)) observations.Add(new(mention.Id, mention.Kind == MentionKind.Present && !negated));
            else if (mention.Kind == MentionKind.Context && !negated && seen.Add(mention.Id)) contexts.Add(mention.Id);
        }

        var years = Years(text);
        return new Recognised
        {
            Observations = observations,
            Contexts = contexts,
            Sex = SexOf(words),
            AgeYears = years,
            Age = years switch { null => null, < 18 => AgeBand.Child, < 40 => AgeBand.Young, < 65 => AgeBand.Middle, _ => AgeBand.Old },
            Department = department,
            Kind = KindOf(text),
        };
    }

    private void Named(string id, string name)
    {
        _names.TryAdd(id, id);
        _names.TryAdd(name, id);
    }

    private static bool Negating(IReadOnlyList<PhraseWord> words, int i) => words[i].Text switch
    {
        "no" or "not" or "denies" or "denied" or "without" or "never" or "nor" or "absent" => true,
        "for" => i > 0 && words[i - 1].Text == "negative",
        _ => false,
    };

    private static bool Ends(string text, PhraseWord word) => word.Text switch
    {
        "but" or "however" or "although" or "except" or "reports" or "has" or "shows" or "reveals" or ";" or "?" or "!" => true,
        "." => word.Start + 1 >= text.Length || char.IsWhiteSpace(text[word.Start + 1]),
        _ => false,
    };

    private static Sex? SexOf(IReadOnlyList<PhraseWord> words)
    {
        foreach (var word in words)
        {
            switch (word.Text)
            {
                case "man" or "boy" or "male" or "gentleman" or "he" or "his": return Clinic.Sex.Male;
                case "woman" or "girl" or "female" or "lady" or "she" or "her": return Clinic.Sex.Female;
            }
        }

        return null;
    }

    private static int? Years(string text)
    {
        if (AgeInYears().Match(text) is { Success: true } years && int.TryParse(years.Groups["n"].Value, CultureInfo.InvariantCulture, out var n)) return n;
        if (AgeInMonths().Match(text) is { Success: true } months && int.TryParse(months.Groups["n"].Value, CultureInfo.InvariantCulture, out var m)) return m / 12;
        return AgeInDays().IsMatch(text) ? 0 : null;
    }

    private static string? KindOf(string text)
    {
        var stem = text.TrimEnd();
        var last = SentenceEnd().Matches(stem) is { Count: > 0 } ends ? stem[(ends[^1].Index + 1)..] : stem;
        if (AsksTreatment().IsMatch(last)) return QuestionKind.Treatment;
        if (AsksTest().IsMatch(last)) return QuestionKind.Test;
        return AsksDiagnosis().IsMatch(last) ? QuestionKind.Diagnosis : null;
    }

    private enum MentionKind { Present, Absent, Context, Department }

    private sealed record Mention(string Id, MentionKind Kind);

    [GeneratedRegex(@"\bdept (?<dept>\S+) (?<sex>male|female) (?<age>child|young|middle|old) has(?<has>( [^\s?]+)*?) no(?<no>( [^\s?]+)*?) history(?<history>( [^\s?]+)*?) ask (?<ask>\S+) \?", RegexOptions.None, 1000)]
    private static partial Regex Chart();

    [GeneratedRegex(@"^[ \t\r]*\(?A[.):] ", RegexOptions.Multiline)]
    private static partial Regex OptionLine();

    [GeneratedRegex(@"\b(?<n>\d{1,3})[- ]years?[- ]old|\baged? (?<n>\d{1,3})\b", RegexOptions.IgnoreCase)]
    private static partial Regex AgeInYears();

    [GeneratedRegex(@"\b(?<n>\d{1,3})[- ]months?[- ]old", RegexOptions.IgnoreCase)]
    private static partial Regex AgeInMonths();

    [GeneratedRegex(@"\b(\d{1,3}[- ](weeks?|days?|hours?)[- ]old|newborn|neonate)", RegexOptions.IgnoreCase)]
    private static partial Regex AgeInDays();

    [GeneratedRegex(@"[.?!][""')]*\s+(?=\S)")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"treat|therap|manage|pharmaco|medication|\bdrug|prophyla|intervention|be (given|administered|prescribed|started)", RegexOptions.IgnoreCase)]
    private static partial Regex AsksTreatment();

    [GeneratedRegex(@"\btests?\b|\bstud(y|ies)\b|investigat|diagnostic|confirm|\bworkup|\bevaluation\b|\bimaging\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksTest();

    [GeneratedRegex(@"diagnos|explain|condition|suffer|disease|disorder|likely cause|\bcause of\b|\betiology", RegexOptions.IgnoreCase)]
    private static partial Regex AsksDiagnosis();
}
