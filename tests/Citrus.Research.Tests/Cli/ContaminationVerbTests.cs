using System.Text.Json.Nodes;
using Citrus.Research.Evaluation;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Cli;

public sealed class ContaminationVerbTests
{
    private const string Stem = "A 40-year-old man, previously well, comes to the emergency department with a sudden tearing pain between the shoulder blades and unequal pulses in both arms.";

    private static Question Question(string id, string stem) => new() { Id = id, Stem = stem, Options = [new("A", "dissection"), new("B", "infarction")], Answers = ["A"], Benchmark = "b" };

    [Fact]
    public void Hits_and_the_clean_score_are_told_and_written()
    {
        using var folder = new TempFolder();
        var train = folder.With("train.jsonl", $$"""
            {"id":"r1","messages":[{"role":"user","content":"hello"},{"role":"assistant","content":"hello to you"}]}
            {"id":"r2","messages":[{"role":"user","content":"{{Stem}}"},{"role":"assistant","content":"A"}]}
            """);
        Question[] questions = [Question("q1", Stem), Question("q2", "Something else that has a good many words of its own, so that it can be looked for at all?")];
        var card = new EvaluationCard { Model = "someone", Spec = "generation", Protocol = Protocol.Generation, Benchmark = "b", QuestionsFile = "test.jsonl", QuestionsSha256 = EvaluationCard.HashOf(questions) };
        EvaluationFolder.Write(folder["run"], card, questions, [.. questions.Select((q, i) => new Sample(q.Id, "", i == 0 ? "A" : "B", null, ["A"], AnswerExtraction.Extract(i == 0 ? "A" : "B", q.Options), i == 0))]);
        UnifiedQuestions.Write(folder["test.jsonl"], questions);

        var told = CitrusProcess.Run("contamination", "--train", train, "--questions", folder["test.jsonl"], "--run", folder["run"], "--out", folder["out"]);
        Assert.True(told.Exit == 0, told.Error);
        Assert.Equal((2, 1, 1, 1), ((int)told.Line["questions"]!, (int)told.Line["byRun"]!, (int)told.Line["byFuzzy"]!, (int)told.Line["contaminated"]!));
        Assert.Equal(1, (int)told.Line["byHalfTheRuns"]!);
        Assert.Equal((0.5, 0.0, 1.0), ((double)told.Line["scores"]![0]!["all"]!["fraction"]!, (double)told.Line["scores"]![0]!["clean"]!["fraction"]!, (double)told.Line["scores"]![0]!["contaminated"]!["fraction"]!));
        var hits = File.ReadLines(folder["out/hits.jsonl"]).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.All(hits, h => Assert.Equal((2, "r2", "q1"), ((int)h["line"]!, (string)h["row"]!, (string)h["question"]!)));
        Assert.Equal(["Run", "Fuzzy"], hits.Select(h => (string)h["kind"]!));
        Assert.Equal(3, File.ReadLines(folder["out/hits.csv"]).Count());
        Assert.Equal(1, (int)JsonNode.Parse(File.ReadAllText(folder["out/contamination.json"]))!["train"]![0]!["rowsThatMatch"]!);
        Assert.Contains("contaminated", told.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var folder = new TempFolder();
        var train = folder.With("train.txt", "some text");
        Assert.Contains("--questions FILE", CitrusProcess.Run("contamination", "--train", train, "--out", folder["out"]).Error, StringComparison.Ordinal);
        var failed = CitrusProcess.Run("contamination", "--train", train, "--run", Directory.CreateDirectory(folder["run"]).FullName, "--out", folder["out"]);
        Assert.Equal(1, failed.Exit);
        Assert.Contains("questions.jsonl", failed.Error, StringComparison.Ordinal);
    }
}
