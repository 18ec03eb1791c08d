using System.Text.Json;
using Citrus.Research.Figures;

namespace Citrus.Research.Tests.Figures;

public sealed class AgreementFigureTests
{
    [Fact]
    public void Kappa_and_its_interval_come_from_four_counts()
    {
        // 20 + 15 of 50 agree, 0.7; chance gives 0.5; kappa 0.4 (the example of https://en.wikipedia.org/wiki/Cohen%27s_kappa).
        var row = AgreementRow.Of("g", "n", 20, 5, 10, 15);
        Assert.Equal(0.4, row.Kappa, 12);
        Assert.Equal(50, row.N);
        // The large-sample standard error is about 0.127 (Fleiss, Cohen and Everitt 1969), so that the interval is near 0.15 to 0.65.
        Assert.InRange(row.Low, 0.09, 0.20);
        Assert.InRange(row.High, 0.60, 0.69);
        Assert.Equal(row, AgreementRow.Of("g", "n", 20, 5, 10, 15));
        Assert.Contains("always say the same", Assert.Throws<ArgumentException>(() => AgreementRow.Of("g", "n", 5, 0, 0, 0)).Message);
    }

    [Fact]
    public void Clusters_are_drawn_whole_so_that_the_same_answers_given_three_times_tell_no_more_than_once()
    {
        List<(int, int, int, int)> once = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? (0, 1, 0, 0) : i % 3 == 1 ? (1, 0, 0, 0) : (0, 0, 0, 1))];
        var single = AgreementRow.Of("g", "n", once);
        var thrice = AgreementRow.Of("g", "n", [.. once.Select(c => (3 * c.Item1, 3 * c.Item2, 3 * c.Item3, 3 * c.Item4))]);
        Assert.Equal((single.Kappa, single.Low, single.High), (thrice.Kappa, thrice.Low, thrice.High));
    }

    [Fact]
    public void Every_pair_of_judges_is_a_lane_with_its_n_and_a_broken_interval_is_refused()
    {
        List<AgreementRow> rows = [AgreementRow.Of("Readers", "<a>", 20, 5, 10, 15), AgreementRow.Of("Readers", "b", 40, 1, 1, 40), AgreementRow.Of("Reviews", "c", 1, 30, 40, 900)];
        var figure = AgreementFigure.Draw("A finding", rows);
        using var json = JsonDocument.Parse(figure.ToJson());
        Assert.Equal([2, 1], json.RootElement.GetProperty("data").EnumerateArray().Select(t => t.GetProperty("x").GetArrayLength()));
        Assert.Contains("&lt;a&gt;", figure.ToJson());
        Assert.Contains("n = 971", figure.ToJson());
        Assert.Equal(rows, figure.Table.As<AgreementRow>());
        Assert.Throws<ArgumentException>(() => AgreementFigure.Draw("x", [rows[0] with { Low = 0.9 }]));
        Assert.Throws<ArgumentException>(() => AgreementFigure.Draw("x", []));
    }
}
