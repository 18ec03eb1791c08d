using Citrus.Research.Clinic;

namespace Citrus.Research.Synthesis;

/// <summary>What a synthesis kept, what it left out and why.</summary>
public sealed record SynthesisReport
{
    public required string Pathway { get; init; }

    /// <summary>Questions that were asked.</summary>
    public required int Questions { get; init; }

    public required int Kept { get; init; }

    /// <summary>Rejected traces by reason (see <see cref="Verification"/>; <c>duplicate</c>), further attempts at a question included.</summary>
    public required IReadOnlyDictionary<string, int> Rejected { get; init; }

    /// <summary>Questions answered right at the first attempt.</summary>
    public required int RightAtOnce { get; init; }

    /// <summary>Kept traces in which a step was rejected and mended.</summary>
    public required int WithCaughtError { get; init; }

    /// <summary>Words of all kept assistant turns, tags included.</summary>
    public required long Words { get; init; }

    /// <summary>Of those, words with a loss weight above 0.</summary>
    public required long LearnedWords { get; init; }

    /// <summary>Expert calls, those of rejected traces included.</summary>
    public required long Calls { get; init; }

    /// <summary>Of the kept narratives.</summary>
    public required Faithfulness Faithfulness { get; init; }

    /// <summary>Of the kept narratives.</summary>
    public required Corrections Corrections { get; init; }
}
