using System.Globalization;
using System.Text;

namespace Citrus.Research.Examples.Corpora;

/// <summary>What a corpus is made of.</summary>
public sealed record CorpusReport
{
    /// <summary>What lengths are counted in.</summary>
    public required string Unit { get; init; }

    public required long Documents { get; init; }

    public required long Length { get; init; }

    public required IReadOnlyList<CorpusShare> Sources { get; init; }

    /// <summary>A table for people.</summary>
    public override string ToString()
    {
        static string N(long x) => x.ToString("N0", CultureInfo.InvariantCulture);
        static string P(double x) => (100 * x).ToString("F1", CultureInfo.InvariantCulture) + "%";
        var text = new StringBuilder($"{N(Documents)} documents, {N(Length)} {Unit}\n");
        foreach (var s in Sources)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {s.Source}: {P(s.Share)}{(s.Asked is { } asked ? $" (asked {P(asked)})" : "")}, {N(s.Documents)} of {N(s.Read)} documents, {N(s.Length)} {Unit}");
            text.Append(s.Passes > 1 ? string.Create(CultureInfo.InvariantCulture, $", read {s.Passes} times") : s.Ended ? "" : ", not read to its end");
            foreach (var (reason, count) in s.Dropped.OrderByDescending(d => d.Value).ThenBy(d => d.Key, StringComparer.Ordinal)) text.Append($"; {N(count)} {reason}");
            text.Append('\n');
        }

        return text.ToString().TrimEnd();
    }
}
