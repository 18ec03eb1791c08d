namespace Citrus.Research.Figures;

/// <summary>What a sample is worth; the page's script knows the numbers.</summary>
internal enum ReportState
{
    /// <summary>Another option was chosen.</summary>
    Wrong = 0,

    /// <summary>Right.</summary>
    Right = 1,

    /// <summary>No option could be read from it; counts as wrong.</summary>
    NoAnswer = 2,

    /// <summary>A free answer that nobody has held against the truth; counts as not right.</summary>
    Unchecked = 3,
}
