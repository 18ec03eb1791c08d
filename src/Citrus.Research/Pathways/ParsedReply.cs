namespace Citrus.Research.Pathways;

/// <summary>A reply, read.</summary>
/// <param name="Quality">How well it could be read.</param>
/// <param name="Value">What it says; null where it is unusable.</param>
/// <param name="Problem">What was wrong with it; null where nothing was.</param>
public sealed record ParsedReply<T>(ReplyQuality Quality, T? Value, string? Problem)
    where T : class;
