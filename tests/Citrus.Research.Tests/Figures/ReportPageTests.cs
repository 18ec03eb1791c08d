using System.Text;
using System.Text.Json;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Figures;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Tests.Figures;

/// <summary>What a report holds and counts; what a reader sees of it in a browser is in <see cref="ReportInBrowserTests"/>.</summary>
public sealed class ReportPageTests
{
    private static readonly IReadOnlyList<Question> Ten = [.. Enumerable.Range(0, 10).Select(i => SomeRun.Question(i))];

    [Fact]
    public void Every_score_has_its_questions_interval_and_protocol()
    {
        var page = ReportPage.Of([SomeRun.Of("base", Ten, (_, i) => i < 7 ? "A" : i == 7 ? null : "B")]);
        var score = Assert.Single(page.Scores);
        var wilson = Wilson.Of(7, 10);
        Assert.Equal((10, 7, 1, 0, wilson.Low, wilson.High), (score.N, score.Right, score.NoAnswer, score.Missing, score.Low, score.High));
        Assert.Equal(7.0 / 9, score.ValidAccuracy);
        Assert.Equal(0.25, score.Chance);
        Assert.Contains("greedy generation, think/answer v1", page.ToHtml(), StringComparison.Ordinal);
        Assert.Equal("base", page.Table.Rows[0][page.Table.Columns.ToList().IndexOf("Run")]);
    }

    [Fact]
    public void A_question_without_a_sample_counts_as_wrong_and_is_told()
    {
        var run = SomeRun.Of("base", Ten, (_, _) => "A");
        var page = ReportPage.Of([run with { Samples = [.. run.Samples.Take(6)] }]);
        Assert.Equal((10, 6, 4), (page.Scores[0].N, page.Scores[0].Right, page.Scores[0].Missing));
        Assert.Contains(page.Problems, p => p.Contains("4 of 10 questions have no sample", StringComparison.Ordinal));
    }

