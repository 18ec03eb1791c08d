using Citrus.Research.Experts;

namespace Citrus.Research.Tests.Experts;

public sealed class PriceTableTests
{
    [Fact]
    public void The_shipped_table_is_read_and_an_unknown_model_has_no_price()
    {
        var table = PriceTable.Read();
        Assert.Equal(0, table.Find("clinic")!.Input);
        Assert.Equal(0, table.Find("student:runs/best")!.Output);
        // 1,000,000 in and 100,000 out at 2.50 and 10.00.
        Assert.Equal(3.50m, table.Find("openai:gpt-4o")!.Cost(1_000_000, 100_000));
        Assert.Null(table.Find("openai:gpt-4o-2030"));
        Assert.Null(table.Find("http://host/v1#m"));
    }

    [Fact]
    public void The_whole_name_wins_over_a_pattern_and_a_longer_pattern_over_a_shorter()
    {
        using var folder = new TempFolder();
        var table = PriceTable.Read(folder.With("p.csv", "# mine\nModel,Output,Input\nopenai:*,2,1\nopenai:gpt-*-mini,4,3\nopenai:gpt-5-mini,6,5\n\"http://h:1/v1#a,b\",8,7\n"));
        Assert.Equal(1, table.Find("openai:o3")!.Input);
        Assert.Equal(3, table.Find("openai:gpt-9-mini")!.Input);
        Assert.Equal(5, table.Find("openai:gpt-5-mini")!.Input);
        Assert.Equal(7, table.Find("http://h:1/v1#a,b")!.Input);
        Assert.Null(table.Find("azure:gpt-9-mini"));
    }

    [Theory]
    [InlineData("model,input,output\nx,free,1\n", "line 2, column input: 'free'")]
    [InlineData("model,input,output\n\nx,1,-1\n", "line 3, column output")]
    [InlineData("model,input,output\nx,1,\n", "column output")]
    [InlineData("model,input,output\n,1,1\n", "column model: nothing there")]
    [InlineData("model,price\nx,1\n", "needs the columns")]
    [InlineData("model,input,output\nx,1,1\nx,2,2\n", "'x' is there 2 times")]
    [InlineData("# nothing\n", "is empty")]
    public void A_wrong_table_is_named_by_line_and_column(string text, string hint)
    {
        using var folder = new TempFolder();
        Assert.Contains(hint, Assert.Throws<FormatException>(() => PriceTable.Read(folder.With("p.csv", text))).Message, StringComparison.Ordinal);
    }
}
