namespace Citrus.Research.Evaluation;

/// <summary>How far a published number was checked.</summary>
public enum SourceCheck
{
    /// <summary><c>no</c>: neither its source nor a second one could be read.</summary>
    No,

    /// <summary><c>source-read</c>: the named source was read and has this number; no second one was found.</summary>
    SourceRead,

    /// <summary><c>second-source</c>: another source than the named one has the same number.</summary>
    SecondSource,

    /// <summary><c>disagrees</c>: another source has another number for what seems to be the same measurement.</summary>
    Disagrees,
}
