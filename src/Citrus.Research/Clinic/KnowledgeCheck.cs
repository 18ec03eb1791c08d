using System.Globalization;

namespace Citrus.Research.Clinic;

/// <summary>What must hold across a whole world, wherever it was read from.</summary>
internal static class KnowledgeCheck
{
    /// <summary>Two diseases are told apart by at least this many panel findings ...</summary>
    public const int TellingFindings = 2;

    /// <summary>... each of whose probabilities differ by at least this much.</summary>
    public const double TellingDifference = 0.3;

    /// <summary>A question offers four of a department's diseases.</summary>
    public const int DiseasesOfDepartment = 4;

    public static void Run(Knowledge knowledge, KnowledgeNotes notes)
    {
        if (knowledge.Departments.Count == 0) notes.Add("knowledge", "there is no department, so nothing can be asked");
        Unique(knowledge.Diseases.Values, d => (d.Id, d.Name), "the diseases", notes);
        Unique(knowledge.Tests.Values, t => (t.Id, t.Name), "the tests", notes);
        Unique(knowledge.Drugs.Values, d => (d.Id, d.Name), "the drugs", notes);
        foreach (var department in knowledge.Departments)
        {
            var diseases = department.Diseases;
            if (diseases.Count < DiseasesOfDepartment)
                notes.Add(department.Id, $"department {department.Id} has {Count(diseases.Count, "disease")}; a question needs at least {DiseasesOfDepartment}");
            for (var j = 0; j < diseases.Count; j++)
            {
                for (var i = 0; i < j; i++) TellApart(knowledge, department, diseases[i], diseases[j], notes);
            }

            Different(diseases, d => [d.Name], "the name", notes);
            Different(diseases, d => [d.Confirm], "the confirming test", notes);
            Different(diseases, d => [d.FirstLine, d.SecondLine], "the drug", notes);
            foreach (var d in diseases) Lines(knowledge, d, notes);
        }
    }

    /// <summary>A name is what a vignette's option says, and how the clinician finds out what is meant.</summary>
    private static void Unique<T>(IEnumerable<T> things, Func<T, (string Id, string Name)> of, string what, KnowledgeNotes notes)
    {
        foreach (var same in things.Select(of).GroupBy(t => t.Name, t => t.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            notes.Add(same.Last(), $"{what} {string.Join(" and ", same)} have the same name, {same.Key}; names must differ");
    }

    private static void TellApart(Knowledge knowledge, Department department, Disease a, Disease b, KnowledgeNotes notes)
    {
        var telling = department.Panel.Count(f => Math.Abs(knowledge.Likelihood(a, f) - knowledge.Likelihood(b, f)) >= TellingDifference - 1e-9);
        if (telling < TellingFindings)
        {
            notes.Add(b.Id, string.Create(CultureInfo.InvariantCulture,
                $"nobody can tell {b.Id} from {a.Id} ({notes.Where(a.Id)}): {telling} of the panel's findings differ by {TellingDifference} or more, {TellingFindings} are needed"));
        }
    }

    private static void Different(IReadOnlyList<Disease> diseases, Func<Disease, IEnumerable<string?>> of, string what, KnowledgeNotes notes)
    {
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var d in diseases)
        {
            foreach (var value in of(d).OfType<string>().Where(v => !owners.TryAdd(v, d.Id) && owners[v] != d.Id))
                notes.Add(d.Id, $"{d.Id} has {what} {value}, and so has {owners[value]} of the same department; options must differ");
        }
    }

    private static void Lines(Knowledge knowledge, Disease d, KnowledgeNotes notes)
    {
        if (d.FirstLine is null || d.SecondLine is null) return;
        if (d.FirstLine == d.SecondLine) notes.Add(d.Id, $"first and second line of {d.Id} are both {d.FirstLine}");
        if (!knowledge.Drugs.TryGetValue(d.FirstLine, out var first) || !knowledge.Drugs.TryGetValue(d.SecondLine, out var second)) return;
        foreach (var shared in first.Avoid.Intersect(second.Avoid, StringComparer.Ordinal))
            notes.Add(d.Id, $"first line {first.Id} and second line {second.Id} of {d.Id} share the contraindication {shared}; nothing could be given");
    }

    private static string Count(int n, string noun) => string.Create(CultureInfo.InvariantCulture, $"{n} {noun}{(n == 1 ? "" : "s")}");
}
