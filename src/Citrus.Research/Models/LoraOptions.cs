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
}
