namespace Citrus.Research.Training;

/// <summary>The loss of a step that may be computed in several batches.</summary>
internal interface IObjective
{
    /// <summary>Whether it compares pairs, and so has an accuracy.</summary>
    bool Compares { get; }

    /// <summary>Learns of all batches of the step, so that each one's loss can be weighed by its part in the whole.</summary>
    void Begin(IReadOnlyList<MicroBatch> step);

    /// <summary>The derivative of the step's loss with respect to each log-probability, where it does not depend on them; null where it does.</summary>
    float[]? Slopes(MicroBatch batch);

    /// <summary>One batch's part of the step's loss; the parts add up to the loss of the whole.</summary>
    /// <param name="found">Natural log-probability of each predicted token.</param>
    /// <param name="slopes">Filled with the derivative of the step's loss with respect to each.</param>
    /// <returns>Parts of the loss and, for preference training, of the share of pairs that are told apart rightly.</returns>
    (double Loss, double? Accuracy) Of(MicroBatch batch, ReadOnlySpan<float> found, Span<float> slopes);
}
