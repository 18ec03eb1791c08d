using Citrus.Research.Questions;

namespace Citrus.Research.Models;

/// <summary>Writes for many callers at once: their requests share one batch, each entering and leaving when it will. Does not own the decoder.</summary>
/// <remarks>A thread works as long as there is something to write. Nobody may train the decoder meanwhile.</remarks>
/// <param name="decoder">Who writes.</param>
/// <param name="batchSize">Requests in flight at once; further ones wait in order.</param>
/// <param name="cacheTokens">See <see cref="GenerationOptions.CacheTokens"/>.</param>
public sealed class GenerationEngine(Decoder decoder, int batchSize = 64, long? cacheTokens = null) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Request> _coming = [];
    private readonly Dictionary<Flight, Request> _flying = new(ReferenceEqualityComparer.Instance);
    private ContinuousBatch? _batch;
    private Thread? _worker;
    private bool _disposed;

    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="options">Its <see cref="GenerationOptions.BatchSize"/> and <see cref="GenerationOptions.CacheTokens"/> are not looked at.</param>
    /// <param name="written">Called with each new token and its natural log-probability as it is written, on the engine's thread: it must not take long.</param>
    /// <returns>The same as <see cref="Generator.Generate(Decoder, IReadOnlyList{IReadOnlyList{int}}, GenerationOptions, Action{int}?, CancellationToken, Action{int, Generation}?)"/> gives for this prompt alone.</returns>
    public Task<Generation> GenerateAsync(IReadOnlyList<int> prompt, GenerationOptions options, Action<int, float>? written = null, CancellationToken cancellation = default)
    {
        Generator.RefuseTexts(options);
        return RunAsync(prompt, options, written is null ? null : new Teller(written), cancellation);
    }

    /// <summary>Waits for the step under way; requests that are not finished fail.</summary>
    public void Dispose()
    {
        lock (_gate) _disposed = true;
        _worker?.Join();
        _batch?.Dispose();
        Fail(new ObjectDisposedException(nameof(GenerationEngine)));
    }

    internal async Task<Generation> RunAsync(IReadOnlyList<int> prompt, GenerationOptions options, IAnswerWatcher? watcher, CancellationToken cancellation)
    {
        options.Validate();
        Generator.Check(decoder.Config, prompt, "The prompt");
        cancellation.ThrowIfCancellationRequested();
        var request = new Request(new Flight(0, prompt, options, decoder.Config.MaxPositions, SeededRandom.For(options.Seed, "generate", 0), watcher));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _coming.Add(request);
            if (_worker is null)
            {
                _worker = new Thread(Work) { IsBackground = true, Name = "citrus generation" };
                _worker.Start();
            }
        }

        await using var registration = cancellation.Register(() =>
        {
            request.Flight.Abandoned = true;
            request.Answer.TrySetCanceled(cancellation);
        }).ConfigureAwait(false);
        return await request.Answer.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        try
        {
            _batch ??= new ContinuousBatch(decoder.CreateWriter(), batchSize, cacheTokens);
            while (true)
            {
                lock (_gate)
                {
                    foreach (var request in _coming)
                    {
                        _flying[request.Flight] = request;
                        _batch.Add(request.Flight);
                    }

                    _coming.Clear();
                    if (_batch.Count == 0 || _disposed)
                    {
                        if (!_disposed) _flying.Clear(); // what is left of those that nobody waits for
                        _worker = null;
                        return;
                    }
                }

                _batch.Step(flight =>
                {
                    if (_flying.Remove(flight, out var request)) request.Answer.TrySetResult(flight.Landed());
                });
            }
        }
        catch (Exception e)
        {
            _batch?.Dispose();
            lock (_gate) (_batch, _worker) = (null, null);
            Fail(e);
        }
    }

    private void Fail(Exception error)
    {
        lock (_gate)
        {
            foreach (var request in _coming.Concat(_flying.Values)) request.Answer.TrySetException(error);
            _coming.Clear();
            _flying.Clear();
        }
    }

    private sealed record Request(Flight Flight)
    {
        public TaskCompletionSource<Generation> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Teller(Action<int, float> written) : IAnswerWatcher
    {
        public bool See(int id, float logProbability, bool forced)
        {
            written(id, logProbability);
            return true;
        }

        public IReadOnlyList<int> Forced() => [];
    }
}
