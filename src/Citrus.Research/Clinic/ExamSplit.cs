using System.IO.Hashing;
using System.Text;

namespace Citrus.Research.Clinic;

/// <summary>
/// The three parts of the clinic's exam. A pattern of findings (department, panel findings told, present or absent each) belongs to exactly one
/// of them: about 70 % of patterns to train, 10 % to dev, 20 % to test, by a hash that no seed changes.
/// </summary>
public static class ExamSplit
{
    public const string Train = "train";
    public const string Dev = "dev";
    public const string Test = "test";

    public static IReadOnlyList<string> All { get; } = [Train, Dev, Test];

    /// <summary>The split that owns a pattern; the order of the observations does not matter.</summary>
    /// <param name="panel">What was told about findings of the department's panel.</param>
    public static string Of(string department, IEnumerable<Observation> panel)
    {
        var text = new StringBuilder(department);
        foreach (var o in panel.OrderBy(o => o.Finding, StringComparer.Ordinal)) text.Append(o.Present ? " +" : " -").Append(o.Finding);
        return (XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString())) % 10) switch { < 7 => Train, 7 => Dev, _ => Test };
    }
}
