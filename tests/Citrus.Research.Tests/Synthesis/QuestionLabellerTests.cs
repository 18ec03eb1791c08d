using Citrus.Research.Clinic;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tests.Pathways;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Synthesis;

public sealed class QuestionLabellerTests
{
    private static readonly Question Asked = Some.Question() with { Stem = "A 30-year-old woman wheezes at night. Which of the following is the most likely diagnosis?" };

    private static StageExpert Rewriter(Func<string, string> reply, int retries = 2) => new(new ScriptedExpert(reply), "script", "rewriter", retries);

    private static StageExpert Answerer(IChatClient client, string spec) => new(client, spec, "answerer");

    private static Task<QuestionLabel> Label(Question question, StageExpert? rewriter, StageExpert? weak = null, StageExpert? strong = null, int samples = 1) =>
        new QuestionLabeller(rewriter, weak, strong, samples).LabelAsync(question, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_rewriting_that_loses_a_number_is_asked_for_again_with_the_problem_named()
    {
        var prompts = new List<string>();
        var label = await Label(Asked, Rewriter(prompt =>
        {
            prompts.Add(prompt);
            return prompts.Count == 1 ? """{"question": "A woman wheezes at night. What is it?"}""" : """Sure: {"question": "A 30-year-old woman wheezes at night. What is the most likely diagnosis?"}""";
        }));
        Assert.Equal("A 30-year-old woman wheezes at night. What is the most likely diagnosis?", label.Open);
        Assert.Equal((2, (string?)null), (label.Attempts, label.Problem));
        Assert.Contains("the number \"30-year-old\" of the stem is missing", prompts[1], StringComparison.Ordinal);
        Assert.Equal(label.Open, label.Applied(Asked).OpenStem);
    }

    [Fact]
    public async Task One_that_never_passes_is_reported_and_the_question_goes_on_without()
    {
        var label = await Label(Asked, Rewriter(_ => "I would rather not.", retries: 1));
        Assert.Equal(((string?)null, 2), (label.Open, label.Attempts));
        Assert.Contains("no JSON object", label.Problem, StringComparison.Ordinal);
        Assert.Null(label.Applied(Asked).OpenStem);
    }

    [Fact]
    public async Task What_came_with_the_question_is_kept_and_nobody_is_asked()
    {
        var nobody = Rewriter(_ => throw new InvalidOperationException("nobody should be asked"));
        var given = Asked with { OpenStem = "What is it?", Tags = new Dictionary<string, string> { [Difficulty.Tag] = Difficulty.Hard } };
        var label = await Label(given, nobody, nobody, nobody);
        Assert.Equal(("What is it?", Difficulty.Hard, true, 0L), (label.Open, label.Difficulty, label.Given, label.Use.Calls));
    }

    [Theory]
    [InlineData("B", "B", Difficulty.Easy)]
    [InlineData("A", "B", Difficulty.Hard)]
    [InlineData("A", "C", Difficulty.Unknown)]
    [InlineData("B", "C", Difficulty.Easy)]
    public async Task Difficulty_is_what_a_weak_and_a_strong_answerer_show(string weak, string strong, string difficulty)
    {
        StageExpert Says(string label) => Answerer(new ScriptedExpert(_ => $$"""{"answer": "{{label}}"}"""), label);
        var label = await Label(Asked, null, Says(weak), Says(strong));
        Assert.Equal(difficulty, label.Difficulty);
        Assert.Equal(difficulty, label.Applied(Asked).Tags[Difficulty.Tag]);
    }

    [Fact]
    public async Task Half_of_the_samples_right_is_right_and_the_rates_are_kept()
    {
        var calls = 0;
        var weak = Answerer(new ScriptedExpert(_ => ++calls % 2 == 0 ? """{"answer": "B"}""" : """{"abstain": "too little"}"""), "weak");
        var label = await Label(Asked, null, weak, Answerer(new ScriptedExpert(_ => """{"answer": "B. Asthma"}"""), "strong"), samples: 4);
        Assert.Equal((0.5, 1.0, 4, Difficulty.Easy), (label.WeakRate!.Value, label.StrongRate!.Value, label.Samples, label.Difficulty));
    }

    [Fact]
    public async Task The_clinician_rewrites_by_rule_and_answers_every_sample_anew()
    {
        var (weak, strong) = (new Clinician(Some.Knowledge, new ClinicianOptions { Fallibility = 1 }), new Clinician(Some.Knowledge, new ClinicianOptions { Fallibility = 0 }));
        var labels = new List<QuestionLabel>();
        foreach (var question in Some.Exam(30, Register.Vignette))
            labels.Add(await Label(question, new StageExpert(weak, "clinic", "rewriter"), Answerer(weak, "weak"), Answerer(strong, "strong"), samples: 3));
        Assert.All(labels, l => Assert.Null(l.Problem));
        Assert.True(labels.Average(l => l.WeakRate) < labels.Average(l => l.StrongRate));
        Assert.Contains(labels, l => l.WeakRate is > 0 and < 1);
    }

    [Theory]
    [InlineData("Which of the following is the best next step?", "What is the best next step?")]
    [InlineData("He coughs. Which of the following would confirm it?", "He coughs. What would confirm it?")]
    [InlineData("Which of the following congenital heart defects is most likely?", "What congenital heart defect is most likely?")]
    [InlineData("This is due to which of the following mechanisms?", "This is due to which mechanisms?")]
    [InlineData("What is the most likely diagnosis?", "What is the most likely diagnosis?")]
    [InlineData("患者发热3天。最可能的诊断是下列哪一项？", "患者发热3天。最可能的诊断是什么？")]
    [InlineData("应首选下列哪种药物？", "应首选什么药物？")]
    public void The_clinician_changes_the_asking_words_alone(string stem, string open) => Assert.Equal(open, ClinicianRewriter.Open(stem));

    [Fact]
    public void On_the_published_sample_every_rewriting_of_the_clinician_passes_the_check_and_many_equal_the_authors()
    {
        var lines = File.ReadLines(RealData.File("citrus_repo", "datas", "origin_files", "origin_files_w_data_label", "medqa_train_small.jsonl")).Select(l => System.Text.Json.Nodes.JsonNode.Parse(l)!).ToList();
        static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var same = 0;
        foreach (var line in lines)
        {
            var question = Asked with
            {
                Id = (string)line["id"]!,
                Stem = (string)line["Q"]!,
                Options = [.. line["OP"]!.AsArray().Select(o => new Option((string)o!["op_idx"]!, (string)o["op_value"]!))],
                Answers = [(string)line["A"]!],
            };
            var open = ClinicianRewriter.Open(question.Stem);
            Assert.Null(OpenStemCheck.Problem(question, open));
            if (Squeezed(open) == Squeezed((string)line["Q_open"]!)) same++;
        }

        // 22 of 50; where they differ, the authors' model most often adds a sentence such as "Please describe ...".
        Assert.Equal((50, 22), (lines.Count, same));
    }
}
