namespace Citrus.Research.Models;

/// <summary>How answers are generated.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most new tokens of one answer.</summary>
    public int MaxNewTokens { get; init; } = 160;

    /// <summary>0 takes the likeliest token each time (the smaller id where two are equal); above 0 samples from the softmax of logits divided by it.</summary>
    public double Temperature { get; init; }

    /// <summary>Seed of sampling; each prompt has a stream of its own, known by its place in the list.</summary>
    public long Seed { get; init; }

    /// <summary>Token id that ends an answer; it is not part of the answer. Null generates to the limit.</summary>
    public int? StopId { get; init; }

    /// <summary>Prompts in flight at once.</summary>
    public int BatchSize { get; init; } = 64;

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        if (MaxNewTokens < 1) throw new ArgumentException($"MaxNewTokens is {MaxNewTokens}; it must be at least 1.");
        if (!(Temperature >= 0) || double.IsInfinity(Temperature)) throw new ArgumentException(FormattableString.Invariant($"Temperature is {Temperature}; it must be 0 (greedy) or above."));
        if (BatchSize < 1) throw new ArgumentException($"BatchSize is {BatchSize}; it must be at least 1.");
    }
}
