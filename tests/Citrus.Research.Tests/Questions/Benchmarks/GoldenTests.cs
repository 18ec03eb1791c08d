using System.Text.Json;
using Citrus.Research.Questions;
using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Tests.Questions.Benchmarks;

/// <summary>
/// Our reading of the published files against the unified files that the paper's authors made of the same (github.com/jdh-algo/Citrus at b08fe35, datas/origin_files): field by field, in order.
/// Differences are listed in docs/benchmarks.md.
/// </summary>
public sealed class GoldenTests
{
    /// <summary>A question as the authors wrote it.</summary>
    private sealed record Original(string Id, string Question, string Answer, IReadOnlyList<string> Context, IReadOnlyList<Option> Options);

    public static TheoryData<string, string, string, int> Equal => new()
    {
        { "medqa/phrases_no_exclude_test.jsonl", "medqa", "medqa-us-4", 1273 },
        { "medqa/medqa_train_small.jsonl", "medqa_train_small", "medqa-us-4", 50 },
        { "medbullets/medbullets_op4.json", "medbullets_op4", "medbullets-op4", 308 },
        { "medbullets/medbullets_op5.json", "medbullets_op5", "medbullets-op5", 308 },
        { "mmlu/anatomy_test.csv", "mmlu-anatomy", "mmlu-anatomy", 135 },
        { "mmlu/clinical_knowledge_test.csv", "mmlu-clinical_knowledge", "mmlu-clinical-knowledge", 265 },
        { "mmlu/college_biology_test.csv", "mmlu-college_biology", "mmlu-college-biology", 144 },
        { "mmlu/college_medicine_test.csv", "mmlu-college_medicine", "mmlu-college-medicine", 173 },
        { "mmlu/medical_genetics_test.csv", "mmlu-medical_genetics", "mmlu-medical-genetics", 100 },
        { "mmlu/professional_medicine_test.csv", "mmlu-professional_medicine", "mmlu-professional-medicine", 272 },
        { "mmlu-pro/mmlu-pro_biology.jsonl", "mmlu-pro_biology", "mmlu-pro-biology", 717 },
        { "mmlu-pro/mmlu-pro_health.jsonl", "mmlu-pro_health", "mmlu-pro-health", 818 },
        { "pubmedqa/ori_pqal.json", "pubmedqa", "pubmedqa", 1000 },
    };

    [Theory]
    [MemberData(nameof(Equal))]
    public void Thirteen_files_are_read_as_the_authors_read_them(string raw, string golden, string benchmark, int count)
    {
        var ours = QuestionFiles.Read(Raw(raw)).ToList();
        var theirs = Originals(golden);
        Assert.Equal((count, count), (ours.Count, theirs.Count));
        foreach (var (our, their) in ours.Zip(theirs))
        {
            Assert.Equal(benchmark, our.Benchmark);
            Assert.Equal(string.Join("\n\n", [.. their.Context, their.Question]), our.Stem);
            Assert.Equal(their.Options, our.Options);
            Assert.Equal(their.Answer, our.Answer);
            if (golden == "pubmedqa") Assert.Equal($"pubmedqa-{their.Id}", our.Id);
        }
    }

    [Fact]
    public void Jmed_differs_in_the_options_that_the_authors_lost_and_in_the_frame_of_the_question()
    {
        var ours = QuestionFiles.Read(Raw("jmed/20250122_sample_multiple_choice_1094_qwenscored_adjusted.xlsx")).ToList();
        var theirs = Originals("jmed");
        Assert.Equal((1094, 1094), (ours.Count, theirs.Count));
        var lost = 0;
        for (var i = 0; i < ours.Count; i++)
        {
            var (our, their) = (ours[i], theirs[i]);
            var frame = $"患者年龄：{our.Tags["age"]}\n患者性别：{our.Tags["sex"]}\n";
            Assert.StartsWith(frame, our.Stem, StringComparison.Ordinal);
            Assert.Equal($"\n{frame}患者病情摘要：{our.Stem[frame.Length..]}\n\n根据上述患者的情况，请问最有可能的诊断是什么？\n", their.Question, ignoreAllWhiteSpace: true);
            Assert.Equal(their.Answer, string.Join(',', our.Answers));
            Assert.Equal($"{our.Id["jmed-".Length..]}-{i}-diagnose-option", their.Id);
            Assert.Equal(5, our.Options.Count);
            if (their.Options.Count == 0) lost++;
        }

        Assert.Equal(1094, lost);
    }

