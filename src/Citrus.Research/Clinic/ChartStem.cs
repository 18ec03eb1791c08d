using System.Text;

namespace Citrus.Research.Clinic;

/// <summary>
/// A case in the chart register:
/// <c>dept cardiology male old has palpitations no fever history long_qt ask diagnosis ?</c>, <c>history none</c> without a context.
/// </summary>
public static class ChartStem
{
    /// <param name="kind">One of <see cref="QuestionKind.All"/>.</param>
    public static string Of(Case patient, string kind)
    {
        var text = new StringBuilder("dept ").Append(patient.Department).Append(' ').Append(Word(patient.Sex)).Append(' ').Append(Word(patient.Age)).Append(" has");
        foreach (var o in patient.Observations.Where(o => o.Present)) text.Append(' ').Append(o.Finding);
        text.Append(" no");
        foreach (var o in patient.Observations.Where(o => !o.Present)) text.Append(' ').Append(o.Finding);
        return text.Append(" history ").Append(patient.Context ?? "none").Append(" ask ").Append(kind).Append(" ?").ToString();
    }

    /// <summary>The chart word of a sex.</summary>
    public static string Word(Sex sex) => sex == Sex.Male ? "male" : "female";

    /// <summary>The chart word of an age band.</summary>
    public static string Word(AgeBand age) => age switch { AgeBand.Child => "child", AgeBand.Young => "young", AgeBand.Middle => "middle", _ => "old" };
}
