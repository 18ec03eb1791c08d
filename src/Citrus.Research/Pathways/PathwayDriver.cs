using System.Security.Cryptography;
using System.Text;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Pathways;

/// <summary>Walks many questions along a pathway, some of them at the same time.</summary>
/// <remarks>
/// Traces come back in the order of the questions. The journal holds them in the order they finished; a question whose trace is there,
/// from the same inputs, is not asked again. A trace that failed because an expert threw is not journalled, so a resume tries it again.
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
        var waiting = new List<(int Index, string Inputs)>();
        for (var i = 0; i < questions.Count; i++)
        {
            var inputs = InputsOf(pathway, questions[i], register);
            if (known.TryGetValue(inputs, out var there)) traces[i] = there;
            else waiting.Add((i, inputs));
        }

        var resumed = questions.Count - waiting.Count;
        var (done, unusable) = (resumed, traces.Count(t => t is { Unusable: not null }));
        _options.Progress?.Report(new(done, questions.Count, resumed, unusable));
        await Parallel.ForEachAsync(
            waiting,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                var (trace, failed) = await WalkAsync(pathway, questions[item.Index], register, token).ConfigureAwait(false);
                trace = trace with { Inputs = item.Inputs };
                traces[item.Index] = trace;
                if (!failed) journal?.Append(trace);
                var bad = trace.Unusable is null ? Volatile.Read(ref unusable) : Interlocked.Increment(ref unusable);
                _options.Progress?.Report(new(Interlocked.Increment(ref done), questions.Count, resumed, bad));
            }).ConfigureAwait(false);
        return traces;
    }

    /// <summary>Walks one question; an expert that throws makes an unusable trace.</summary>
    public async Task<Trace> RunAsync(IPathway pathway, Question question, Register register, CancellationToken cancellationToken = default) =>
        (await WalkAsync(pathway, question, register, cancellationToken).ConfigureAwait(false)).Trace with { Inputs = InputsOf(pathway, question, register) };

    private async Task<(Trace Trace, bool Failed)> WalkAsync(IPathway pathway, Question question, Register register, CancellationToken token)
    {
        var move = pathway.Begin(question, register);
        while (move.Request is { } request)
        {
            var thinks = request.Role == ExpertRoles.Reasoning;
            var spec = thinks ? _options.ReasoningSpec : _options.ReflectionSpec ?? _options.ReasoningSpec;
            ExpertReply reply;
            try
            {
                reply = await ExpertCall.AskAsync(thinks ? reasoning : _reflection, request, spec, question.Id, cancellationToken: token).ConfigureAwait(false);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                var failed = new Trace
                {
                    Question = question.Id,
                    Pathway = pathway.Name,
                    Register = register,
                    Steps = move.State.Steps,
                    Calls = move.State.Calls,
                    Unusable = $"{request.Role} failed: {e.GetType().Name}: {e.Message}",
                };
                return (failed, true);
            }

            move = pathway.Next(move.State, reply);
        }

        return (move.Trace!, false);
    }

    private string InputsOf(IPathway pathway, Question question, Register register)
    {
        var text = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)
            [pathway.Fingerprint, _options.ReasoningSpec, _options.ReflectionSpec ?? _options.ReasoningSpec, register.ToString(), question.Id, QuestionText.Prose(question), .. question.Answers])
            text.Append(part.Length).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
