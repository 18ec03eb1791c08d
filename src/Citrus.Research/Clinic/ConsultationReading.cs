using System.Text.RegularExpressions;

namespace Citrus.Research.Clinic;

/// <summary>A consultation as its text tells it: who the patient is, what came up and what was asked.</summary>
public sealed partial class ConsultationReading
{
    private ConsultationReading(Department? department, Recognised opening, List<Observation> observations, Dictionary<string, string> words, HashSet<string> asked, List<int> known) =>
        (Department, Opening, Observations, Words, Asked, KnownAfter) = (department, opening, observations, words, asked, known);

    /// <summary>The department that the complaint names; null where it names none of the clinic's.</summary>
    public Department? Department { get; }

    /// <summary>What the complaint tells.</summary>
    public Recognised Opening { get; }

    public Sex Sex => Opening.Sex ?? Sex.Male;

    public AgeBand Age => Opening.Age ?? AgeBand.Middle;

    /// <summary>What came up, in the order it did, the complaint's first; the first word about a finding counts.</summary>
    public IReadOnlyList<Observation> Observations { get; }

    /// <summary>The words in which each finding that came up was told, by its id: the knowledge's phrase that was used, or where none was, the words of the id.</summary>
    public IReadOnlyDictionary<string, string> Words { get; }

    /// <summary>Ids of findings that the doctor asked about.</summary>
    public IReadOnlySet<string> Asked { get; }

    /// <summary>How many of <see cref="Observations"/> were known after the complaint, and after each of the patient's answers.</summary>
    public IReadOnlyList<int> KnownAfter { get; }

    /// <summary>Reads a complaint and the turns after it.</summary>
    public static ConsultationReading Read(Knowledge knowledge, FindingRecogniser recogniser, string complaint, IEnumerable<(bool Doctor, string Text)> turns)
    {
        var opening = recogniser.Read(complaint);
        var observations = opening.Observations.ToList();
        var seen = observations.Select(o => o.Finding).ToHashSet(StringComparer.Ordinal);
        var words = observations.ToDictionary(o => o.Finding, o => WordsOf(knowledge, o, complaint), StringComparer.Ordinal);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var known = new List<int> { observations.Count };
        IReadOnlyList<Observation> question = [];
        foreach (var (doctor, text) in turns)
        {
            if (doctor)
            {
                question = recogniser.Read(text).Observations;
                asked.UnionWith(question.Select(o => o.Finding));
                continue;
            }

            foreach (var o in Answer(recogniser, text, question))
            {
                if (!seen.Add(o.Finding)) continue;
                observations.Add(o);
                words[o.Finding] = WordsOf(knowledge, o, text);
            }

            known.Add(observations.Count);
        }

        return new ConsultationReading(knowledge.Departments.FirstOrDefault(d => d.Id == opening.Department), opening, observations, words, asked, known);
    }

    /// <summary>What an answer says: the findings it names, or the one that was asked about where it says only yes or no; nothing where it does not know.</summary>
    public static IReadOnlyList<Observation> Answer(FindingRecogniser recogniser, string answer, IReadOnlyList<Observation> question)
    {
        if (DoesNotKnow().IsMatch(answer)) return [];
        var named = recogniser.Read(answer).Observations;
        if (named.Count > 0 || question is not [var only]) return named;
        // "Is there no fever?" - "No." leaves open what is meant, so only plain questions are answered by a word.
        if (!only.Present) return [];
        return Yes().IsMatch(answer) ? [only] : No().IsMatch(answer) ? [only with { Present = false }] : [];
    }

    /// <summary>The phrase of the knowledge in which a text tells a finding, or where it uses none, the words of its id.</summary>
    internal static string WordsOf(Knowledge knowledge, Observation o, string text)
    {
        var finding = knowledge.Findings[o.Finding];
        return (o.Present ? finding.Present : finding.Absent).Where(p => text.Contains(p, StringComparison.OrdinalIgnoreCase)).MaxBy(p => p.Length)
            ?? (o.Present ? "" : "no ") + o.Finding.Replace('_', ' ');
    }

    [GeneratedRegex(@"\b(do|does|did|could|can)(n['’]t| not|not) (know|say|tell|recall|remember)\b|\bnot (sure|aware)\b|\bunsure\b|\bno idea\b", RegexOptions.IgnoreCase)]
    private static partial Regex DoesNotKnow();

    [GeneratedRegex(@"^\W*(yes|yeah|i do|i have|indeed)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Yes();

    [GeneratedRegex(@"^\W*(no|nope|not|never)\b", RegexOptions.IgnoreCase)]
    private static partial Regex No();
}
