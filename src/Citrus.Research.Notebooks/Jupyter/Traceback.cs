namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>An error as a page shows it: coloured by ANSI sequences, with the line of the cell that it is about.</summary>
internal static class Traceback
{
    private const string Red = "\u001b[31m";
    private const string Bold = "\u001b[1m";
    private const string Plain = "\u001b[0m";

    /// <summary>The lines to show.</summary>
    /// <param name="failure">The error.</param>
    /// <param name="code">The cell.</param>
    /// <param name="name">The cell's name in stack traces.</param>
    /// <param name="leftBehind">Whether its thread could not be stopped.</param>
    public static IReadOnlyList<string> Of(CellFailure failure, string code, string name, bool leftBehind)
    {
        var lines = code.Split('\n');
        var result = new List<string> { $"{Red}{Bold}{failure.Name}{Plain}{Red}: {failure.Message}{Plain}" };
        if (failure.Line is > 0 && failure.Line <= lines.Length) result.Add($"{name}, line {failure.Line}:{Environment.NewLine}    {Bold}{lines[failure.Line.Value - 1].Trim()}{Plain}");
        // The first line of an exception's text is what stands above already.
        result.AddRange(failure.Exception is CompilationFailedException ? failure.Trace : failure.Trace.SkipWhile(l => !l.TrimStart().StartsWith("at ", StringComparison.Ordinal) && !l.TrimStart().StartsWith("--->", StringComparison.Ordinal)));
        while (result[^1].Trim().Length == 0) result.RemoveAt(result.Count - 1);
        if (leftBehind) result.Add("A part of the cell is inside of a library or of native code that cannot be interrupted; it goes on in the background until that returns. Restart the kernel if it must end now.");
        return result;
    }
}
