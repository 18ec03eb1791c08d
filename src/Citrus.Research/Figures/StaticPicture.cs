namespace Citrus.Research.Figures;

/// <summary>A figure as pictures.</summary>
/// <param name="Svg">The vector picture, or null.</param>
/// <param name="Png">The pixel picture, or null.</param>
/// <param name="Note">Why there are none; null where there are.</param>
public sealed record StaticPicture(string? Svg, byte[]? Png, string? Note)
{
    /// <summary>The vector page, or null where it was not asked for or could not be made.</summary>
    public byte[]? Pdf { get; init; }

    /// <summary>Who drew it, such as <c>Chrome/140</c>; null where nobody did.</summary>
    public string? Browser { get; init; }
}
