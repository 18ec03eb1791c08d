namespace Citrus.Research.Models;

/// <summary>How answers are generated.</summary>
/// <remarks>
/// Order of sampling, which is Transformers': temperature, then top-k, then top-p of what is left, then min-p. (vLLM applies min-p before the other two; because its
/// threshold is relative to the likeliest token the kept set differs only through the mass that top-p counts. llama.cpp applies the temperature last.)
/// </remarks>
public sealed record GenerationOptions
{
    /// <summary>Most new tokens of one answer, those of its thought included.</summary>
    public int MaxNewTokens { get; init; } = 160;

    /// <summary>0 takes the likeliest token each time (the smaller id where two are equal); above 0 samples from the softmax of logits divided by it.</summary>
    public double Temperature { get; init; }

    /// <summary>Only the so many likeliest tokens are drawn from (of equal ones the smaller ids); 0 is all.</summary>
    public int TopK { get; init; }

    /// <summary>Only the smallest set of likeliest tokens whose probabilities sum to at least this is drawn from (Holtzman et al. 2020); 1 is all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Only tokens at least this fraction as probable as the likeliest are drawn from (Nguyen et al. 2024); 0 is all.</summary>
    public double MinP { get; init; }

    /// <summary>Seed of sampling; each prompt has a stream of its own, known by its place in the list.</summary>
    public long Seed { get; init; }

    /// <summary>Token id that ends an answer; it is not part of the answer. Null generates to the limit.</summary>
    public int? StopId { get; init; }

    /// <summary>Further token ids that end an answer.</summary>
    public IReadOnlyList<int> StopIds { get; init; } = [];

    /// <summary>Texts that end an answer, wherever tokens end; neither they nor what follows is part of it. They need a tokenizer: <see cref="Student"/> knows them, <see cref="Generator"/> does not.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>Most tokens between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>; then the end of the thought is written for the model, and it goes on to answer. Null is no limit. For <see cref="Student"/> only.</summary>
    public int? MaxThinkingTokens { get; init; }

    /// <summary>Prompts in flight at once; when one is finished the next takes its place.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Most tokens whose keys and values are remembered at once, new ones to come included; a prompt waits until there is room. Null is as many as the batch needs.</summary>
    public long? CacheTokens { get; init; }

    /// <summary>Whether sampling is left out of account altogether.</summary>
    internal bool IsGreedy => Temperature == 0;

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        if (MaxNewTokens < 1) throw new ArgumentException($"MaxNewTokens is {MaxNewTokens}; it must be at least 1.");
        if (!(Temperature >= 0) || double.IsInfinity(Temperature)) throw new ArgumentException(FormattableString.Invariant($"Temperature is {Temperature}; it must be 0 (greedy) or above."));
        if (TopK < 0) throw new ArgumentException($"TopK is {TopK}; it must be 0 (all tokens) or above.");
        if (!(TopP is > 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"TopP is {TopP}; it must be above 0 and at most 1."));
        if (!(MinP is >= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"MinP is {MinP}; it must be from 0 to 1."));
        if (StopTexts.Any(s => s.Length == 0)) throw new ArgumentException("A stop text is empty; leave it out.");
        if (MaxThinkingTokens < 0) throw new ArgumentException($"MaxThinkingTokens is {MaxThinkingTokens}; it must be 0 or above.");
        if (BatchSize < 1) throw new ArgumentException($"BatchSize is {BatchSize}; it must be at least 1.");
        if (CacheTokens < 1) throw new ArgumentException($"CacheTokens is {CacheTokens}; it must be at least 1.");
    }
}
