namespace Citrus.Research.Figures;

/// <summary>Words that a figure cannot know by itself.</summary>
/// <param name="Id">The stem of its files, in small letters and hyphens; null takes the chart's own, such as <c>pathways</c>.</param>
/// <param name="Note">A sentence added to the caption, such as "One seed."</param>
/// <param name="Interval">What the whiskers are.</param>
public sealed record FigureText(string? Id = null, string? Note = null, string Interval = "95 % intervals");
