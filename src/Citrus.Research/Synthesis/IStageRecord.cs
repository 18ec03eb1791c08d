namespace Citrus.Research.Synthesis;

/// <summary>A line of a stage's journal.</summary>
public interface IStageRecord
{
    /// <summary>Id of the question.</summary>
    string Question { get; }

    /// <summary>SHA-256 (hex) of all that went in: a resume skips what agrees.</summary>
    string Inputs { get; }
}
