namespace Citrus.Research.Examples;

/// <summary>What counts as an overlap of training text with a test question.</summary>
public sealed record ContaminationOptions
{
    /// <summary>Length in words of a run that must not be shared; 13, as GPT-3's report (appendix C) and many after it use.</summary>
    public int Words { get; init; } = 13;

    /// <summary>The same for questions in Chinese, in characters: about as much text as 13 English words.</summary>
    public int Characters { get; init; } = 20;

    /// <summary>Shorter questions are looked for as a whole, down to this many words (or characters).</summary>
    public int Shortest { get; init; } = 8;

    /// <summary>A run that stands in more test questions than this (with different texts) is a stock phrase of the exam ("which of the following is the most appropriate next step in ...") and no overlap.</summary>
    public int StockInTests { get; init; } = 2;

    /// <summary>A run that stands in more different prompts than this is a stock phrase of the training data and no overlap; GPT-3's report draws the line at 10 too.</summary>
    public int StockInExamples { get; init; } = 10;
}
