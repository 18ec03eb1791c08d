using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Synthesis;

/// <summary>Leads many consultations, some of them at the same time.</summary>
/// <remarks>
/// The journal holds finished consultations, in the order they finished; a case that is there, from the same inputs, is not led again. A consultation that failed because an expert
/// gave no reply is not journalled, so a resume tries it again; what it had been told already then comes from the experts' cache, where there is one.
/// </remarks>
public sealed class ConsultationDriver(ConsultationProtocol protocol, IChatClient doctor, IChatClient patient, ConsultationDriverOptions? options = null)
{
    private readonly ConsultationDriverOptions _options = options ?? new();

    /// <summary>Leads all consultations.</summary>
    /// <param name="cases">Ids must differ.</param>
    /// <returns>One consultation per case, in their order, null where an expert failed; and the problems, in the order of the cases.</returns>
    /// <exception cref="ArgumentException">Two cases share an id.</exception>
    /// <exception cref="ExpertException">Every further call would fail alike; what had finished is in the journal.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what had finished is in the journal.</exception>
    public async Task<(IReadOnlyList<Consultation?> Consultations, IReadOnlyList<ConsultationProblem> Problems)> RunAsync(IReadOnlyList<ConsultationCase> cases, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Concurrency, 1);
        if (cases.GroupBy(c => c.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"Two cases share the id '{twice.Key}'.", nameof(cases));
        using var journal = _options.Journal is { } path ? JsonLinesJournal<Consultation>.Open(path, Consultation.Json) : null;
        var known = new Dictionary<string, Consultation>(StringComparer.Ordinal);
        foreach (var there in journal?.Records ?? []) known[there.Inputs] = there;

        var results = new Consultation?[cases.Count];
        var failures = new ConcurrentDictionary<int, ConsultationProblem>();
        var waiting = new List<(int Index, string Inputs)>();
        for (var i = 0; i < cases.Count; i++)
        {
            var inputs = InputsOf(cases[i]);
            if (known.TryGetValue(inputs, out var there)) results[i] = there;
            else waiting.Add((i, inputs));
        }

        var (done, resumed, problems) = (cases.Count - waiting.Count, cases.Count - waiting.Count, results.Count(r => r?.Unusable is not null));
        _options.Progress?.Report((done, resumed, problems));
        await Parallel.ForEachAsync(waiting, new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken }, async (item, token) =>
        {
            try
            {
                var led = await LeadAsync(cases[item.Index], token).ConfigureAwait(false) with { Inputs = item.Inputs };
                results[item.Index] = led;
                journal?.Append(led);
                if (led.Unusable is not null) Interlocked.Increment(ref problems);
            }
            catch (ExpertException e) when (!e.EndsRun)
            {
                failures[item.Index] = new(cases[item.Index].Id, e.Message, e.Fault.ToString());
                Interlocked.Increment(ref problems);
            }

            _options.Progress?.Report((Interlocked.Increment(ref done), resumed, Volatile.Read(ref problems)));
        }).ConfigureAwait(false);

        var all = new List<ConsultationProblem>();
        for (var i = 0; i < cases.Count; i++)
        {
            if (failures.TryGetValue(i, out var failure)) all.Add(failure);
            else if (results[i]?.Unusable is { } why) all.Add(new(cases[i].Id, why, null));
        }

        return (results, all);
    }

    private async Task<Consultation> LeadAsync(ConsultationCase of, CancellationToken token)
    {
        var move = protocol.Begin(of);
        while (move.Request is { } request)
        {
            var (expert, spec) = request.Role == ExpertRoles.Doctor ? (doctor, _options.DoctorSpec) : (patient, _options.PatientSpec);
            var reply = await ExpertCall.AskAsync(expert, request, spec, of.Id, move.State.Attempt, token).ConfigureAwait(false);
            move = protocol.Next(move.State, reply);
        }

        return move.Consultation!;
    }

    private string InputsOf(ConsultationCase of)
    {
        var text = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)[protocol.Definition, _options.DoctorSpec, _options.PatientSpec, JsonSerializer.Serialize(of, Consultation.Json)])
            text.Append(part.Length).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
