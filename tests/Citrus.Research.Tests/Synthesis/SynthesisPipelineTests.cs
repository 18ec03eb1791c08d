using System.Text.Json.Nodes;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tests.Pathways;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Synthesis;

public sealed class SynthesisPipelineTests
{
    private static readonly IReadOnlyList<Question> Questions = Some.Exam(24, Register.Vignette);

    private static IChatClient Clinic(string spec) => new Clinician(Some.Knowledge, new ClinicianOptions { Fallibility = spec.Contains("=1", StringComparison.Ordinal) ? 1 : spec.Contains("=0", StringComparison.Ordinal) ? 0 : 0.45 });

    private static SynthesisPipelineOptions In(string folder) => new()
    {
        Folder = folder,
        Pathway = PathwayNames.HypotheticoDeductive,
        Label = true,
        Weak = "clinic?fallibility=1",
        Strong = "clinic?fallibility=0",
        Narrator = "clinic",
        Formats = DatasetWriter.Formats,
        Knowledge = Some.Knowledge,
    };

    private static SynthesisOutcome Run(SynthesisPipelineOptions options, Func<string, IChatClient>? experts = null, SynthesisStage? only = null, IReadOnlyList<Question>? questions = null, CancellationToken? token = null)
    {
        using var pipeline = new SynthesisPipeline(experts ?? Clinic, options);
        return pipeline.RunAsync(questions ?? Questions, only, token ?? TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    private static IChatClient Nobody(string spec) => new ScriptedExpert(_ => throw new InvalidOperationException("nobody should be asked"));

    /// <summary>A clinician that fails some calls.</summary>
    private static Func<string, IChatClient> Failing(Func<string, ExpertException?> fault) => spec =>
    {
        var clinic = Clinic(spec);
        return new ScriptedExpert(text => fault(text) is { } f ? throw f : clinic.GetResponseAsync([new ChatMessage(ChatRole.User, text)], cancellationToken: TestContext.Current.CancellationToken).GetAwaiter().GetResult().Text);
    };

    private static SortedDictionary<string, string> Data(string folder) => new(Directory.EnumerateFiles(folder)
        .Where(f => Path.GetFileName(f) is var n && (n.StartsWith("examples", StringComparison.Ordinal) || n is "rejected.jsonl" or "card.md")).ToDictionary(f => Path.GetFileName(f), f => Convert.ToHexString(File.ReadAllBytes(f))));

    [Fact]
    public void All_stages_leave_their_files_and_a_card_that_says_what_is_in_them()
    {
        using var folder = new TempFolder();
        var made = Run(In(folder.Root) with { Licence = "CC-BY-4.0", QuestionsFile = "exam.jsonl" });
        Assert.InRange(made.Kept.Count, 15, 24);
        Assert.Equal(24, made.Kept.Count + made.Rejected.Count);
        var card = JsonNode.Parse(File.ReadAllText(folder["card.json"]))!;
        Assert.Equal(made.Kept.Count, (int)card["kept"]!);
        Assert.Equal(made.Rejected.Count, card["rejected"]!.AsObject().SelectMany(s => s.Value!.AsObject()).Sum(r => (int)r.Value!));
        Assert.Equal(made.Kept.Count, card["difficulty"]!.AsObject().Sum(d => (int)d.Value!));
        Assert.Equal(24, (int)card["labels"]!["written"]!);
        Assert.Contains("English/narrator", card["prompts"]!.AsObject().Select(p => p.Key));
        // The clinician tells no price: unknown, never 0.
        Assert.True(card.AsObject().ContainsKey("cost"));
        Assert.Null(card["cost"]);
        var text = File.ReadAllText(folder["card.md"]);
        Assert.Contains("Cost: unknown", text, StringComparison.Ordinal);
        Assert.Contains("CC-BY-4.0", text, StringComparison.Ordinal);
        foreach (var (file, hash) in card["files"]!.AsObject()) Assert.Equal((string)hash!, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(folder[file]))));
        Assert.All(File.ReadLines(folder["examples.jsonl"]), l => Assert.StartsWith("<think>", (string)JsonNode.Parse(l)!["messages"]![1]!["content"]!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_run_asks_nobody_and_writes_the_same()
    {
        using var folder = new TempFolder();
        Run(In(folder.Root));
        var before = Data(folder.Root);
        var again = Run(In(folder.Root), Nobody);
        Assert.Equal(again.ResumedTraces, Questions.Count);
        Assert.Equal(before, Data(folder.Root));
    }

    [Fact]
    public void Stage_after_stage_comes_to_the_same_as_all_at_once()
    {
        using var whole = new TempFolder();
        using var parts = new TempFolder();
        Run(In(whole.Root));
        foreach (var stage in Enum.GetValues<SynthesisStage>())
        {
            // Each takes its settings from the folder, as the verbs do.
            var options = SynthesisPipeline.Settings(parts.Root) is { } found ? found with { Knowledge = Some.Knowledge } : In(parts.Root);
            Run(options, stage == SynthesisStage.Emit ? Nobody : Clinic, stage);
        }

        var (a, b) = (Data(whole.Root), Data(parts.Root));
        // The readable card tells the journals' hashes, whose lines stand in the order they were finished.
        Assert.Equal(a.Where(f => f.Key != "card.md"), b.Where(f => f.Key != "card.md"));
    }

    [Fact]
    public void A_stage_whose_forerunner_was_not_run_says_so()
    {
        using var folder = new TempFolder();
        var made = Run(In(folder.Root), Nobody, SynthesisStage.Emit);
        Assert.Empty(made.Kept);
        Assert.All(made.Rejected, r => Assert.Equal(("reason", DatasetWriter.NotThere), (r.Stage, r.Reason)));
    }

    [Fact]
    public void A_fault_costs_its_question_is_told_with_its_cause_and_the_next_run_mends_it()
    {
        using var folder = new TempFolder();
        var victim = Questions[3];
        var made = Run(In(folder.Root) with { Label = false, Narrator = null }, Failing(text => text.Contains(victim.Stem, StringComparison.Ordinal) ? new ExpertException(ExpertFault.Timeout, "no answer in 100 s") : null));
        var problem = Assert.Single(made.Problems);
        Assert.Equal((victim.Id, SynthesisStage.Reason, ExpertFault.Timeout, "no answer in 100 s"), (problem.Question, problem.Stage, problem.Fault, problem.Cause));
        Assert.Contains(made.Rejected, r => r.Question == victim.Id && r.Reason == DatasetWriter.ExpertFailed && r.Detail == "no answer in 100 s");
        Assert.Equal(1, made.Card!.Faults[ExpertFault.Timeout]);
        Assert.Contains(victim.Id, File.ReadAllText(folder["problems.jsonl"]), StringComparison.Ordinal);

        var mended = Run(In(folder.Root) with { Label = false, Narrator = null });
        Assert.Empty(mended.Problems);
        Assert.Equal("", File.ReadAllText(folder["problems.jsonl"]));
        Assert.Equal(Questions.Count - 1, mended.ResumedTraces);
    }

    [Theory]
    [InlineData("role: answerer")]
    [InlineData("role: reasoning-expert")]
    [InlineData("role: narrator")]
    public void A_fault_that_every_call_would_share_ends_the_run_in_order_and_the_same_command_goes_on(string role)
    {
        using var folder = new TempFolder();
        using var undisturbed = new TempFolder();
        var left = 10;
        var error = Assert.Throws<ExpertException>(() => Run(In(folder.Root) with { Concurrency = 2 }, Failing(text =>
            text.StartsWith(role, StringComparison.Ordinal) && Interlocked.Decrement(ref left) < 0 ? new ExpertException(ExpertFault.BudgetSpent, "the budget of 5 dollars is spent") : null)));
        Assert.Equal(ExpertFault.BudgetSpent, error.Fault);
        Assert.Contains("the budget of 5 dollars is spent", error.Message, StringComparison.Ordinal);
        Assert.Contains("run the same command again", error.Message, StringComparison.Ordinal);
        Run(In(folder.Root));
        Run(In(undisturbed.Root));
        Assert.Equal(File.ReadAllBytes(undisturbed["examples.jsonl"]), File.ReadAllBytes(folder["examples.jsonl"]));
    }

    [Fact]
    public void Stopped_in_the_middle_nothing_is_lost_and_nothing_asked_twice()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        var asked = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Run(In(folder.Root) with { Concurrency = 1 }, Failing(text =>
        {
            if (text.StartsWith("role: narrator", StringComparison.Ordinal) && ++asked == 5) stop.Cancel();
            return null;
        }), token: stop.Token));
        var again = 0;
        Run(In(folder.Root) with { Concurrency = 1 }, Failing(text =>
        {
            Assert.StartsWith("role: narrator", text, StringComparison.Ordinal);
            again++;
            return null;
        }));
        Assert.InRange(File.ReadLines(folder["narratives.jsonl"]).Count(), again + 4, again + 5);
    }

    [Fact]
    public void A_folder_has_one_pipeline_at_a_time()
    {
        using var folder = new TempFolder();
        using var first = new SynthesisPipeline(Clinic, In(folder.Root));
        Assert.Contains("in use by another run", Assert.Throws<IOException>(() => new SynthesisPipeline(Clinic, In(folder.Root))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_come_twice_are_an_error()
    {
        using var folder = new TempFolder();
        Assert.Contains("share the id", Assert.Throws<ArgumentException>(() => Run(In(folder.Root), questions: [Questions[0], Questions[0]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_are_tried_on_what_is_there_without_asking_anybody()
    {
        using var folder = new TempFolder();
        var kept = Run(In(folder.Root)).Kept.Count;
        var test = folder.With("test.jsonl", UnifiedQuestions.ToJson(Questions[0]) + "\n");
        var made = Run(In(folder.Root) with { Against = [test], Formats = [] }, Nobody, SynthesisStage.Emit);
        Assert.Equal(kept - 1, made.Kept.Count);
        Assert.Contains(made.Rejected, r => r.Question == Questions[0].Id && r.Reason == NarrativeFilters.Contaminated);
        Assert.False(File.Exists(folder["examples.parquet"]));
        Assert.Contains("test.jsonl", made.Card!.Filters.Against.Keys);
    }

    [Fact]
    public void Chinese_questions_go_through_with_Chinese_prompts()
    {
        using var folder = new TempFolder();
        var question = Some.Question("z1") with { Stem = "患者，女，30岁，夜间反复喘息3天，可自行缓解。最可能的诊断是下列哪一项？", Options = [new("A", "肺栓塞"), new("B", "支气管哮喘"), new("C", "肺炎")] };
        var prompts = new List<string>();
        var made = Run(new SynthesisPipelineOptions { Folder = folder.Root, Pathway = PathwayNames.PatternRecognition, Expert = "script", Label = true, Narrator = "script" }, _ => new ScriptedExpert(text =>
        {
            lock (prompts) prompts.Add(text);
            return text.Split('\n')[0] switch
            {
                "role: open-rewriter" => """{"question": "患者，女，30岁，夜间反复喘息3天，可自行缓解。最可能的诊断是什么？"}""",
                "role: narrator" => "<think>夜间反复喘息，可自行缓解，首先想到支气管哮喘。</think><answer>B. 支气管哮喘</answer>",
                _ => """{"steps": [{"kind": "conclusion", "text": "夜间喘息，考虑支气管哮喘。"}], "answer": "B"}""",
            };
        }), questions: [question]);
        Assert.Equal("<think>夜间反复喘息，可自行缓解，首先想到支气管哮喘。</think><answer>B. 支气管哮喘</answer>", Assert.Single(made.Kept).Example.Turns[1].Text);
        Assert.EndsWith("诊断是什么？", made.Questions[0].OpenStem, StringComparison.Ordinal);
        Assert.All(prompts, p => Assert.Contains("医", p, StringComparison.Ordinal));
        Assert.Equal(1, made.Card!.Languages["zh"]);
    }
}
