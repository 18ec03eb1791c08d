namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>What can be typed, and what it replaces.</summary>
/// <param name="Start">UTF-16 index of the first replaced character.</param>
/// <param name="End">Where the replaced text ends.</param>
/// <param name="Items">Best first.</param>
internal sealed record CompletionList(int Start, int End, IReadOnlyList<CompletionItem> Items);
