namespace Citrus.Research.Models;

/// <summary>How a training pass is computed: precision against speed, memory against time. What is computed does not change.</summary>
public sealed record EngineOptions
{
    /// <summary>Precision of matrix products where weights are float32; narrower weights are multiplied as they are.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>
    /// Keeps only each layer's input and computes the rest again on the way back: about a third more time; memory for one layer's inner values instead of all layers'.
    /// </summary>
    public bool ActivationCheckpointing { get; init; }

    /// <summary>Predicted tokens whose logits over the whole vocabulary exist at once; 0 takes as many as fit into 512 MB in float32.</summary>
    public int LogitChunk { get; init; }

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        if (LogitChunk < 0) throw new ArgumentException($"Engine: LogitChunk is {LogitChunk}; it must be at least 1, or 0 to have it chosen.");
    }
}
