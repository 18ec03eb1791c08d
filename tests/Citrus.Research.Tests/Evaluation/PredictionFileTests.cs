using System.Text;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;

namespace Citrus.Research.Tests.Evaluation;

public sealed class PredictionFileTests : IDisposable
{
    private static readonly ExamProtocol Generation = ExamProtocols.Parse("generation");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private PredictionFile Read(string text, string fields = "", IReadOnlyList<Question>? questions = null, ExamProtocol? protocol = null) =>
        PredictionFile.Read(_folder.With("p.json", text), PredictionFields.Parse(fields), questions, protocol ?? Generation);

    private static (Score Score, IReadOnlyList<EvaluationProblem> Problems) Score(PredictionFile file, ExamProtocol? protocol = null)
    {
        var parts = EvaluationParts.Of(file.Questions, file.Samples, Protocol.Generation, out var problems, (protocol ?? Generation).Count);
        return (parts[0].Score, [.. file.Problems, .. problems]);
    }

    [Theory]
    [InlineData("""[{"realidx": 0, "question": "Q?", "options": {"A": "x", "B": "y"}, "answer_idx": "B", "completion": "B", "token_usage": {"completion_tokens": 2}, "time_elapsed": 1.5}]""")]
    [InlineData("""{"question_id": 7, "question": "Q?", "options": ["x", "y"], "answer_index": 1, "generated_text": "The answer is (B)."}""")]
    [InlineData("{\"id\": \"00000\", \"question\": \"Q?\", \"OP\": [{\"op_idx\": \"A\", \"op_value\": \"x\"}, {\"op_idx\": \"B\", \"op_value\": \"y\"}], \"answer\": \"y\", \"output\": \"<answer>B</answer>\"}\n\n")]
    [InlineData("\uFEFF[{\"id\": \"1\", \"stem\": \"Q?\", \"choices\": [\"x\", \"y\"], \"answers\": [\"B\"], \"response\": \"B. y\"}]")]
    public void Files_of_other_projects_are_read_by_their_usual_names(string text)
    {
        var (score, problems) = Score(Read(text));
        Assert.Empty(problems);
        Assert.Equal(new Rate(1, 1), score.Correct);
    }

    [Fact]
    public void A_field_map_goes_through_objects_and_lists_and_says_what_it_used()
    {
        var file = Read("""[{"n": {"id": 3}, "q": "Q?", "o": ["x", "y"], "a": 0, "rounds": [{"text": "B"}, {"text": "A"}]}]""", "id=n.id,question=q,options=o,answer=a,output=rounds.-1.text");
        Assert.Equal(("3", new Rate(1, 1)), (file.Questions[0].Id, Score(file).Score.Correct));
        Assert.Equal("answer=a,id=n.id,options=o,output=rounds.-1.text,question=q", file.Fields.ToString());
    }

    [Fact]
    public void Of_several_samples_of_one_id_the_majority_counts_where_the_protocol_says_so()
    {
        const string Text = """
            {"id": "q1", "output": "A"}
            {"id": "q1", "output": "B"}
            {"id": "q1", "output": "A"}
            """;
        var votes = ExamProtocols.Parse("self-consistency?n=3");
        Assert.Equal(new Rate(1, 1), Score(Read(Text, "", [Some.Question()], votes), votes).Score.Correct);
        Assert.Equal(2, Score(Read(Text, "", [Some.Question()])).Problems.Count(p => p.Kind == EvaluationProblemKind.Duplicated));
    }

