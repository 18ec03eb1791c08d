using System.Text.Json;
using Citrus.Research.Evaluation;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;

namespace Citrus.Research.Tests.Evaluation;

/// <summary>Folders of evaluations with known answers.</summary>
internal static class SomeEvaluation
{
    /// <summary>Writes a folder over questions q001, q002, ..., whose right answer is A.</summary>
    /// <param name="answers">Per question what each of its samples answered: <c>A</c> is right, <c>-</c> is no answer; an empty text leaves the question without a sample.</param>
    /// <param name="variant">Variant of each sample by its number; none where null.</param>
    /// <param name="scores">Scores of the options by the question's number from 0; none where null.</param>
    public static string Write(string folder, IReadOnlyList<string> answers, string protocol = "generation", string model = "clinic", Func<int, string>? variant = null, Func<int, double[]>? scores = null)
    {
        Directory.CreateDirectory(folder);
        var questions = answers.Select((_, i) => Some.Question($"q{i + 1:000}")).ToList();
        UnifiedQuestions.Write(Path.Combine(folder, EvaluationFolder.QuestionsFile), questions);
        var samples = questions.SelectMany((q, i) => answers[i].Select((letter, k) =>
        {
            var text = letter == '-' ? "I cannot say." : $"<answer> {letter} </answer>";
            return new Sample(q.Id, "prompt", text, null, q.Answers, AnswerExtraction.Extract(text, q.Options), letter == 'A') { Repeat = variant is null ? k : 0, Variant = variant?.Invoke(k) ?? "", OptionScores = scores?.Invoke(i) };
        }));
        File.WriteAllLines(Path.Combine(folder, EvaluationFolder.SamplesFile), samples.Select(s => JsonSerializer.Serialize(s, Sample.Json)));
        File.WriteAllText(Path.Combine(folder, EvaluationCard.FileName), JsonSerializer.Serialize(
            new EvaluationCard { Model = model, Spec = protocol, Protocol = new Protocol(protocol, "1"), Benchmark = "", QuestionsFile = "q.jsonl", QuestionsSha256 = "" }, Sample.Json));
        return folder;
    }
}
