using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>One evaluation under way: what is still open, what was answered, the log. Answers may come from several threads.</summary>
internal sealed class EvaluationRun : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<Question> _questions;
    private readonly IProgress<EvaluationProgress>? _progress;
    private readonly JsonLinesJournal<Sample>? _log;
    private readonly Prediction?[] _predictions;
    private int _done, _correct;

    public EvaluationRun(IReadOnlyList<Question> questions, EvaluatorOptions options, IProgress<EvaluationProgress>? progress)
    {
        (_questions, _progress) = (questions, progress);
        _predictions = new Prediction[questions.Count];
        Prompts = [.. questions.Select(options.Prompt)];
        if (options.SampleLog is { } path)
        {
            if (!options.Resume) File.Delete(path);
            _log = JsonLinesJournal<Sample>.Open(path, Sample.Json);
            var known = new Dictionary<(string, string), Sample>();
            foreach (var sample in _log.Records) known[(sample.Question, sample.Prompt)] = sample;
            for (var i = 0; i < questions.Count; i++)
                if (known.TryGetValue((questions[i].Id, Prompts[i]), out var sample)) Keep(i, Prediction.Of(questions[i], sample.Output, sample.OutputTokens));
        }

        Open = [.. Enumerable.Range(0, questions.Count).Where(i => _predictions[i] is null)];
    }

    public IReadOnlyList<string> Prompts { get; }

    /// <summary>Indexes of the questions that no log has answered.</summary>
    public IReadOnlyList<int> Open { get; }

    public IReadOnlyList<Prediction> Predictions =>
        [.. _predictions.Select((p, i) => p ?? throw new InvalidOperationException($"Question {_questions[i].Id} has no answer."))];

    public void Answer(int index, string output, int? tokens)
    {
        var prediction = Prediction.Of(_questions[index], output, tokens);
        _log?.Append(new Sample(_questions[index].Id, Prompts[index], output, tokens, _questions[index].Answers, prediction.Extracted, prediction.Correct));
        Keep(index, prediction);
    }

    public void Dispose() => _log?.Dispose();

    private void Keep(int index, Prediction prediction)
    {
        lock (_lock)
        {
            _predictions[index] = prediction;
            _done++;
            if (prediction.Correct) _correct++;
            _progress?.Report(new EvaluationProgress(_done, _questions.Count, _correct));
        }
    }
}
