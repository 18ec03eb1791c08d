namespace Citrus.Research.Tokenization;

/// <summary>Which token plays which part; a part that a foreign tokenizer lacks is null.</summary>
public sealed record TokenRoles
{
    public string? Pad { get; init; } = SpecialTokens.Pad;
    public string? Unknown { get; init; } = SpecialTokens.Unknown;
    public string? User { get; init; } = SpecialTokens.User;
    public string? Assistant { get; init; } = SpecialTokens.Assistant;
    public string? End { get; init; } = SpecialTokens.End;
}
