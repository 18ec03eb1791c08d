using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>What consultations leave behind: chat examples, and exam questions of the kind of JMED.</summary>
public sealed class ConsultationRecords
{
    /// <summary>Benchmark of the questions.</summary>
    public const string Benchmark = "consultation";

    private readonly ConsultationRecordOptions _options;
    private readonly ILookup<string, string> _byDepartment;
    private readonly ILookup<string, string> _byLanguage;

    /// <param name="cases">All cases of the run: illnesses of other cases serve as options where a case has too few of its own.</param>
    public ConsultationRecords(IEnumerable<ConsultationCase> cases, ConsultationRecordOptions? options = null)
    {
        _options = (options ?? new()).Validated();
        var illnesses = cases.SelectMany(c => c.Truth.Concat(c.Differential).Select(name => (c.Language, c.Department, Name: name))).Distinct().OrderBy(x => x.Name, StringComparer.Ordinal).ToList();
        _byDepartment = illnesses.Where(x => x.Department.Length > 0).ToLookup(x => $"{x.Language}/{x.Department}", x => x.Name);
        _byLanguage = illnesses.ToLookup(x => x.Language, x => x.Name);
    }

    /// <summary>The consultation as a chat: the patient is the user, the doctor the assistant, whose words are learned; the last of them are summary and diagnosis.</summary>
    /// <exception cref="ArgumentException">It came to no diagnosis.</exception>
    public static Example Chat(ConsultationCase of, Consultation consultation)
    {
        if (consultation is not { Diagnosis: { } diagnosis, Summary: { } summary }) throw new ArgumentException($"The consultation of {of.Id} came to no diagnosis.", nameof(consultation));
        var turns = new List<Turn> { new("user", consultation.Complaint) };
        turns.AddRange(consultation.Turns.Select(t => new Turn(t.Doctor ? "assistant" : "user", t.Text)));
        turns.Add(new Turn("assistant", of.Language == QuestionLanguage.Chinese ? $"{Ended(summary, '。')}最可能的诊断是{diagnosis}。" : $"{Ended(summary, '.')} The most likely diagnosis is {diagnosis}."));
        return new Example { Id = $"dialogue/{of.Id}", Turns = turns, Source = "dialogue" };
    }

    /// <summary>The case as an exam question: age, sex, the doctor's summary and what is asked; illnesses as options, "none of the above" last.</summary>
    /// <returns>The question; or null and the reason, where the truth is not known, the summary gives it away, or nothing else could be an option.</returns>
    public (Question? Question, string Reason) Record(ConsultationCase of, Consultation consultation)
    {
        if (consultation.Summary is not { } summary) return (null, "no summary");
        if (of.Truth.Count == 0) return (null, "the truth is not known");
        if (of.Truth.Any(t => ConsultationProtocol.Names(summary, t)) || (consultation.Diagnosis is { } said && ConsultationProtocol.Names(summary, said))) return (null, "the summary names the illness");
        var random = SeededRandom.For(_options.Seed, "record", of.Id);
        var none = random.Chance(_options.NoneShare);
        List<string> texts = none ? [] : [.. of.Truth];
        var room = _options.Options - 1 - texts.Count;
        var chosen = new List<string>();
        // The case's own alternatives come first, then its department's, then any.
        foreach (var source in new[] { of.Differential, [.. _byDepartment[$"{of.Language}/{of.Department}"]], [.. _byLanguage[of.Language]] })
        {
            if (chosen.Count >= room) break;
            var fresh = source.Where(s => !Has(of.Truth, s) && !Has(chosen, s)).DistinctBy(s => s.ToLowerInvariant()).ToList();
            chosen.AddRange(random.Sample(fresh, room - chosen.Count));
        }

        if (room < 1 || chosen.Count == 0) return (null, "no other illness to offer");
        texts.AddRange(chosen);
        random.Shuffle(texts);
        var chinese = of.Language == QuestionLanguage.Chinese;
        texts.Add(chinese ? "以上都不是" : "None of the above");
        var options = texts.Select((t, i) => new Option(((char)('A' + i)).ToString(), t)).ToList();
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["none"] = none ? "true" : "false" };
        if (of.Age.Length > 0) tags["age"] = of.Age;
        if (of.Sex.Length > 0) tags["sex"] = of.Sex;
        if (of.Department.Length > 0) tags["department"] = of.Department;
        return (new Question
        {
            Id = of.Id,
            Stem = JmedReader.Stem(of.Age, of.Sex, $"{Ended(summary, chinese ? '。' : '.')}{(chinese ? "" : " ")}{Asked(chinese)}"),
            Options = options,
            Answers = none ? [options[^1].Label] : [.. options.Where(o => of.Truth.Contains(o.Text)).Select(o => o.Label)],
            Benchmark = Benchmark,
            Kind = "diagnosis",
            Tags = tags,
        }, "");
    }

    /// <summary>What is asked in the end.</summary>
    public static string Asked(bool chinese) => chinese ? "根据患者的症状和检查结果，最有可能的诊断是什么？" : "What is the most likely diagnosis?";

    private static bool Has(IEnumerable<string> list, string name) => list.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string Ended(string text, char end) => text.TrimEnd() is [.., '.' or '。' or '!' or '?' or '！' or '？'] whole ? whole : text.TrimEnd() + end;
}