    [Fact]
    public void A_question_is_found_by_its_text_where_ids_are_other_ones()
    {
        IReadOnlyList<Question> questions = [Some.Question("ours-1") with { Stem = "A man coughs. Why?" }, Some.Question("ours-2") with { Stem = "A child cries. Why?" }];
        const string Text = """[{"nr": 7, "question": "a man coughs: why", "output": "A"}, {"nr": 8, "question": "Who sings?", "output": "A"}]""";
        var (score, problems) = Score(Read(Text, "id=@question", questions));
        Assert.Equal((new Rate(1, 2), "'Who sings?'"), (score.Correct, Assert.Single(problems, p => p.Kind == EvaluationProblemKind.UnknownQuestion).Question));
        Assert.Contains("--questions", Assert.Throws<FormatException>(() => Read("""{"question": "Q?", "options": ["x", "y"], "answer": "A", "output": "A"}""", "id=@question")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_lines_are_told_with_their_number_and_the_rest_is_scored()
    {
        var file = Read("{\"id\": \"q1\", \"output\": \"A\"}\n{\"id\": \"q2\", \"outp\n[1]\n{\"output\": \"A\"}\n{\"id\": \"q2\", \"output\": \"A\"}", "", [Some.Question("q1"), Some.Question("q2")]);
        var (score, problems) = Score(file);
        Assert.Equal(new Rate(2, 2), score.Correct);
        Assert.Equal([2, 3, 4], problems.Select(p => p.Line));
        Assert.All(problems, p => Assert.Equal(EvaluationProblemKind.Unreadable, p.Kind));
    }

    [Fact]
    public void An_array_that_breaks_off_is_scored_as_far_as_it_goes()
    {
        var (score, problems) = Score(Read("[{\"id\": \"q1\", \"output\": \"A\"}, {\"id\": \"q2\"", "", [Some.Question("q1"), Some.Question("q2")]));
        Assert.Equal(new Rate(1, 2), score.Correct);
        Assert.Equal([EvaluationProblemKind.Unreadable, EvaluationProblemKind.Missing], problems.Select(p => p.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\n \n")]
    public void An_empty_file_scores_nothing_of_the_whole_benchmark_and_without_one_is_an_error(string text)
    {
        var (score, problems) = Score(Read(text, "", [Some.Question()]));
        Assert.Equal((new Rate(0, 1), EvaluationProblemKind.Empty), (score.Correct, problems[0].Kind));
        Assert.Contains("holds no record", Assert.Throws<FormatException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_that_were_made_on_other_options_count_as_wrong()
    {
        var (score, problems) = Score(Read("""{"id": "q1", "options": ["flu", "gout", "angina", "x"], "output": "A"}""", "", [Some.Question()]));
        Assert.Equal((new Rate(0, 1), EvaluationProblemKind.OptionsDiffer), (score.Correct, Assert.Single(problems).Kind));
        Assert.Equal(new Rate(1, 1), Score(Read("""{"id": "q1", "options": ["angina ", "Pulmonary_embolism", "flu", "gout"], "output": "A"}""", "", [Some.Question()])).Score.Correct);
    }

    [Fact]
    public void Likelihoods_are_read_in_the_options_order_or_by_label_and_what_is_no_number_is_told()
    {
        var likelihood = ExamProtocols.Parse("likelihood");
        IReadOnlyList<Question> questions = [Some.Question("1"), Some.Question("2"), Some.Question("3"), Some.Question("4")];
        var (score, problems) = Score(Read("""
            {"id": 1, "scores": [-1, -2, -3, -4]}
            {"id": 2, "scores": {"D": -4, "A": -0.5, "B": -9, "C": "-inf"}}
            {"id": 3, "scores": ["NaN", -2, -3, -4]}
            {"id": 4, "scores": [-1]}
            """, "", questions, likelihood), likelihood);
        Assert.Equal(new Rate(2, 4), score.Correct);
        Assert.Equal(["3", "4"], problems.Where(p => p.Kind == EvaluationProblemKind.BadLikelihood).Select(p => p.Question));
    }

    [Fact]
    public void What_cannot_be_mapped_is_refused_with_the_fields_there_are()
    {
        var error = Assert.Throws<FormatException>(() => Read("""{"nr": 1, "said": "A"}""", "id=nr", [Some.Question()]));
        Assert.Contains("--fields output=NAME", error.Message, StringComparison.Ordinal);
        Assert.Contains("nr, said", error.Message, StringComparison.Ordinal);
        Assert.Contains("knows no 'ids'", Assert.Throws<FormatException>(() => PredictionFields.Parse("ids=x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_nested_too_deep_is_a_broken_line_not_a_crash()
    {
        var deep = new StringBuilder().Append('[', 5000).Append(']', 5000);
        Assert.Equal(EvaluationProblemKind.Unreadable, Score(Read($"{{\"id\": \"q1\", \"output\": \"A\"}}\n{{\"id\": {deep}}}", "", [Some.Question()])).Problems[0].Kind);
    }

    /// <summary>MMLU-Pro's published generations hold 1,535 questions of health and biology; their own count of right ones is in UPSTREAM_SCORES.json.</summary>
    [Fact]
    public void Published_generations_are_scored_whole_without_a_problem()
    {
        var file = RealData.File("mmlu_pro_model_outputs", "Meta-Llama-3_1-8B-Instruct.health_biology.jsonl");
        var read = PredictionFile.Read(file, PredictionFields.Parse(null), null, Generation);
        var (score, problems) = Score(read);
        Assert.Equal(1535, score.N);
        Assert.DoesNotContain(problems, p => p.Kind is EvaluationProblemKind.Unreadable or EvaluationProblemKind.Duplicated or EvaluationProblemKind.Missing);
        Assert.InRange(score.Correct.Count, 850, 875);
    }
}
