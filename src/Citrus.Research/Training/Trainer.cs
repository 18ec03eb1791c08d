using System.Diagnostics;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Citrus.Research.Models;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>Trains a decoder in place. Runs on the calling thread; several decoders may be trained at once, each on a thread of its own.</summary>
/// <remarks>
/// What is trained is <see cref="Decoder.Trainable"/>. On the CPU with one thread the same decoder, batches and options give the same weights, bit for bit, on one machine; with a
/// <see cref="TrainingRun"/> also over stops and kills in between.
/// </remarks>
public static class Trainer
{
    /// <summary>Next-token training (continued pre-training, supervised fine-tuning): weighted mean cross-entropy over all tokens of each step.</summary>
    /// <param name="decoder">Changed in place; after an exception its weights are those of the last step taken.</param>
    /// <param name="batches">Read until the budget is used up; it may end earlier. A resumed run passes over what it has learned, so it must be the same each time.</param>
    /// <param name="progress">Called about twice a second, on the calling thread.</param>
    /// <param name="run">Where the training is kept, and gone on with; null keeps nothing.</param>
    /// <exception cref="TrainingFailedException">The loss became infinite or not a number.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what it had learned is kept in the run.</exception>
    public static TrainingSummary Train(
        Decoder decoder, IEnumerable<IReadOnlyList<TrainingSequence>> batches, TrainingOptions options,
        Action<TrainingProgress>? progress = null, CancellationToken cancellation = default, TrainingRun? run = null) =>
        new TrainingLoop(decoder, options, new NextTokenObjective(), progress, run).Go(batches.Select(b => new MicroBatch(b, [])), cancellation);

    /// <summary>Preference training on pairs, by the loss that the options say.</summary>
    /// <param name="replay">Batches of what was learned before, one beside each batch of pairs, learned as they are (they join the anchor); none by default.</param>
    /// <inheritdoc cref="Train"/>
    public static TrainingSummary Prefer(
        Decoder decoder, IEnumerable<IReadOnlyList<TrainingPair>> batches, PreferenceOptions preference, TrainingOptions options,
        IEnumerable<IReadOnlyList<TrainingSequence>>? replay = null, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default, TrainingRun? run = null)
    {
        preference.Validate();
        using var replayed = replay?.GetEnumerator();
        var flat = batches.Select(b => new MicroBatch([.. b.Select(p => p.Chosen), .. b.Select(p => p.Rejected), .. replayed?.MoveNext() == true ? replayed.Current : []], b));
        return new TrainingLoop(decoder, options, new PairObjective(preference), progress, run).Go(flat, cancellation);
    }
}
