namespace Citrus.Research.Training;

/// <summary>What is done with a record that has more tokens than the model is to read.</summary>
public enum Overlong
{
    /// <summary>An error that names the record.</summary>
    Refuse,

    /// <summary>The record is left out, and counted.</summary>
    Drop,

    /// <summary>The middle of its longest prompt turn is cut out (what is asked stands at the end, who is asked about at the beginning), at most three quarters of it; the answer stays whole. What then still does not fit is dropped.</summary>
    CutPrompt,

    /// <summary>The end of the last answer is cut off, and with it the end token, so that nothing learns to stop there; the prompt stays whole. Dropped where less than half of the answer would be left.</summary>
    CutAnswer,
}
