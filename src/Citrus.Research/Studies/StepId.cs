namespace Citrus.Research.Studies;

/// <summary>The identity of a step: its kind and the hash of all that went in.</summary>
/// <param name="Kind">What the step makes, e.g. <c>base</c>, <c>student</c>, <c>score</c>.</param>
/// <param name="Hash">First 16 hex digits of SHA-256 over kind, version, options and the ids of the steps it builds on.</param>
public sealed record StepId(string Kind, string Hash)
{
    public override string ToString() => $"{Kind}-{Hash}";
}
