using System.Diagnostics;
using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Evaluation;

/// <summary>Puts a benchmark to a model by a protocol, keeps every reply in a folder, and says what they come to. What the folder has is not asked for again.</summary>
public static class Examination
{
    /// <summary>What a student's thought is bounded by; other experts do not know it.</summary>
    private const string MaxThinkingTokens = "max_thinking_tokens";

    /// <summary>Questions that are scored in one go.</summary>
    private const int ScoredAtOnce = 16;

    /// <summary>Examines a model that writes.</summary>
    /// <param name="questions">The benchmark; ids must differ.</param>
    /// <param name="protocol">How it is asked.</param>
    /// <param name="client">The model.</param>
    /// <param name="options">Where it is kept.</param>
    /// <param name="cancellationToken">Ends the run; what was answered is kept.</param>
    /// <exception cref="ExpertException">Every further request would fail alike; what was answered is kept.</exception>
    /// <exception cref="InvalidOperationException">The folder is of another run.</exception>
    public static async Task<ExaminationResult> RunAsync(
        IReadOnlyList<Question> questions, ExamProtocol protocol, IChatClient client, ExaminationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1, nameof(options.Concurrency));
        if (protocol.ScoresOptions) throw new ArgumentException($"{protocol.Label} scores texts, which takes a model that can.", nameof(protocol));
        using var journal = new ExaminationJournal(questions, protocol, options);
        var several = Ballot.Several(questions);
        var judge = options.Judge is { } second ? new ExamJudge(second, several) : null;
        ExpertException? end = null;
        await Parallel.ForEachAsync(journal.Open, new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken }, async (open, token) =>
        {
            // What is in flight is let through, for it may be paid for; nothing new is begun.
            if (Volatile.Read(ref end) is not null) return;
            try
            {
                journal.Keep(await AskAsync(open.Question, open.Ask, client, judge, several, options, token).ConfigureAwait(false));
            }
            catch (ExpertException error) when (error.EndsRun)
            {
                Interlocked.CompareExchange(ref end, error, null);
            }
            catch (ExpertException error)
            {
                journal.Failed(open.Question, error.Message);
            }
        }).ConfigureAwait(false);
        if (end is not null) throw new ExpertException(end.Fault, end.Message, end);
        return Result(questions, protocol, journal);
    }

    /// <summary>Examines a model that scores texts.</summary>
    /// <param name="questions">The benchmark; ids must differ.</param>
    /// <param name="protocol">How it is asked.</param>
    /// <param name="score">The model.</param>
    /// <param name="render">Messages as the model's whole prompt.</param>
    /// <param name="options">Where it is kept.</param>
    /// <param name="cancellationToken">Ends the run; what was answered is kept.</param>
    /// <exception cref="InvalidOperationException">The folder is of another run.</exception>
    public static async Task<ExaminationResult> RunAsync(
        IReadOnlyList<Question> questions, ExamProtocol protocol, ScorePairs score, Func<IReadOnlyList<SampleMessage>, string> render, ExaminationOptions options, CancellationToken cancellationToken = default)
    {
        if (!protocol.ScoresOptions) throw new ArgumentException($"{protocol.Label} needs a model that writes.", nameof(protocol));
        using var journal = new ExaminationJournal(questions, protocol, options);
        foreach (var batch in journal.Open.Chunk(ScoredAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            var pairs = batch.SelectMany(b => b.Ask.Continuations!.Select(c => (render(b.Ask.Messages), c))).ToList();
            var scores = await score(pairs, cancellationToken).ConfigureAwait(false);
            if (scores.Count != pairs.Count) throw new InvalidOperationException($"The model gave {scores.Count} scores for {pairs.Count} options; one each is needed.");
            var each = clock.Elapsed.TotalMilliseconds / batch.Length;
            var at = 0;
            foreach (var (question, ask) in batch)
            {
                var own = scores.Skip(at).Take(question.Options.Count).Select((s, i) => ask.Divisors is { } by ? s / by[i] : s).ToList();
                at += question.Options.Count;
                journal.Keep(Scored(question, ask, own, each));
            }
        }

        return Result(questions, protocol, journal);
    }

    private static ExaminationResult Result(IReadOnlyList<Question> questions, ExamProtocol protocol, ExaminationJournal journal)
    {
        var parts = EvaluationParts.Of(questions, [.. journal.Samples.Select((s, i) => (i + 1, s))], protocol.Label, out var problems, protocol.Count);
        return new(parts, [.. journal.Problems, .. problems], journal.Samples, journal.Resumed);
    }

    private static async Task<Sample> AskAsync(Question question, ExamAsk ask, IChatClient client, ExamJudge? judge, bool several, ExaminationOptions options, CancellationToken token)
    {
        var chat = new ChatOptions
        {
            Temperature = ask.Temperature,
            MaxOutputTokens = ask.MaxTokens ?? options.MaxTokens,
            AdditionalProperties = new() { [ExpertProperties.Sample] = ask.Repeat, [ExpertProperties.Question] = question.Id, [ExpertProperties.Role] = ExpertRoles.Reasoning },
        };
        if (ask.ThinkingTokens is { } most) chat.AdditionalProperties[MaxThinkingTokens] = most;
        var clock = Stopwatch.StartNew();
        var response = await client.GetResponseAsync([.. ask.Messages.Select(m => new ChatMessage(new ChatRole(m.Role), m.Text))], chat, token).ConfigureAwait(false);
        var latency = response.AdditionalProperties?.TryGetValue(ExpertProperties.Latency, out var value) == true && value is double measured ? measured : clock.Elapsed.TotalMilliseconds;
        var output = response.Text.Trim();
        var apart = string.Concat(response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(c => c.Text));
        var order = OptionOrder.Of(ask.Variant, question);
        var read = Reading.Of(question, output, order, several);
        if (read.Chosen.Count == 0 && judge is not null && output.Length > 0)
        {
            var meant = await judge.AskAsync(ask.Shown, output, token).ConfigureAwait(false);
            if (meant.Count > 0)
                read = new(new ExtractedAnswer(ExtractionTier.Judge, null, meant[0], false), [.. meant.Select(l => order is null ? l : OptionOrder.Undo(question, order, l)).Order(StringComparer.Ordinal)], null, null);
        }

        return new Sample(question.Id, ask.Messages[^1].Text, output, (int?)response.Usage?.OutputTokenCount, question.Answers, read.Extracted, Prediction.IsExact(question, read.Chosen))
        {
            Benchmark = question.Benchmark,
            Messages = ask.Messages.Count > 1 ? ask.Messages : null,
            Thinking = apart.Length > 0 ? apart : ThinkText.Split(output).Thought is { Length: > 0 } thought ? thought : null,
            Chosen = order is not null || several ? read.Chosen : null,
            InputTokens = (int?)response.Usage?.InputTokenCount,
            LatencyMs = Math.Round(latency, 1),
            Repeat = ask.Repeat,
            Variant = ask.Variant,
        };
    }

    private static Sample Scored(Question question, ExamAsk ask, IReadOnlyList<double> shown, double latency)
    {
        var scores = OptionOrder.Of(ask.Variant, question) is { } order ? OptionOrder.Undo(question, order, shown) : shown;
        var sample = new Sample(question.Id, ask.Messages[^1].Text, "", null, question.Answers, new ExtractedAnswer(ExtractionTier.None, null, null, false), false)
        {
            Benchmark = question.Benchmark,
            Messages = ask.Messages.Count > 1 ? ask.Messages : null,
            OptionScores = scores,
            LatencyMs = Math.Round(latency, 1),
            Repeat = ask.Repeat,
            Variant = ask.Variant,
        };
        var read = Ballot.Read(question, sample);
        return sample with { Output = read.Output, Extracted = read.Extracted, Correct = read.Correct };
    }
}
