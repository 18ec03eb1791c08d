namespace Citrus.Research.Synthesis;

/// <summary>How far a stage is.</summary>
/// <param name="Done">Questions that are through, those from an earlier run included.</param>
/// <param name="Resumed">Of them, from an earlier run.</param>
/// <param name="Problems">Questions that an expert's fault cost, in this run so far.</param>
public sealed record SynthesisProgress(SynthesisStage Stage, int Done, int Total, int Resumed, int Problems);
