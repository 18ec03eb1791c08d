namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Something that can be typed at the cursor.</summary>
/// <param name="Text">What to type.</param>
/// <param name="Kind">What it is, in the words that JupyterLab has symbols for.</param>
/// <param name="Detail">Its declaration in short.</param>
/// <param name="Rank">Smaller is nearer: variables of the cell first, keywords last.</param>
internal sealed record CompletionItem(string Text, string Kind, string Detail, int Rank);
