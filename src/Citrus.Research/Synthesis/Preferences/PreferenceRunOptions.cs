using Citrus.Research.Pathways;

namespace Citrus.Research.Synthesis;

/// <summary>How preference pairs are sampled, scored and chosen.</summary>
public sealed record PreferenceRunOptions
{
    /// <summary>Answers sampled per question.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>The sampler's temperature; null leaves it to the sampler's spec.</summary>
    public float? Temperature { get; init; } = 1;

    /// <summary>A sample may be chosen from this score on, 0-100; below it may be rejected.</summary>
    public double MinimumScore { get; init; } = 60;

    /// <summary>Most of the worst samples that the best one of a question is set against.</summary>
    public int Worst { get; init; } = 5;

    /// <summary>Fewest characters of a thought in prose; charts are terse and have no bound.</summary>
    public int MinimumThought { get; init; } = 200;

    /// <summary>Further attempts at a reply that cannot be used.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Calls in flight at once.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Asks the sampler the question alone, without a prompt around it: what a student was trained on.</summary>
    public bool BareQuestion { get; init; }

    /// <summary>Spec of the sampler; written into the card, and part of what a resume compares.</summary>
    public string SamplerSpec { get; init; } = "";

    /// <summary>Spec of both judges.</summary>
    public string JudgeSpec { get; init; } = "";

    /// <summary>Spec of the option matcher.</summary>
    public string MatcherSpec { get; init; } = "";

    /// <summary>Folder of the journals samples.jsonl and verdicts.jsonl that a later run goes on from; null keeps them in memory only.</summary>
    public string? Folder { get; init; }

    /// <summary>Told after every finished call, from whichever thread finished it.</summary>
    public IProgress<PreferenceProgress>? Progress { get; init; }

    /// <summary>The prompts; the shipped ones where null.</summary>
    public PromptCatalog? Prompts { get; init; }

    internal PreferenceRunOptions Validated()
    {
        foreach (var (name, value, least) in (ReadOnlySpan<(string, int, int)>)
            [(nameof(Samples), Samples, 2), (nameof(Worst), Worst, 1), (nameof(MinimumThought), MinimumThought, 0), (nameof(Retries), Retries, 0), (nameof(Concurrency), Concurrency, 1)])
            if (value < least) throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"It must be {least} or more."));
        if (MinimumScore is not (> 0 and <= 100)) throw new ArgumentOutOfRangeException(nameof(MinimumScore), MinimumScore, "A score above 0 and up to 100 is needed, or no sample could be rejected.");
        return this;
    }
}
