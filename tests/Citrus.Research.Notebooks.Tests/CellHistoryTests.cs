using Citrus.Research.Notebooks.Jupyter;

namespace Citrus.Research.Notebooks.Tests;

public sealed class CellHistoryTests
{
    private readonly CellHistory history = new();

    public CellHistoryTests()
    {
        foreach (var (line, code) in new[] { (1, "var x = 1;"), (2, "x"), (3, "var y = 2;"), (4, "x") }) history.Add(line, code);
        history.SetOutput(2, "1");
    }

    [Fact]
    public void The_tail_is_the_last_cells_oldest_first() => Assert.Equal([3, 4], history.Tail(2).Select(e => e.Line));

    [Fact]
    public void A_range_ends_before_its_stop_and_other_sessions_are_empty()
    {
        Assert.Equal([2, 3], history.Range(0, 2, 4).Select(e => e.Line));
        Assert.Equal([3, 4], history.Range(1, 3, 0).Select(e => e.Line));
        Assert.Empty(history.Range(-1, 0, 0));
    }

    [Fact]
    public void A_search_knows_stars_and_can_leave_out_what_was_typed_twice()
    {
        Assert.Equal([1, 3], history.Search("var ?*", 10, unique: false).Select(e => e.Line));
        Assert.Equal([4], history.Search("x", 10, unique: true).Select(e => e.Line));
        Assert.Equal([3], history.Search("var*", 1, unique: false).Select(e => e.Line));
    }

    [Fact]
    public void A_cell_s_result_is_kept() => Assert.Equal(["1", null], history.Range(0, 2, 4).Select(e => e.Output));
}
