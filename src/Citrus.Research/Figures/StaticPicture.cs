namespace Citrus.Research.Figures;

/// <summary>A figure as pictures.</summary>
/// <param name="Svg">The vector picture, or null.</param>
/// <param name="Png">The pixel picture, or null.</param>
/// <param name="Note">Why there are none; null where there are.</param>
public sealed record StaticPicture(string? Svg, byte[]? Png, string? Note);
