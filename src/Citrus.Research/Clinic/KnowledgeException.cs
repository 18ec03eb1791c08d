namespace Citrus.Research.Clinic;

/// <summary>Knowledge files that cannot be used: everything that is wrong with them, at once.</summary>
public sealed class KnowledgeException : Exception
{
    public KnowledgeException(string source, IReadOnlyList<string> errors)
        : base($"{source}: {errors.Count} error{(errors.Count == 1 ? "" : "s")} in the knowledge\n{string.Join('\n', errors)}") => Errors = errors;

    /// <summary>One line each, <c>file:line: what is wrong and what would be right</c>, in file order.</summary>
    public IReadOnlyList<string> Errors { get; }
}
