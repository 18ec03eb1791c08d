using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Questions;

namespace Citrus.Research.Figures;

/// <summary>How two judges agree who both said yes or no (right or wrong) to the same things, beyond chance.</summary>
/// <param name="Group">What kind of judges; one panel each.</param>
/// <param name="Name">What was judged; one lane each.</param>
/// <param name="N">Things judged.</param>
/// <param name="BothYes">Both say yes.</param>
/// <param name="OnlyFirst">Only the first does.</param>
/// <param name="OnlySecond">Only the second does.</param>
/// <param name="BothNo">Neither does.</param>
/// <param name="Kappa">Cohen's kappa: 1 full agreement, 0 what chance gives.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
public sealed record AgreementRow(string Group, string Name, int N, int BothYes, int OnlyFirst, int OnlySecond, int BothNo, double Kappa, double Low, double High)
{
    private const int Resamples = 2000;

    /// <summary>Kappa from four counts. The interval draws things anew as if they were independent (percentile bootstrap, seeded).</summary>
    /// <exception cref="ArgumentException">Kappa is not defined: nothing was judged, or both judges always said the same one thing.</exception>
    public static AgreementRow Of(string group, string name, int bothYes, int onlyFirst, int onlySecond, int bothNo) =>
        Of(group, name, [.. Enumerable.Repeat((1, 0, 0, 0), bothYes), .. Enumerable.Repeat((0, 1, 0, 0), onlyFirst), .. Enumerable.Repeat((0, 0, 1, 0), onlySecond), .. Enumerable.Repeat((0, 0, 0, 1), bothNo)]);

    /// <summary>Kappa where things come in clusters, such as one question put to several students; the interval draws whole clusters anew (percentile bootstrap, seeded).</summary>
    /// <param name="clusters">Of each cluster, the counts: both yes, only the first, only the second, neither.</param>
    /// <exception cref="ArgumentException">Kappa is not defined: nothing was judged, or both judges always said the same one thing.</exception>
    public static AgreementRow Of(string group, string name, IReadOnlyList<(int BothYes, int OnlyFirst, int OnlySecond, int BothNo)> clusters)
    {
        var (a, b, c, d) = Sum(clusters, i => i, clusters.Count);
        var kappa = CohenKappa.Of(a, b, c, d);
        if (double.IsNaN(kappa)) throw new ArgumentException($"{group}, {name}: kappa is not defined where both judges always say the same ({a}, {b}, {c}, {d}).", nameof(clusters));
        var random = SeededRandom.For(1, "kappa", group, name);
        var drawn = new double[Resamples];
        for (var r = 0; r < Resamples; r++)
        {
            var (p, q, s, t) = Sum(clusters, _ => random.Next(clusters.Count), clusters.Count);
            // A resample in which both always say the same agrees as fully as it can.
            drawn[r] = CohenKappa.Of(p, q, s, t) is var k && double.IsNaN(k) ? 1 : k;
        }

        Array.Sort(drawn);
        return new AgreementRow(group, name, a + b + c + d, a, b, c, d, kappa, Math.Min(kappa, drawn[(int)(0.025 * Resamples)]), Math.Max(kappa, drawn[(int)(0.975 * Resamples) - 1]));
    }

    private static (int A, int B, int C, int D) Sum(IReadOnlyList<(int A, int B, int C, int D)> clusters, Func<int, int> which, int n)
    {
        var (a, b, c, d) = (0, 0, 0, 0);
        for (var i = 0; i < n; i++)
        {
            var x = clusters[which(i)];
            (a, b, c, d) = (a + x.A, b + x.B, c + x.C, d + x.D);
        }

        return (a, b, c, d);
    }
}
