namespace Citrus.Research.Questions.Benchmarks;

/// <summary>Where downloaded benchmarks are kept.</summary>
public static class BenchmarkFolder
{
    /// <summary>Environment variable that names the folder.</summary>
    public const string Variable = "CITRUS_DATA";

    /// <summary>The folder: <see cref="Variable"/> where it is set, else <c>citrus</c> in the user's cache (<c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>; on Windows the local application data).</summary>
    public static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set) return Path.GetFullPath(set);
            var cache = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home && Path.IsPathRooted(home) ? home
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "citrus");
        }
    }

    /// <summary>The place of a benchmark's file, whether it is there or not.</summary>
    /// <param name="root">Another folder than <see cref="Root"/>.</param>
    public static string PathOf(BenchmarkEntry entry, string? root = null) => Path.Combine([root ?? Root, .. entry.File.Split('/')]);
}
