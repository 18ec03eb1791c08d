namespace Citrus.Research.Models;

/// <summary>A low-rank adapter (Hu et al. 2021); names as in PEFT's <c>adapter_config.json</c>.</summary>
public sealed record LoraOptions
{
    /// <summary>Rank of each update, <c>r</c>.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>The update counts <c>lora_alpha / r</c> times (<c>lora_alpha / sqrt(r)</c> with <see cref="RankStabilised"/>).</summary>
    public double Alpha { get; init; } = 32;

    /// <summary><c>use_rslora</c>.</summary>
    public bool RankStabilised { get; init; }

    /// <summary>Linear layers that get one, by the last part of their name, e.g. <c>q_proj</c>.</summary>
    public IReadOnlyList<string> Targets { get; init; } = AllTargets;

    /// <summary>Every linear layer of a decoder's blocks.</summary>
    public static IReadOnlyList<string> AllTargets { get; } = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>Throws with the field and its mend where an adapter cannot be made of this.</summary>
    /// <exception cref="ArgumentException" />
    public void Validate()
    {
        if (Rank is < 1 or > 4096) throw new ArgumentException($"Adapter: r is {Rank}; it must be between 1 and 4096.");
        if (!(Alpha > 0) || double.IsInfinity(Alpha)) throw new ArgumentException(FormattableString.Invariant($"Adapter: lora_alpha is {Alpha}; it must be above 0."));
        if (Targets.Count == 0) throw new ArgumentException("Adapter: no target layers are named; q_proj and v_proj are a usual choice.");
    }
}
