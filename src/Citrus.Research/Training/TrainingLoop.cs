using System.Diagnostics;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Citrus.Research.Models;
using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>One training from its first step, or where its run was, to its last.</summary>
internal sealed class TrainingLoop(Decoder decoder, TrainingOptions options, IObjective objective, Action<TrainingProgress>? progress, TrainingRun? run)
{
    private const string Mend = "lower the learning rate or clip gradients (ClipNorm)";

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(0.5);

    private readonly Stopwatch _clock = new();
    private readonly IReadOnlyList<DecoderParameter> _trained = decoder.Trainable;
    private readonly double _perToken = TrainingCost.PerToken(decoder);
    private TrainingTally _tally = new();
    private LossSums _report = new();
    private (TimeSpan At, long Tokens, double Operations) _sitting, _line;
    private (TimeSpan At, double Fraction)? _pace;
    private TimeSpan _reported;
    private string _lastBatch = "";
    private double _before, _rate, _norm;

    private double Fraction => _tally.Fraction(options);

    public TrainingSummary Go(IEnumerable<MicroBatch> batches, CancellationToken cancellation)
    {
        options.Validate();
        Torch.EnsureLoaded();
        set_num_threads(options.Threads);
        using var engine = decoder.CreateEngine(new EngineOptions { Precision = options.Precision, ActivationCheckpointing = options.ActivationCheckpointing });
        using var optimizer = new Optimizer(_trained, options.Optimizer, options.Precision);
        using var average = options.AverageDecay is { } decay ? new WeightAverage(_trained, decay) : null;
        using var sum = options.Accumulate > 1 ? new GradientSum(_trained) : null;
        using var source = batches.GetEnumerator();
        Resume(optimizer, average, source);
        using var log = run is null ? null : new TrainingLog(run.Folder, _tally.Steps);
        var saved = _tally.Steps;
        _clock.Start();
        while (Fraction < 1)
        {
            var step = Next(source);
            if (step.Count == 0) break;
            if (cancellation.IsCancellationRequested && saved != _tally.Steps) Save(optimizer, average, null);
            cancellation.ThrowIfCancellationRequested();
            Take(step, engine, optimizer, sum);
            average?.Update(_tally.Steps);
            double? score = null;
            if (run?.Options.SaveEvery is { } every && _tally.Steps % every == 0 && Fraction < 1) Keep();
            else if (log is not null && _tally.Steps % run!.Options.LogEvery == 0) Log(log, null);
            Report(score);

            void Keep()
            {
                score = Score(optimizer, average);
                if (score is not null || _tally.Steps % run.Options.LogEvery == 0) Log(log!, score);
                Save(optimizer, average, score);
                saved = _tally.Steps;
            }
        }

        if (TrainingRun.Broken(_trained) is { } name) throw new TrainingFailedException($"After {_tally.Steps} steps {name} is no longer a number everywhere: {Mend}.");
        if (run is not null && saved != _tally.Steps)
        {
            var score = Score(optimizer, average);
            if (_tally.Line.Steps < _tally.Steps || score is not null) Log(log!, score);
            Save(optimizer, average, score);
        }

        average?.Apply();
        return _tally.Summary(_before + _clock.Elapsed.TotalSeconds);
    }

    /// <summary>The batches of the next step, ready to be read; fewer where the source ends, none at its end.</summary>
    private List<MicroBatch> Next(IEnumerator<MicroBatch> source)
    {
        var step = new List<MicroBatch>(options.Accumulate);
        while (step.Count < options.Accumulate && source.MoveNext()) step.Add(source.Current);
        return step;
    }

    private void Take(List<MicroBatch> step, IDecoderEngine engine, Optimizer optimizer, GradientSum? sum)
    {
        foreach (var batch in step) batch.Pack(decoder.Config);
        objective.Begin(step);
        _rate = RateSchedule.At(_tally.Steps, Fraction, options);
        var (loss, accuracy, operations) = (0.0, (double?)null, 0.0);
        using (NewDisposeScope())
        {
            IReadOnlyList<Tensor> gradients = [];
            foreach (var batch in step)
            {
                if (sum is null)
                {
                    gradients = Pass(batch);
                    continue;
                }

                using var scope = NewDisposeScope();
                sum.Add(Pass(batch), first: ReferenceEquals(batch, step[0]));
                gradients = sum.Values;
            }

            if (run is not null)
            {
                _norm = TorchScript.Norm([.. gradients]).item<float>();
                if (!double.IsFinite(_norm)) throw Failed($"The norm of the gradients became {_norm}", step);
            }

            optimizer.Step(gradients, _rate);
        }

        _tally.Add(step, operations, loss, accuracy, options);
        _report = _report.With(loss, accuracy);
        if (run is not null) _lastBatch = HashOf(step[^1]);

        IReadOnlyList<Tensor> Pass(MicroBatch batch)
        {
            operations += TrainingCost.Of(_perToken, decoder.Config, batch.Tokens);
            if (objective.Slopes(batch) is { } known)
            {
                var (found, slow) = engine.Gradients(batch.Tokens, known);
                Count(batch, found, new float[found.Length]);
                return slow;
            }

            return engine.Gradients(batch.Tokens, found =>
            {
                var slopes = new float[found.Length];
                Count(batch, found, slopes);
                return slopes;
            });
        }

        void Count(MicroBatch batch, float[] found, float[] slopes)
        {
            var (part, right) = objective.Of(batch, found, slopes);
            (loss, accuracy) = (loss + part, right is null ? accuracy : (accuracy ?? 0) + right);
            if (!double.IsFinite(loss)) throw Failed($"The loss became {loss}", step);
        }
    }

