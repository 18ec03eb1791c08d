using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Pathways;

/// <summary>Walks many questions along a pathway, many of them at the same time.</summary>
/// <remarks>
/// Traces come back in the order of the questions. The journal holds them in the order they finished; a question whose trace is there, from the same inputs, is not asked again. A call that gave
/// no reply costs its question and no other: the trace says why and is not journalled, so a resume tries it again. A fault that every further call would share (a wrong key, an unknown model, a
/// spent budget) ends the run: calls in flight are awaited, for they are paid for, and then the fault is thrown.
/// </remarks>
/// <param name="reasoning">Answers as reasoning expert.</param>
/// <param name="reflection">Answers in every other role; the reasoning expert where null.</param>
/// <param name="options">The defaults where null.</param>
public sealed class PathwayDriver(IChatClient reasoning, IChatClient? reflection = null, PathwayDriverOptions? options = null)
{
    private readonly PathwayDriverOptions _options = options ?? new();
    private readonly IChatClient _reflection = reflection ?? reasoning;

    /// <summary>Runs all questions.</summary>
    /// <param name="pathway">The way to think.</param>
    /// <param name="questions">Ids must differ.</param>
    /// <param name="register">How the questions are worded.</param>
    /// <returns>One trace per question, in their order.</returns>
    /// <exception cref="ArgumentException">Two questions share an id.</exception>
    /// <exception cref="ExpertException">A fault ended the run; what had finished is in the journal.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what had finished is in the journal.</exception>
    public async Task<IReadOnlyList<Trace>> RunAsync(
        IPathway pathway, IReadOnlyList<Question> questions, Register register, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Concurrency, 1);
        if (questions.GroupBy(q => q.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two questions share the id '{twice.Key}'.", nameof(questions));

        using var journal = _options.Journal is { } path ? JsonLinesJournal<Trace>.Open(path, Trace.Json) : null;
        var known = new Dictionary<string, Trace>(StringComparer.Ordinal);
        foreach (var trace in journal?.Records ?? []) known[trace.Inputs] = trace;

        var traces = new Trace[questions.Count];
        var inputs = new string[questions.Count];
        var waiting = new List<int>();
        for (var i = 0; i < questions.Count; i++)
        {
            inputs[i] = InputsOf(pathway, questions[i], register, _options.ReasoningSpec, _options.ReflectionSpec);
            if (known.TryGetValue(inputs[i], out var there)) traces[i] = there;
            else waiting.Add(i);
        }

        var resumed = questions.Count - waiting.Count;
        var (done, unusable) = (resumed, traces.Count(t => t is { Unusable: not null }));
        _options.Progress?.Report(new(done, questions.Count, resumed, unusable));

        var queue = new WalkQueue(waiting, i => pathway.Begin(questions[i], register), 4 * _options.Concurrency);
        ExpertException? ending = null;
        Exception? broken = null;
        // Each worker has one call in flight; a worker whose question is done takes the next one.
        await Task.WhenAll(Enumerable.Range(0, Math.Min(_options.Concurrency, waiting.Count)).Select(_ => Task.Run(WorkAsync, CancellationToken.None))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (broken is not null) ExceptionDispatchInfo.Throw(broken);
        if (ending is not null) throw ending;
        return traces;

        async Task WorkAsync()
        {
            try
            {
                for (var walk = queue.Take(); walk is not null;)
                {
                    // What is in flight is awaited, nothing further is asked.
                    if (cancellationToken.IsCancellationRequested || Volatile.Read(ref ending) is not null || Volatile.Read(ref broken) is not null) return;
                    var index = walk.Index;
                    var trace = walk.Move.Trace;
                    if (trace is null)
                    {
                        var (move, failed) = await AdvanceAsync(pathway, questions[index], register, walk.Move, cancellationToken).ConfigureAwait(false);
                        if (failed is { EndsRun: true })
                        {
                            Interlocked.CompareExchange(ref ending, new ExpertException(failed.Fault, $"Question {questions[index].Id}: {failed.Message}", failed), null);
                            return;
                        }

                        if (move.Request is not null)
                        {
                            walk = queue.Next(walk with { Move = move });
                            continue;
                        }

                        trace = move.Trace!;
                    }

                    traces[index] = trace with { Inputs = inputs[index] };
                    if (trace.Fault is null) journal?.Append(traces[index]);
                    var bad = trace.Unusable is null ? Volatile.Read(ref unusable) : Interlocked.Increment(ref unusable);
                    _options.Progress?.Report(new(Interlocked.Increment(ref done), questions.Count, resumed, bad));
                    walk = queue.Take();
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                // Ours, not an expert's: a full disk, say. The others stop too, and it is thrown on.
                Interlocked.CompareExchange(ref broken, e, null);
            }
        }
    }

    /// <summary>Walks one question; an expert that gives no reply makes an unusable trace.</summary>
    /// <exception cref="ExpertException">A fault that every further call would share.</exception>
    public async Task<Trace> RunAsync(IPathway pathway, Question question, Register register, CancellationToken cancellationToken = default)
    {
        var move = pathway.Begin(question, register);
        while (move.Request is not null)
        {
            (move, var failed) = await AdvanceAsync(pathway, question, register, move, cancellationToken).ConfigureAwait(false);
            if (failed is { EndsRun: true }) throw failed;
        }

        return move.Trace! with { Inputs = InputsOf(pathway, question, register, _options.ReasoningSpec, _options.ReflectionSpec) };
    }

    /// <summary>Asks what the pathway wants to ask, and moves it on.</summary>
    private async Task<(PathwayMove Move, ExpertException? Failed)> AdvanceAsync(IPathway pathway, Question question, Register register, PathwayMove move, CancellationToken token)
    {
        var request = move.Request!;
        var thinks = request.Role == ExpertRoles.Reasoning;
        var spec = thinks ? _options.ReasoningSpec : _options.ReflectionSpec ?? _options.ReasoningSpec;
        try
        {
            var reply = await ExpertCall.AskAsync(thinks ? reasoning : _reflection, request, spec, question.Id, cancellationToken: token).ConfigureAwait(false);
            return (pathway.Next(move.State, reply), null);
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            var fault = e as ExpertException;
            var trace = new Trace
            {
                Question = question.Id,
                Pathway = pathway.Name,
                Register = register,
                Steps = move.State.Steps,
                Calls = move.State.Calls,
                Fault = fault?.Fault ?? ExpertFault.Other,
                Unusable = $"{request.Role} failed: {fault?.Fault.ToString() ?? e.GetType().Name}: {e.Message}",
            };
            return (PathwayMove.Done(move.State, trace), fault);
        }
    }

    /// <summary>Hash of everything that a trace is made from; whoever makes traces writes it into them, so that one goes on where the other stopped.</summary>
    internal static string InputsOf(IPathway pathway, Question question, Register register, string reasoningSpec, string? reflectionSpec)
    {
        var text = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)
            [pathway.Fingerprint, reasoningSpec, reflectionSpec ?? reasoningSpec, register.ToString(), question.Id, QuestionText.Prose(question), question.OpenStem ?? "", .. question.Answers])
            text.Append(part.Length).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
