using Citrus.Research.Examples;
using Citrus.Research.Questions;
using DuckDB.NET.Data;

namespace Citrus.Research.Tests.Examples;

/// <summary>The files that other trainers and tools read.</summary>
public sealed class TrainerFilesTests
{
    private static readonly Example One = new() { Id = "1", Turns = [new("system", "You are a physician."), new("user", "第一 \"问\"?"), new("assistant", "a"), new("user", "more\nlines"), new("assistant", "<think>t</think><answer>B</answer>")] };

    [Fact]
    public void Alpaca_has_its_fields_and_reads_back()
    {
        using var folder = new TempFolder();
        AlpacaFiles.Write(folder["a.json"], [One]);
        var text = File.ReadAllText(folder["a.json"]);
        foreach (var field in new[] { "\"instruction\"", "\"input\"", "\"output\"", "\"system\"", "\"history\"" }) Assert.Contains(field, text, StringComparison.Ordinal);
        Assert.Equal(One.Turns.Select(t => (t.Role, t.Text)), Assert.Single(AlpacaFiles.Read(folder["a.json"])).Turns.Select(t => (t.Role, t.Text)));
    }

    [Fact]
    public void ShareGpt_has_its_fields_and_reads_back()
    {
        using var folder = new TempFolder();
        ShareGptFiles.Write(folder["a.json"], [One]);
        Assert.Contains("\"from\": \"human\"", File.ReadAllText(folder["a.json"]), StringComparison.Ordinal);
        Assert.Equal(One.Turns.Select(t => (t.Role, t.Text)), Assert.Single(ShareGptFiles.Read(folder["a.json"])).Turns.Select(t => (t.Role, t.Text)));
        var pair = new Pair { Id = "p", Prompt = [new("user", "q")], Chosen = "good", Rejected = "bad" };
        ShareGptFiles.WritePairs(folder["p.json"], [pair]);
        Assert.Equal(("good", "bad", "q"), Assert.Single(ShareGptFiles.ReadPairs(folder["p.json"])) is var p ? (p.Chosen, p.Rejected, p.Prompt[0].Text) : default);
    }

    [Theory]
    [InlineData("""[{"instruction": "a", "output": 3}]""", "field output")]
    [InlineData("""[{"instruction": "a", "output": "b", "history": [["x"]]}]""", "field history")]
    [InlineData("""[{"instruction": "a", "output": "b"}""", "not JSON")]
    public void A_broken_record_is_named(string text, string problem)
    {
        using var folder = new TempFolder();
        Assert.Contains(problem, Assert.Throws<QuestionFormatException>(() => AlpacaFiles.Read(folder.With("a.json", text)).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_as_found_in_the_wild_are_read()
    {
        Assert.Equal(999, AlpacaFiles.Read(RealData.File("sft_preference_samples", "llamafactory", "alpaca_en_demo.json")).Count());
        Assert.Equal(1000, ShareGptFiles.Read(RealData.File("sft_preference_samples", "medicalgpt", "medical_sft_1K_format.jsonl")).Count());
        Assert.Equal(300, ShareGptFiles.ReadPairs(RealData.File("sft_preference_samples", "llamafactory", "dpo_en_demo.json")).Count());
    }

    [Fact]
    public void Parquet_is_read_by_another_tool()
    {
        using var folder = new TempFolder();
        var rows = Enumerable.Range(0, 25_000).Select(i => new ExampleRow
        {
            Id = $"pathway:x/{i}",
            QuestionId = $"{i}",
            Question = "哮喘?",
            Messages = [new() { Role = "user", Content = "哮喘?" }, new() { Role = "assistant", Content = "<answer>B</answer>" }],
            Answer = "B",
            Pathway = "DualExpert",
            Difficulty = i % 2 == 0 ? "easy" : null,
            Language = "zh",
            TokensIn = i,
            Cost = i == 0 ? null : 0.5,
        }).ToList();
        ExampleParquet.Write(folder["a.parquet"], rows);
        using var database = new DuckDBConnection("DataSource=:memory:");
        database.Open();
        string Ask(string sql)
        {
            using var command = database.CreateCommand();
            command.CommandText = sql.Replace("$file", $"'{folder["a.parquet"]}'", StringComparison.Ordinal);
            return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture)!;
        }

        Assert.Equal("25000", Ask("select count(*) from $file"));
        Assert.Equal("12500", Ask("select count(*) from $file where difficulty is null"));
        Assert.Equal("1", Ask("select count(*) from $file where cost is null"));
        Assert.Equal("哮喘?", Ask("select messages[1].content from $file where id = 'pathway:x/24999'"));
        Assert.Equal("assistant", Ask("select messages[2].role from $file where tokens_in = 3"));
        Assert.Equal("3", Ask("select num_row_groups from parquet_file_metadata($file)"));
        Assert.Equal(rows[7].Id, ExampleParquet.Read(folder["a.parquet"])[7].Id);
    }
}