    [Fact]
    public void Samples_that_do_not_fit_the_questions_are_shown_and_told()
    {
        var run = SomeRun.Of("base", Ten, (_, _) => "A");
        var stranger = SomeRun.Sample(SomeRun.Question(99), "A");
        var outside = SomeRun.Sample(Ten[0], "A") with { Chosen = ["Q"], Correct = false };
        var page = ReportPage.Of([run with { Samples = [.. run.Samples, stranger, outside, run.Samples[1]] }]);
        Assert.Equal(11, page.Questions);
        Assert.Equal(13, page.Samples);
        Assert.Equal(10, page.Scores[0].N);
        Assert.Contains(page.Problems, p => p.Contains("q99", StringComparison.Ordinal));
        Assert.Contains(page.Problems, p => p.Contains("a label no option has", StringComparison.Ordinal));
        Assert.Contains(page.Problems, p => p.Contains("q1", StringComparison.Ordinal) && p.Contains("was there before", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_several_samples_the_runs_own_count_is_the_headline_and_else_each_questions_share()
    {
        var run = SomeRun.Of("votes", Ten, (_, _) => "A");
        run = run with { Samples = [.. Ten.SelectMany(q => new[] { SomeRun.Sample(q, "A"), SomeRun.Sample(q, "A", repeat: 1), SomeRun.Sample(q, "B", repeat: 2) })] };
        Assert.Equal(7, ReportPage.Of([run]).Scores[0].Right); // 10 x 2/3, rounded
        var counted = ReportPage.Of([run with { Counted = new Rate(10, 10) }]).Scores[0];
        Assert.Equal((10, 1.0), (counted.Right, counted.Accuracy));
        Assert.NotEmpty(counted.Note);
    }

    [Fact]
    public void Each_value_of_a_sweep_has_a_line_of_its_own_and_the_last_is_the_runs_count()
    {
        var run = SomeRun.Of("sweep", Ten, (_, _) => "A");
        run = run with { Counted = new Rate(10, 10), Samples = [.. Ten.SelectMany(q => new[] { SomeRun.Sample(q, "A") with { Variant = "thinking=1024" }, SomeRun.Sample(q, "B") with { Variant = "thinking=64" } })] };
        var page = ReportPage.Of([run]);
        Assert.Equal([(run.Protocol + ", thinking=64", 10, 0), (run.Protocol + ", thinking=1024", 10, 10)], page.Scores.Select(s => (s.Protocol, s.N, s.Right)));
        Assert.Empty(page.Problems);
    }

    [Fact]
    public void Each_benchmark_of_a_run_has_a_line_of_its_own()
    {
        IReadOnlyList<Question> two = [SomeRun.Question(1), SomeRun.Question(1, benchmark: "other"), SomeRun.Question(2, benchmark: "other")];
        var page = ReportPage.Of([SomeRun.Of("base", two, (q, _) => q.Benchmark == "exam" ? "A" : "B")]);
        Assert.Equal([("exam, other", 3, 1), ("exam", 1, 1), ("other", 2, 0)], page.Scores.Select(s => (s.Benchmark, s.N, s.Right)));
    }

    [Fact]
    public void Nothing_that_a_model_wrote_can_end_its_script_block()
    {
        const string Hostile = "</script><script>window.hit=1</script><!--<script> ]]> \u2028\u2029 \0 & \" '";
        var question = SomeRun.Question(1, stem: "stem " + Hostile) with { Tags = new Dictionary<string, string> { ["a" + Hostile] = Hostile } };
        var trace = new Trace { Question = "q1", Pathway = "Direct", Register = Register.Vignette, Steps = [new Step { Role = "reasoning-expert", Kind = StepKind.Conclusion, Text = Hostile, Feedback = Hostile }] };
        var run = SomeRun.Of(Hostile, [question], (_, _) => "A");
        var html = ReportPage.Of([run with { Samples = [SomeRun.Sample(question, "A", Hostile) with { Thinking = "t" + Hostile, Variant = Hostile }], Protocol = Hostile }], [trace], new() { Title = Hostile }).ToHtml();
        Assert.DoesNotContain("<script>window", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', html);
        Assert.DoesNotContain('\u2028', html);
        Assert.Equal(html.Split("<script").Length, html.Split("</script>").Length);
        // Chunks and index are JSON still, and hold the text as it came.
        var start = html.IndexOf("id=\"chunk-0\">", StringComparison.Ordinal) + "id=\"chunk-0\">".Length;
        using var chunk = JsonDocument.Parse(html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)]);
        Assert.Equal(Hostile, chunk.RootElement[0].GetProperty("samples")[0].GetProperty("output").GetString());
    }

    [Fact]
    public void The_page_asks_for_nothing_and_lets_only_its_own_script_run()
    {
        var html = ReportPage.Of([SomeRun.Of("base", Ten, (_, _) => "A")]).ToHtml();
        Assert.Contains("default-src 'none'; script-src 'sha256-", html, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", html[..html.IndexOf("<style>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_an_evaluation_is_read_and_left_as_it_was()
    {
        using var folder = new TempFolder();
        var run = SomeRun.Write(folder["base"], Ten, Ten.Select(q => SomeRun.Sample(q, "A")), model: "student:dual");
        File.AppendAllText(Path.Combine(run, "samples.jsonl"), """{"question":"q1","prom""");
        var before = File.ReadAllBytes(Path.Combine(run, "samples.jsonl"));
        var page = ReportPage.Open([run]);
        Assert.Equal(("base", "student:dual", "greedy generation, think/answer v1", 10), (page.Runs[0].Name, page.Runs[0].Model, page.Runs[0].Protocol, page.Scores[0].Right));
        Assert.Contains(page.Problems, p => p.Contains("line 11: the last line is torn", StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(run, "samples.jsonl")));
    }

    [Fact]
    public void A_score_that_the_samples_do_not_bear_out_is_told()
    {
        using var folder = new TempFolder();
        var page = ReportPage.Open([SomeRun.Write(folder["base"], Ten, Ten.Select(q => SomeRun.Sample(q, "A")), right: 3)]);
        Assert.Equal(10, page.Scores[0].Right);
        Assert.Contains(page.Problems, p => p.Contains("score.json says 3 right, its samples say 10", StringComparison.Ordinal));
    }

    [Fact]
    public void A_synthesis_is_a_run_whose_verdicts_count()
    {
        using var folder = new TempFolder();
        IReadOnlyList<Question> three = [.. Ten.Take(3)];
        Trace Of(string id, string? label) => new() { Question = id, Pathway = "DualExpert", Register = Register.Vignette, Steps = [new Step { Role = "reasoning-expert", Kind = StepKind.Conclusion, Text = "measles" }], AnswerLabel = label, AnswerText = label is null ? null : "measles" };
        UnifiedQuestions.Write(folder["questions.jsonl"], three);
        folder.With("traces.jsonl", string.Concat(new[] { Of("q0", "B"), Of("q0", "A"), Of("q1", "B"), Of("q2", null) }.Select(t => JsonSerializer.Serialize(t, Trace.Json) + "\n")));
        folder.With("verified.jsonl", string.Concat(new[] { ("q0", true, ""), ("q1", false, Verification.WrongAnswer), ("q2", false, Verification.NoAnswer) }
            .Select(v => JsonSerializer.Serialize(new VerifiedTrace { Question = v.Item1, Inputs = "x", Kept = v.Item2, Reason = v.Item3 }, SynthesisPipeline.Json) + "\n")));
        folder.With("run.json", """{"pathway":"DualExpert","expert":"clinic"}""");
        var page = ReportPage.Open([folder.Root]);
        Assert.Equal((3, 1, 1, "clinic", "synthesis, DualExpert"), (page.Scores[0].N, page.Scores[0].Right, page.Scores[0].NoAnswer, page.Scores[0].Model, page.Scores[0].Protocol));
        Assert.Equal(4, page.Samples);
        Assert.Contains(page.Problems, p => p.Contains("1 traces are earlier ones", StringComparison.Ordinal));
    }

    [Fact]
    public void Runs_of_one_name_are_told_apart_by_the_folders_above()
    {
        using var folder = new TempFolder();
        var page = ReportPage.Open([SomeRun.Write(folder["a/eval"], Ten, Ten.Select(q => SomeRun.Sample(q, "A"))), SomeRun.Write(folder["b/eval"], Ten, Ten.Select(q => SomeRun.Sample(q, "B")))]);
        Assert.Equal(["a/eval", "b/eval"], page.Runs.Select(r => r.Name));
    }

    [Theory]
    [InlineData("{\"question\":\"q1\"}", "line 2")]
    [InlineData("not json", "line 2")]
    [InlineData("{\"question\":null,\"prompt\":\"\",\"output\":\"\",\"outputTokens\":1,\"answers\":[],\"extracted\":{},\"correct\":true}", "line 2")]
    [InlineData("[1]", "line 2")]
    public void A_broken_line_is_named_with_file_and_line(string line, string where)
    {
        using var folder = new TempFolder();
        var run = SomeRun.Write(folder["base"], Ten, [SomeRun.Sample(Ten[0], "A")]);
        File.AppendAllText(Path.Combine(run, "samples.jsonl"), line + "\n");
        var error = Assert.Throws<InvalidDataException>(() => ReportPage.Open([run]));
        Assert.Contains("samples.jsonl, " + where, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_run_or_too_much_is_refused_with_the_mend()
    {
        using var folder = new TempFolder();
        Assert.Contains("neither samples.jsonl", Assert.Throws<FileNotFoundException>(() => ReportPage.Open([folder.Root])).Message, StringComparison.Ordinal);
        Assert.Contains("citrus evaluate --out", Assert.Throws<DirectoryNotFoundException>(() => ReportPage.Open([folder["none"]])).Message, StringComparison.Ordinal);
        var run = SomeRun.Write(folder["base"], Ten, Ten.Select(q => SomeRun.Sample(q, "A", new string('x', 2000))));
        Assert.Contains("--max-mb", Assert.Throws<InvalidDataException>(() => ReportPage.Open([run], options: new() { MaximumBytes = 9000 })).Message, StringComparison.Ordinal);
        Assert.Contains("line 1: longer than", Assert.Throws<InvalidDataException>(() => ReportPage.Open([run], options: new() { MaximumLineBytes = 500 })).Message, StringComparison.Ordinal);
        Assert.Contains("MaximumQuestions", Assert.Throws<InvalidDataException>(() => ReportPage.Open([run], options: new() { MaximumQuestions = 9 })).Message, StringComparison.Ordinal);
        Assert.Contains("given twice", Assert.Throws<ArgumentException>(() => ReportPage.Open([run, run])).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(run, "questions.jsonl"));
        Assert.Contains("--questions FILE", Assert.Throws<FileNotFoundException>(() => ReportPage.Open([run])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_runs_give_the_same_page_whatever_the_culture()
    {
        var run = SomeRun.Of("base", Ten, (_, i) => i < 5 ? "A" : "B");
        var plain = ReportPage.Of([run]).ToHtml();
        using (new OtherCulture("de-DE")) Assert.Equal(plain, ReportPage.Of([run]).ToHtml());
        Assert.Equal(Encoding.UTF8.GetByteCount(plain), Saved(run));
    }

    private static long Saved(ReportRun run)
    {
        using var folder = new TempFolder();
        ReportPage.Of([run]).Save(folder["deep/report.html"]);
        Assert.Single(Directory.GetFiles(folder["deep"]));
        return new FileInfo(folder["deep/report.html"]).Length;
    }
}
