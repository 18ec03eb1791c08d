using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Evaluation;

/// <summary>Puts questions to a model and reads its answers. Predictions come back in the questions' order, whatever order they were made in.</summary>
public static class Evaluator
{
    /// <summary>Asks a generator, a batch at a time.</summary>
    /// <remarks>Batches hold questions of similar prompt length, so that little of a batch is padding.</remarks>
    public static async Task<IReadOnlyList<Prediction>> GenerateAsync(
        IReadOnlyList<Question> questions, GenerateBatch generate, EvaluatorOptions? options = null,
        IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new EvaluatorOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options.BatchSize));
        using var run = new EvaluationRun(questions, options, progress);
        foreach (var batch in run.Open.OrderBy(i => run.Prompts[i].Length).ThenBy(i => i).Chunk(options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var texts = await generate([.. batch.Select(i => run.Prompts[i])], cancellationToken).ConfigureAwait(false);
            if (texts.Count != batch.Length) throw new InvalidOperationException($"The generator gave {texts.Count} texts for {batch.Length} prompts; one each is needed.");
            for (var k = 0; k < batch.Length; k++) run.Answer(batch[k], texts[k].Text, texts[k].Tokens);
        }

        return run.Predictions;
    }

    /// <summary>Asks a chat client, several questions in flight.</summary>
    public static async Task<IReadOnlyList<Prediction>> GenerateAsync(
        IReadOnlyList<Question> questions, IChatClient client, EvaluatorOptions? options = null,
        IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new EvaluatorOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1, nameof(options.Concurrency));
        using var run = new EvaluationRun(questions, options, progress);
        await Parallel.ForEachAsync(run.Open, new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken }, async (i, token) =>
        {
            List<ChatMessage> messages = [new(ChatRole.User, run.Prompts[i])];
            if (options.SystemPrompt is { } system) messages.Insert(0, new(ChatRole.System, system));
            var response = await client.GetResponseAsync(messages, options.Chat.Clone(), token).ConfigureAwait(false);
            run.Answer(i, response.Text, (int?)response.Usage?.OutputTokenCount);
        }).ConfigureAwait(false);
        return run.Predictions;
    }

    /// <summary>Scores every option as a continuation; the likeliest is the answer, the first of equals.</summary>
    /// <param name="perCharacter">Divide by the characters of the option's text, so that long options are not at a loss.</param>
    public static async Task<IReadOnlyList<Prediction>> LikelihoodAsync(
        IReadOnlyList<Question> questions, ScoreContinuations score, EvaluatorOptions? options = null, bool perCharacter = false,
        IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new EvaluatorOptions();
        var predictions = new List<Prediction>(questions.Count);
        var correct = 0;
        foreach (var question in questions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var scores = await score(options.Prompt(question), [.. question.Options.Select(options.Continuation)], cancellationToken).ConfigureAwait(false);
            if (scores.Count != question.Options.Count)
                throw new InvalidOperationException($"Question {question.Id} has {question.Options.Count} options, but {scores.Count} scores came back.");
            if (scores.Any(double.IsNaN)) throw new InvalidOperationException($"Question {question.Id}: an option's score is not a number; the model's weights may be broken.");
            var values = scores.Select((s, i) => perCharacter ? s / question.Options[i].Text.Length : s).ToArray();
            var label = question.Options[Array.IndexOf(values, values.Max())].Label;
            predictions.Add(Prediction.Of(question, label, new ExtractedAnswer(ExtractionTier.Tagged, label, label, true), null) with { OptionScores = values });
            if (predictions[^1].Correct) correct++;
            progress?.Report(new EvaluationProgress(predictions.Count, questions.Count, correct));
        }

        return predictions;
    }

    /// <summary>As above, of an expert that scores continuations.</summary>
    public static Task<IReadOnlyList<Prediction>> LikelihoodAsync(
        IReadOnlyList<Question> questions, IContinuationScorer scorer, EvaluatorOptions? options = null, bool perCharacter = false,
        IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        LikelihoodAsync(questions, async (prompt, continuations, token) =>
        {
            var scores = await scorer.ScoreAsync(prompt, continuations, token).ConfigureAwait(false);
            return [.. scores.Select(s => s.LogProbability)];
        }, options, perCharacter, progress, cancellationToken);
}
