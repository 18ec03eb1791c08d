namespace Citrus.Research.Models;

/// <summary>Why an answer ended.</summary>
public enum GenerationEnd
{
    /// <summary>The model wrote a stop token.</summary>
    StopToken,

    /// <summary>It wrote a stop text.</summary>
    StopText,

    /// <summary>The limit on new tokens was reached.</summary>
    Length,

    /// <summary>The model reads no further position.</summary>
    Positions,
}
