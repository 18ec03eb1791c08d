using System.Collections.Frozen;
using System.Globalization;

namespace Citrus.Research.Clinic;

/// <summary>The vocabulary of the chart register.</summary>
public static class ChartWords
{
    /// <summary>Option labels, in order.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

    /// <summary>Words of the grammar, labels and the numbers 0..20 included, ids and special tokens excluded.</summary>
    public static IReadOnlyList<string> Fixed { get; } =
    [
        .. "dept male female child young middle old has no history none ask diagnosis test treatment ? looks like because . give confirm consider : + - = so first avoid ok stop second check wrong textbook shows".Split(' '),
        .. Enumerable.Range(0, 21).Select(n => n.ToString(CultureInfo.InvariantCulture)),
        .. Labels,
    ];

    private static readonly FrozenSet<string> Reserved = Fixed.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsFixed(string word) => Reserved.Contains(word);

    /// <summary>Every word that a chart text about this world can hold: the fixed words, then all ids in the order of the knowledge.</summary>
    public static IReadOnlyList<string> Of(Knowledge knowledge) =>
    [
        .. Fixed,
        .. knowledge.Departments.Select(d => d.Id),
        .. knowledge.Departments.SelectMany(d => d.Diseases).Select(d => d.Id),
        .. Sorted(knowledge.Findings.Keys),
        .. Sorted(knowledge.Tests.Keys),
        .. Sorted(knowledge.Drugs.Keys),
        .. Sorted(knowledge.Contexts.Keys),
    ];

    private static IEnumerable<string> Sorted(IEnumerable<string> ids) => ids.OrderBy(i => i, StringComparer.Ordinal);
}
