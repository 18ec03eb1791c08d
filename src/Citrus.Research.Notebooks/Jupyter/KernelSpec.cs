namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>A kernelspec on this machine: the folder by which Jupyter knows how to start a kernel.</summary>
/// <param name="Name">The folder's name, by which notebooks ask for it.</param>
/// <param name="DisplayName">What people see.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Arguments">The command line it starts.</param>
/// <param name="IsOurs">Whether <c>citrus kernel install</c> wrote it.</param>
/// <param name="Problem">Why it cannot start; empty where nothing is seen to be wrong.</param>
public sealed record KernelSpec(string Name, string DisplayName, string Folder, IReadOnlyList<string> Arguments, bool IsOurs, string Problem);
