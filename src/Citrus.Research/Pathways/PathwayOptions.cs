namespace Citrus.Research.Pathways;

/// <summary>Bounds of a pathway.</summary>
public sealed record PathwayOptions
{
    /// <summary>How often an unreadable reply is asked for again, 0 or more; after that the trace is unusable.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Most accepted steps before the trace is given up, 1 or more.</summary>
    public int MaxSteps { get; init; } = 12;

    /// <summary>Most rejections of one step (in a tree: of all candidates for one step) before it is given up, 1 or more.</summary>
    public int MaxRejections { get; init; } = 3;

    /// <summary>
    /// Asks the open-ended stem without its options, where the question has one (<see cref="Questions.Question.OpenStem"/>). The trace then ends in a text
    /// (<see cref="Trace.AnswerText"/>) and no label; someone has to say whether it means the truth.
    /// </summary>
    public bool Open { get; init; }

    /// <summary>Bounds of <c>TreeSearch</c>; the others have no use for them.</summary>
    public TreeOptions Tree { get; init; } = new();

    internal PathwayOptions Validated()
    {
        Tree.Validated();
        return Retries < 0 ? throw new ArgumentOutOfRangeException(nameof(Retries), Retries, "0 or more")
            : MaxSteps < 1 ? throw new ArgumentOutOfRangeException(nameof(MaxSteps), MaxSteps, "1 or more")
            : MaxRejections < 1 ? throw new ArgumentOutOfRangeException(nameof(MaxRejections), MaxRejections, "1 or more")
            : this;
    }
}
