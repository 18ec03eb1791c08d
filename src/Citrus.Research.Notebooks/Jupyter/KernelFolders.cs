namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Where Jupyter looks for kernelspecs (Jupyter's documentation, "Common directories and file locations").</summary>
internal static class KernelFolders
{
    /// <summary>The user's own folder.</summary>
    public static string User => Path.Combine(UserData(Environment.GetEnvironmentVariable, Home), "kernels");

    /// <summary>The folder below an installation prefix, such as a virtual environment.</summary>
    public static string Below(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter", "kernels");

    /// <summary>All folders that Jupyter searches, in its order, except that of the Python it runs in.</summary>
    public static IReadOnlyList<string> All
    {
        get
        {
            var folders = new List<string>();
            foreach (var path in (Environment.GetEnvironmentVariable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)) folders.Add(Path.Combine(path, "kernels"));
            folders.Add(User);
            foreach (var variable in new[] { "VIRTUAL_ENV", "CONDA_PREFIX" })
                if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } prefix)
                    folders.Add(Below(prefix));
            if (OperatingSystem.IsWindows()) folders.Add(Path.Combine(Environment.GetEnvironmentVariable("PROGRAMDATA") ?? @"C:\ProgramData", "jupyter", "kernels"));
            else folders.AddRange(["/usr/local/share/jupyter/kernels", "/usr/share/jupyter/kernels"]);
            return [.. folders.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>The user's data folder of Jupyter.</summary>
    /// <param name="variable">Reads the environment.</param>
    /// <param name="home">The home folder.</param>
    internal static string UserData(Func<string, string?> variable, string home)
    {
        if (variable("JUPYTER_DATA_DIR") is { Length: > 0 } chosen) return chosen;
        if (OperatingSystem.IsWindows()) return Path.Combine(variable("APPDATA") ?? Path.Combine(home, "AppData", "Roaming"), "jupyter");
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        return Path.Combine(variable("XDG_DATA_HOME") is { Length: > 0 } data ? data : Path.Combine(home, ".local", "share"), "jupyter");
    }

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
