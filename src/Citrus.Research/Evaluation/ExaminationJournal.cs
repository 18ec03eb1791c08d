using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>The folder of a run under way: the card that says what it is of, the questions, the log of samples. A reply is in the log before anything is made of it.</summary>
internal sealed class ExaminationJournal : IDisposable
{
    private readonly Lock _lock = new();
    private readonly JsonLinesJournal<Sample> _log;
    private readonly List<Sample> _samples;
    private readonly List<EvaluationProblem> _problems = [];
    private readonly IProgress<ExaminationProgress>? _progress;
    private int _correct;

    /// <exception cref="InvalidOperationException">The folder is of another run.</exception>
    public ExaminationJournal(IReadOnlyList<Question> questions, ExamProtocol protocol, ExaminationOptions options)
    {
        var (card, asked, log) = (Path.Combine(options.Folder, EvaluationCard.FileName), Path.Combine(options.Folder, EvaluationFolder.QuestionsFile), Path.Combine(options.Folder, EvaluationFolder.SamplesFile));
        Directory.CreateDirectory(options.Folder);
        if (File.Exists(card))
        {
            var before = EvaluationCard.Read(card);
            if (EvaluationCard.Difference(before, options.Card) is { } difference)
                throw new InvalidOperationException($"{options.Folder} holds an evaluation of another {difference}. Name another folder with --out; to go on with that evaluation, give the command that began it.");
        }
        else if (File.Exists(log) && new FileInfo(log).Length > 0)
        {
            throw new InvalidOperationException($"{log} is there, but not {EvaluationCard.FileName} that would say what it is of. Name another folder with --out, or read it with `citrus score --predictions {log}`.");
        }

        UnifiedQuestions.Write(asked, questions);
        // The card last: where it is, the questions are whole.
        if (!File.Exists(card)) EvaluationCard.Write(options.Folder, options.Card);
        _log = JsonLinesJournal<Sample>.Open(log, Sample.Json);
        (_samples, _progress, Resumed) = ([.. _log.Records], options.Progress, _log.Records.Count);
        var known = _samples.Select(s => (s.Question, s.Variant, s.Repeat)).ToHashSet();
        var byId = questions.ToDictionary(q => q.Id, StringComparer.Ordinal);
        _correct = _samples.Count(s => s.Correct);
        var open = new List<(Question, ExamAsk)>();
        foreach (var question in questions)
        {
            var asks = protocol.Asks(options.Shown(question));
            Total += asks.Count;
            open.AddRange(asks.Where(a => !known.Contains((question.Id, a.Variant, a.Repeat))).Select(a => (question, a)));
        }

        Open = open;
    }

    /// <summary>Requests that no log has answered, with their questions as they are scored.</summary>
    public IReadOnlyList<(Question Question, ExamAsk Ask)> Open { get; }

    public int Total { get; }

    public int Resumed { get; }

    public IReadOnlyList<Sample> Samples => _samples;

    public IReadOnlyList<EvaluationProblem> Problems => _problems;

    public void Keep(Sample sample)
    {
        _log.Append(sample);
        lock (_lock)
        {
            _samples.Add(sample);
            if (sample.Correct) _correct++;
            Tell();
        }
    }

    public void Failed(Question question, string cause)
    {
        lock (_lock)
        {
            _problems.Add(new(EvaluationProblemKind.NoReply, question.Id, 0, $"question {question.Id}: no reply: {cause}"));
            Tell();
        }
    }

    public void Dispose() => _log.Dispose();

    private void Tell() => _progress?.Report(new ExaminationProgress(_samples.Count, Total, Resumed, _correct, _problems.Count));
}
