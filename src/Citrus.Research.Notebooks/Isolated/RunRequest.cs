namespace Citrus.Research.Notebooks.Isolated;

/// <summary>What the process that runs a notebook is told; lies beside the notebook that it is to run.</summary>
/// <param name="Name">The notebook's file name, for messages.</param>
/// <param name="Folder">The notebook's own folder.</param>
/// <param name="WorkingDirectory">The process's folder while cells run.</param>
/// <param name="CellTimeoutSeconds">The longest a cell may take.</param>
/// <param name="AllowErrors">Whether to go on after a failing cell.</param>
/// <param name="MaxStreamCharacters">Console text kept per cell.</param>
/// <param name="MaxDisplayCharacters">Displays kept per cell.</param>
internal sealed record RunRequest(
    string Name, string Folder, string WorkingDirectory, double CellTimeoutSeconds, bool AllowErrors, int MaxStreamCharacters, int MaxDisplayCharacters)
{
    public const string NotebookFile = "notebook.ipynb";
    public const string RequestFile = "request.json";
    public const string JournalFile = "journal.jsonl";
}
