using Citrus.Research.Examples;
using Citrus.Research.Examples.Corpora;
using Citrus.Research.Questions;
using Parquet.Serialization;

namespace Citrus.Research.Tests.Examples.Corpora;

public sealed class CorpusTests
{
    private static readonly CorpusOptions Plain = new() { Cleaning = null, NearDuplicates = null };

    private static string Lines(string word, int count, int from = 0) => string.Join("\n\n", Enumerable.Range(from, count).Select(i => $"{word} {i:D4}")); // 4 + 5 characters

    private static (List<(string Source, Passage Passage)> Documents, CorpusReport Report) Read(CorpusOptions options, params CorpusSource[] sources)
    {
        var corpus = new Corpus(sources, options);
        var documents = corpus.Documents().ToList();
        return (documents, corpus.Report);
    }

    [Fact]
    public void Weighted_sources_keep_their_shares_at_every_place_until_one_ends()
    {
        using var folder = new TempFolder();
        var (documents, report) = Read(Plain, new(folder.With("a.txt", Lines("aaaa", 100))) { Weight = 3 }, new(folder.With("b.txt", Lines("bbbb", 100))) { Weight = 1 });
        for (var n = 20; n <= documents.Count; n += 20) Assert.InRange(documents.Take(n).Count(d => d.Source == "a.txt") / (double)n, 0.74, 0.81);
        Assert.Equal(100, documents.Count(d => d.Source == "a.txt"));
        Assert.Equal((0.75, true, false), (Math.Round(report.Sources[0].Share, 2), report.Sources[0].Ended, report.Sources[1].Ended));
        Assert.Contains("not read to its end", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_reads_small_sources_again_and_says_so()
    {
        using var folder = new TempFolder();
        var (documents, report) = Read(Plain with { Budget = 1800 }, new(folder.With("a.txt", Lines("aaaa", 20))) { Weight = 0.5 }, new(folder.With("b.txt", Lines("bbbb", 500))) { Weight = 0.5 });
        Assert.Equal((200, 100, 100), (documents.Count, documents.Count(d => d.Source == "a.txt"), documents.Count(d => d.Source == "b.txt")));
        Assert.InRange(report.Sources[0].Passes, 5, 6);
        Assert.Equal(1, report.Sources[1].Passes);
        Assert.Equal(1800, report.Length);
    }

    [Fact]
    public void Without_weights_everything_is_read_once_and_the_same_again()
    {
        using var folder = new TempFolder();
        CorpusSource[] sources = [new(folder.With("a.txt", Lines("aaaa", 7))), new(folder.With("b.txt", Lines("bbbb", 5)))];
        var (documents, report) = Read(Plain, sources);
        Assert.Equal((12, 12), (documents.Count, (int)report.Documents));
        Assert.All(report.Sources, s => Assert.True(s.Ended && s.Asked is null));
        Assert.Equal(documents, Read(Plain, sources).Documents);
    }

    [Fact]
    public void Repeats_near_repeats_and_test_questions_are_left_out_and_counted()
    {
        using var folder = new TempFolder();
        var text = "The patient presents with fever and cough that began three days ago after a long journey by train through the mountains in the north, and with pain behind the eyes";
        var test = new Question { Id = "t1", Stem = "A nurse of forty years asks whether the measles vaccine may be given to her while she takes steroids for asthma?", Options = [], Answers = [] };
        var file = folder.With("a.jsonl", string.Join('\n', new[]
        {
            text, text, text + ".", text.Replace("three", "four", StringComparison.Ordinal), "Nothing at all like the others is said in this one, which is about plants and their roots in the soil.",
            "Here it says: " + test.Stem,
        }.Select(t => $$"""{"text":"{{t}}"}""")));
        var (documents, report) = Read(new CorpusOptions { NearDuplicates = 0.5, Tests = new Contamination([("test", test)]) }, new CorpusSource(file));
        Assert.Equal(["a.jsonl/a.jsonl:1", "a.jsonl/a.jsonl:5"], documents.Select(d => d.Passage.Id));
        var dropped = report.Sources[0].Dropped;
        Assert.Equal((1, 2, 1), (dropped["duplicate"], dropped["near-duplicate"], dropped["overlaps a test question"]));
    }

    [Fact]
    public async Task Json_lines_arrays_parquet_text_and_folders_are_read()
    {
        using var folder = new TempFolder();
        folder.With("a.jsonl", "{\"body\":\"one\",\"id\":\"x\"}\n\n{\"body\":\"two\"}\n");
        folder.With("b.json", "[{\"body\":\"three\"}]");
        folder.With("c.txt", "four\nstill four\n\nfive");
        await ParquetSerializer.SerializeAsync(new[] { new Row { Body = "six" }, new Row { Body = "seven" } }, folder["d.parquet"], cancellationToken: TestContext.Current.CancellationToken);
        folder.With("ignored.csv", "no");
        Assert.Equal([("x", "one"), ("a.jsonl:3", "two"), ("b.json:1", "three"), ("c.txt:1", "four\nstill four"), ("c.txt:4", "five"), ("d.parquet:1", "six"), ("d.parquet:2", "seven")],
            CorpusReader.Read(new CorpusSource(folder.Root) { Field = "body" }).Select(p => (p.Id, p.Text)));
        Assert.Equal("four\nstill four\n\nfive", Assert.Single(CorpusReader.Read(new CorpusSource(folder["c.txt"]) { WholeFiles = true })).Text);
    }

    [Theory]
    [InlineData("a.jsonl", "{\"txt\":\"one\"}", "field text: no such field; here are txt")]
    [InlineData("a.jsonl", "{\"text\":7}", "line 1, field text")]
    [InlineData("a.parquet", "PAR1 no", "not a Parquet file")]
    [InlineData("a.txt", "a\0b", "no text file")]
    public void A_file_that_cannot_be_read_is_named(string name, string content, string message)
    {
        using var folder = new TempFolder();
        var file = folder.With(name, content);
        var error = Assert.Throws<QuestionFormatException>(() => CorpusReader.Read(new CorpusSource(file)).ToList());
        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_not_there_is_named_beside_those_that_are()
    {
        using var folder = new TempFolder();
        ExampleParquet.Write(folder["e.parquet"], [new ExampleRow { Id = "1", Thought = "t" }]);
        Assert.Contains("no such column; here are id", Assert.Throws<QuestionFormatException>(() => CorpusReader.Read(new CorpusSource(folder["e.parquet"])).ToList()).Message);
        Assert.Equal("t", Assert.Single(CorpusReader.Read(new CorpusSource(folder["e.parquet"]) { Field = "thought" })).Text);
    }

    [Fact]
    public void A_source_is_spelt_with_its_weight()
    {
        Assert.Equal((0.25, "b.txt"), CorpusSource.Parse("data/b.txt:0.25") is var s ? (s.Weight!.Value, s.Name) : default);
        Assert.Null(CorpusSource.Parse("data/b.txt").Weight);
        Assert.Null(CorpusSource.Parse("C:/data/b.txt").Weight);
        Assert.Contains("above 0", Assert.Throws<ArgumentException>(() => CorpusSource.Parse("b.txt:much")).Message);
    }

    [Fact]
    public void A_mix_file_lists_sources_beside_itself()
    {
        using var folder = new TempFolder();
        var mix = CorpusMix.Read(folder.With("mix.yaml", "sources:\n  - path: a.txt\n    weight: 0.7\n  - {path: b.parquet, weight: 0.3, field: body, name: books}\n"));
        Assert.Equal((folder["a.txt"], 0.7, "text", "a.txt"), (mix[0].Path, mix[0].Weight, mix[0].Field, mix[0].Name));
        Assert.Equal(("body", "books"), (mix[1].Field, mix[1].Name));
        Assert.Equal(0.5, CorpusMix.Read(folder.With("mix.json", "{\"sources\":[{\"path\":\"a.txt\",\"weight\":0.5}]}"))[0].Weight);
        Assert.Contains("line 2", Assert.Throws<InvalidDataException>(() => CorpusMix.Read(folder.With("bad.yaml", "sources:\n  - {path: a, wait: 3}\n"))).Message);
        Assert.Contains("no sources", Assert.Throws<InvalidDataException>(() => CorpusMix.Read(folder.With("none.yaml", "sources: []\n"))).Message);
    }

    [Fact]
    public void Sources_that_cannot_be_mixed_are_refused()
    {
        using var folder = new TempFolder();
        var (a, b) = (folder.With("a.txt", "one"), folder.With("b.txt", "two"));
        Assert.Contains("no weight", Assert.Throws<ArgumentException>(() => new Corpus([new(a) { Weight = 1 }, new(b)])).Message);
        Assert.Contains("named a.txt", Assert.Throws<ArgumentException>(() => new Corpus([new(a), new(a)])).Message);
        Assert.Contains("no file or folder", Assert.Throws<FileNotFoundException>(() => new Corpus([new(folder["c.txt"])])).Message);
        var starved = new Corpus([new(a) { Weight = 1 }, new(b) { Weight = 1 }], new() { Budget = 100 });
        Assert.Contains("too short", Assert.Throws<InvalidDataException>(() => starved.Documents().ToList()).Message);
    }

    /// <summary>MedQuAD: real answers about diseases, of which many repeat.</summary>
    [Fact]
    public void A_real_corpus_is_cleaned()
    {
        var file = RealData.File("medquad_corpus", "medquad_ninds_nhlbi_cdc.jsonl");
        var corpus = new Corpus([new CorpusSource(file) { Field = "answer" }]);
        var documents = corpus.Documents().ToList();
        var share = Assert.Single(corpus.Report.Sources);
        Assert.Equal(1912, share.Read);
        Assert.Equal(1912, share.Documents + share.Dropped.Values.Sum());
        Assert.InRange(documents.Count, 1000, 1900);
    }

    private sealed class Row
    {
        [System.Text.Json.Serialization.JsonPropertyName("body")]
        public string Body { get; set; } = "";
    }
}