    [Fact]
    public void Careqa_has_5621_questions_and_two_empty_rows()
    {
        var left = new List<QuestionFormatException>();
        var questions = QuestionFiles.Read(Raw("care_qa/care_qa.jsonl"), leftOut: left).ToList();
        Assert.Equal([1002, 1003], left.Select(l => l.Line));
        // Counted independently with Python from the same file.
        Assert.Equal((5621, 6), (questions.Count, questions.Select(q => q.Tags["category"]).Distinct().Count()));
        Assert.Equal(5621, questions.Select(q => q.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Pubmedqa_tells_its_test_questions_by_the_file_beside_it()
    {
        var questions = QuestionFiles.Read(Raw("pubmedqa/ori_pqal.json")).ToList();
        Assert.Equal((500, 500), (questions.Count(q => q.Split == "test"), questions.Count(q => q.Split == "train")));
        Assert.Equal(500, PubMedQaReader.TestIds(Raw("pubmedqa/test_ground_truth.json")).Count);
    }

    [Fact]
    public void Medqas_development_set_of_five_options_and_the_focused_thousand_are_read()
    {
        var dev = QuestionFiles.Read(RealData.File("medqa_dev_and_focused", "medqa_full_dev.json"), "dev").ToList();
        Assert.Equal((1272, 5), (dev.Count, dev.Max(q => q.Options.Count)));
        Assert.DoesNotContain(dev, q => q.Options[0].Text.StartsWith("A. ", StringComparison.Ordinal));
        var focused = QuestionFiles.Read(RealData.File("medqa_dev_and_focused", "medqa_focused_1030.json"), "train").ToList();
        Assert.Equal(1030, focused.Count);
        Assert.All(focused, q => Assert.Equal("medqa-us-4", q.Benchmark));
    }

    [Fact]
    public void Every_given_file_is_a_published_one_of_the_manifest()
    {
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(Raw("medqa/medqa_train_small.jsonl")))!;
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.Equal(16, files.Length);
        foreach (var file in files)
        {
            var check = BenchmarkManifest.Default.Check(file);
            Assert.Equal(BenchmarkState.Known, check.State);
            Assert.Equal(new FileInfo(file).Length, check.Entry!.Bytes);
            if (check.Entry.Form.Length > 0) Assert.Equal(check.Entry.Test ?? check.Entry.Rows, check.Entry.Name == "pubmedqa" ? 500 : QuestionFiles.Read(file, benchmark: check.Entry.Name).Count());
        }
    }

    private static string Raw(string name) => RealData.File(["citrus_repo", "datas", "download_files", .. name.Split('/')]);

    private static List<Original> Originals(string name)
    {
        var originals = new List<Original>();
        foreach (var line in File.ReadLines(RealData.File("citrus_repo", "datas", "origin_files", "origin_files", name + ".jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            originals.Add(new Original(
                root.GetProperty("id").GetString()!,
                root.GetProperty("Q").GetString()!,
                root.GetProperty("A").GetString()!,
                root.GetProperty("C") is { ValueKind: JsonValueKind.Object } context ? [.. context.GetProperty("CONTEXTS").EnumerateArray().Select(c => c.GetString()!)] : [],
                [.. root.GetProperty("OP").EnumerateArray().Select(o => new Option(o.GetProperty("op_idx").GetString()!, o.GetProperty("op_value").GetString()!))]));
        }

        return originals;
    }
}
