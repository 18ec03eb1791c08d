using Citrus.Research.Evaluation;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Cli;

/// <summary>Accuracy on dev questions, by which the best checkpoint of a training is known.</summary>
internal sealed class DevScorer(IReadOnlyList<Question> questions, StudentTokenizer tokenizer, bool likelihood, CancellationToken cancellation)
{
    private const int MaxTokens = 256;

    public double Score(Decoder decoder)
    {
        // Not disposed: it would take the decoder with it.
        var student = new Student(decoder, tokenizer);
        return (likelihood ? questions.Count(q => q.Answers.Contains(Likeliest(student, q))) : Generated(student)) / (double)questions.Count;
    }

    private int Generated(Student student)
    {
        var answers = student.Answer([.. questions.Select(Inputs.Text)], new GenerationOptions { MaxNewTokens = MaxTokens }, cancellation: cancellation);
        return answers.Zip(questions, (a, q) => Prediction.Of(q, a.Text.Trim(), a.Tokens)).Count(p => p.Correct);
    }

    private string Likeliest(Student student, Question question)
    {
        var prompt = student.Tokenizer.ChatFormat.Prompt(Inputs.Text(question));
        var scores = student.Score([.. question.Options.Select(o => (prompt, Evaluate.Continuation(question, o)))], cancellation).Select(s => s.LogProbability).ToList();
        if (scores.Exists(double.IsNaN)) throw new InvalidOperationException($"Question {question.Id}: an option's score is not a number; the model's weights may be broken.");
        return question.Options[scores.IndexOf(scores.Max())].Label;
    }
}
