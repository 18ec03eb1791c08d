using System.Diagnostics;
using Citrus.Research.Models;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>Trains a decoder in place. Runs on the calling thread; several decoders may be trained at once, each on a thread of its own.</summary>
/// <remarks>On the CPU with one thread the same decoder, batches and options give the same weights, bit for bit, on one machine.</remarks>
public static class Trainer
{
    /// <summary>Next-token training (continued pre-training, supervised fine-tuning): weighted mean cross-entropy over each batch.</summary>
    /// <param name="decoder">Changed in place; after an exception its weights are those of the last step taken.</param>
    /// <param name="batches">Read until the budget is used up; it may end earlier.</param>
    /// <param name="progress">Called about twice a second, on the calling thread.</param>
    /// <exception cref="TrainingFailedException">The loss became infinite or not a number.</exception>
    public static TrainingSummary Train(
        Decoder decoder, IEnumerable<IReadOnlyList<TrainingSequence>> batches, TrainingOptions options,
        Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        return Run(decoder, batches.Select(b => (Items: b.Count, Sequences: b)), options, Loss, progress, cancellation);
        static (double, double?) Loss(TokenBatch batch, float[] found, float[] slopes) => (Losses.CrossEntropy(found, batch.Weights, slopes), null);
    }

    /// <summary>Preference training (CPO with SimPO's score) on pairs.</summary>
    /// <param name="replay">Batches of what was learned before, one beside each batch of pairs, learned as they are (they join the anchor); none by default.</param>
    /// <inheritdoc cref="Train"/>
    public static TrainingSummary Prefer(
        Decoder decoder, IEnumerable<IReadOnlyList<TrainingPair>> batches, PreferenceOptions preference, TrainingOptions options,
        IEnumerable<IReadOnlyList<TrainingSequence>>? replay = null, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        preference.Validate();
        using var replayed = replay?.GetEnumerator();
        var pairs = 0;
        var flat = batches.Select(b =>
        {
            pairs = b.Count;
            return (Items: b.Count, Sequences: (IReadOnlyList<TrainingSequence>)[.. b.Select(p => p.Chosen), .. b.Select(p => p.Rejected), .. replayed?.MoveNext() == true ? replayed.Current : []]);
        });
        return Run(decoder, flat, options, Loss, progress, cancellation);
        (double, double?) Loss(TokenBatch batch, float[] found, float[] slopes)
        {
            var (loss, accuracy, _) = Losses.Preference(found, batch.Weights, batch.Owners, pairs, preference, slopes);
            return (loss, accuracy);
        }
    }

    private static TrainingSummary Run(
        Decoder decoder, IEnumerable<(int Items, IReadOnlyList<TrainingSequence> Sequences)> batches, TrainingOptions options,
        Func<TokenBatch, float[], float[], (double Loss, double? Accuracy)> lossOf, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        options.Validate();
        Torch.EnsureLoaded();
        set_num_threads(options.Threads);
        using var engine = decoder.CreateEngine(options.Precision);
        using var optimizer = new Optimizer(decoder.Parameters, options.Optimizer, options.Precision);
        var clock = Stopwatch.StartNew();
        var tally = new Tally(options);
        var reported = TimeSpan.Zero;
        foreach (var (items, sequences) in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = TokenBatch.Pack([.. sequences.Select(s => (s.Ids, s.Weights))], decoder.Config.VocabularySize, decoder.Config.MaxPositions);
            var rate = RateSchedule.At(tally.Steps, tally.Fraction, options);
            var (loss, accuracy) = (0.0, (double?)null);
            using (NewDisposeScope())
            {
                var gradients = engine.Gradients(batch, found =>
                {
                    var slopes = new float[found.Length];
                    (loss, accuracy) = lossOf(batch, found, slopes);
                    if (!double.IsFinite(loss))
                        throw new TrainingFailedException($"The loss became {loss} at step {tally.Steps + 1}: lower the learning rate or clip gradients (ClipNorm).");
                    return slopes;
                });
                optimizer.Step(gradients, rate);
            }

            tally.Add(items, batch.Ids.Length, batch.Rows.Length, loss, accuracy);
            if (progress is not null && (clock.Elapsed - reported > TimeSpan.FromSeconds(0.5) || tally.Fraction >= 1))
            {
                reported = clock.Elapsed;
                progress(tally.Report(clock.Elapsed));
            }

            if (tally.Fraction >= 1) break;
        }

        foreach (var parameter in decoder.Parameters)
        {
            using var scope = NewDisposeScope();
            if (!parameter.Value.isfinite().all().item<bool>()) throw new TrainingFailedException($"After {tally.Steps} steps {parameter.Parts[0].Name} is no longer a number everywhere: lower the learning rate or clip gradients (ClipNorm).");
        }

        return tally.Summary(clock.Elapsed);
    }

    /// <summary>Counts, and the loss curve.</summary>
    private sealed class Tally(TrainingOptions options)
    {
        private readonly List<LossPoint> _curve = [];
        private long _examples, _tokens, _lossTokens, _atPoint, _atReport;
        private double _sincePoint, _sinceReport, _accurateSincePoint;
        private double? _accuracy;
        private (TimeSpan Elapsed, double Fraction)? _first;

        public long Steps { get; private set; }

        public double Fraction => Math.Min(1, Math.Max(Part(_examples, options.Examples), Math.Max(Part(_tokens, options.Tokens), Part(Steps, options.Steps))));

        public void Add(int items, int tokens, int lossTokens, double loss, double? accuracy)
        {
            (Steps, _examples, _tokens, _lossTokens) = (Steps + 1, _examples + items, _tokens + tokens, _lossTokens + lossTokens);
            (_sincePoint, _sinceReport) = (_sincePoint + loss, _sinceReport + loss);
            _accurateSincePoint += accuracy ?? 0;
            if (Fraction * options.CurvePoints < _curve.Count + 1) return;
            Mark(accuracy is not null);
        }

        public TrainingProgress Report(TimeSpan elapsed)
        {
            var loss = _sinceReport / Math.Max(1, Steps - _atReport);
            (_sinceReport, _atReport) = (0, Steps);
            var start = _first ??= (elapsed, Fraction);
            TimeSpan? left = Fraction > start.Fraction ? (elapsed - start.Elapsed) * ((1 - Fraction) / (Fraction - start.Fraction)) : null;
            return new TrainingProgress(Steps, Fraction, loss, _tokens, _tokens / elapsed.TotalSeconds, left);
        }

        public TrainingSummary Summary(TimeSpan elapsed)
        {
            if (_atPoint < Steps) Mark(_accuracy is not null);
            return new TrainingSummary
            {
                Steps = Steps,
                Examples = _examples,
                Tokens = _tokens,
                LossTokens = _lossTokens,
                Seconds = elapsed.TotalSeconds,
                FinalLoss = _curve.Count == 0 ? double.NaN : _curve[^1].Loss,
                Curve = _curve,
                PreferenceAccuracy = _accuracy,
            };
        }

        private void Mark(bool withAccuracy)
        {
            _curve.Add(new LossPoint(Steps, _sincePoint / (Steps - _atPoint)));
            if (withAccuracy) _accuracy = _accurateSincePoint / (Steps - _atPoint);
            (_sincePoint, _accurateSincePoint, _atPoint) = (0, 0, Steps);
        }

        private static double Part(long done, long? budget) => budget is { } b ? done / (double)b : 0;
    }
}
