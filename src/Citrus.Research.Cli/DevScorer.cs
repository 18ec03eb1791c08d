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
        var predictions = likelihood
            ? [.. questions.SelectMany(q => Likeliest(student, q))]
            : Evaluator.GenerateAsync(questions, (prompts, token) => Task.FromResult<IReadOnlyList<GeneratedText>>([.. student.Answer(prompts, new GenerationOptions { MaxNewTokens = MaxTokens }, cancellation: token).Select(a => new GeneratedText(a.Text.Trim(), a.Tokens))]),
                new EvaluatorOptions { Prompt = Inputs.Text }, cancellationToken: cancellation).GetAwaiter().GetResult();
        return predictions.Count(p => p.Correct) / (double)predictions.Count;
    }

    private IReadOnlyList<Prediction> Likeliest(Student student, Question question)
    {
        IReadOnlyList<double> scores = [.. student.Score([.. question.Options.Select(o => (student.Tokenizer.ChatFormat.Prompt(Inputs.Text(question)), Evaluate.Continuation(question, o)))], cancellation).Select(s => s.LogProbability)];
        return Evaluator.LikelihoodAsync([question], (_, _, _) => Task.FromResult(scores), cancellationToken: cancellation).GetAwaiter().GetResult();
    }
}