    private TrainingFailedException Failed(string what, IReadOnlyList<MicroBatch> step)
    {
        var number = _tally.Steps + 1;
        var kept = run?.KeepFailed(number, what, step);
        return new TrainingFailedException(FormattableString.Invariant($"{what} at step {number}: {Mend}.{(kept is null ? "" : $" The batch is in {kept}; earlier checkpoints are as they were.")}"));
    }

    private void Resume(Optimizer optimizer, WeightAverage? average, IEnumerator<MicroBatch> source)
    {
        if (run?.Resume(_trained, optimizer, average) is not { } found) return;
        (_tally, _lastBatch, _before) = (found.Tally, found.LastBatch, found.Tally.Seconds);
        (_sitting, _line) = ((default, _tally.Tokens, _tally.Operations), (default, _tally.Tokens, _tally.Operations));
        _report = new LossSums(_tally.Steps);
        for (var i = 0L; i < _tally.Batches; i++)
            if (!source.MoveNext()) throw new RunException($"The data end after {i} batches, but the run in {run.Folder} has learned from {_tally.Batches}: they are not the data it was begun with. Give it those, or name another folder.");
        if (_tally.Batches > 0 && HashOf(source.Current) != _lastBatch)
            throw new RunException($"The data are not those that the run in {run.Folder} was begun with: batch {_tally.Batches} differs. Give it those, or name another folder.");
    }

    private void Save(Optimizer optimizer, WeightAverage? average, double? score)
    {
        _tally.Seconds = _before + _clock.Elapsed.TotalSeconds;
        run?.Save(_trained, optimizer, average, _tally, _lastBatch, score);
    }

    private double? Score(Optimizer optimizer, WeightAverage? average)
    {
        if (run?.Options.Score is not { } score) return null;
        try
        {
            var found = average is null ? score(decoder) : average.During(() => score(decoder));
            return double.IsFinite(found) ? found : null;
        }
        catch (OperationCanceledException)
        {
            Save(optimizer, average, null);
            throw;
        }
        finally
        {
            // What scores may have set another number; sums in another order would be other sums.
            set_num_threads(options.Threads);
        }
    }

    private void Log(TrainingLog log, double? score)
    {
        var now = _clock.Elapsed;
        var seconds = Math.Max(1e-9, (now - _line.At).TotalSeconds);
        var muon = options.Optimizer.Muon && _trained.Any(p => p.Role is ParameterRole.Inner or ParameterRole.Outward);
        log.Add(new LogLine
        {
            Step = _tally.Steps,
            Fraction = Fraction,
            Loss = _tally.Line.MeanLoss(_tally.Steps),
            PreferenceAccuracy = objective.Compares ? _tally.Line.MeanAccuracy(_tally.Steps) : null,
            Rate = _rate * (muon ? options.Optimizer.MuonRate : options.Optimizer.AdamRate),
            GradientNorm = _norm,
            Examples = _tally.Examples,
            Tokens = _tally.Tokens,
            TokensPerSecond = (_tally.Tokens - _line.Tokens) / seconds,
            Mfu = Mfu(_tally.Operations - _line.Operations, seconds),
            Memory = TrainingLog.ProcessMemory(),
            DeviceMemory = DeviceMemory.Used(decoder.Device),
            Seconds = _before + now.TotalSeconds,
            SecondsLeft = Left(now)?.TotalSeconds,
            Score = score,
        });
        _tally.Line = new LossSums(_tally.Steps);
        _line = (_clock.Elapsed, _tally.Tokens, _tally.Operations);
    }

    private void Report(double? score)
    {
        var now = _clock.Elapsed;
        if (progress is null || (now - _reported <= BetweenReports && Fraction < 1)) return;
        _reported = now;
        var seconds = now.TotalSeconds;
        progress(new TrainingProgress(_tally.Steps, Fraction, _report.MeanLoss(_tally.Steps), _tally.Tokens, (_tally.Tokens - _sitting.Tokens) / seconds, Left(now))
        {
            GradientNorm = run is null ? null : _norm,
            RateFactor = _rate,
            Mfu = Mfu(_tally.Operations - _sitting.Operations, seconds),
            Memory = run is null ? null : TrainingLog.ProcessMemory(),
            DeviceMemory = DeviceMemory.Used(decoder.Device),
            Score = score,
        });
        _report = new LossSums(_tally.Steps);
    }

    /// <summary>By the pace since it was first asked: the first steps are slow.</summary>
    private TimeSpan? Left(TimeSpan now)
    {
        var start = _pace ??= (now, Fraction);
        return Fraction > start.Fraction ? (now - start.At) * ((1 - Fraction) / (Fraction - start.Fraction)) : null;
    }

    private double? Mfu(double operations, double seconds) => run?.Options.PeakOperations is { } peak ? operations / seconds / peak : null;

    private static string HashOf(MicroBatch batch)
    {
        var hash = new XxHash128();
        foreach (var sequence in batch.Sequences)
        {
            hash.Append(MemoryMarshal.AsBytes(sequence.Ids.AsSpan()));
            hash.Append(MemoryMarshal.AsBytes(sequence.Weights.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
