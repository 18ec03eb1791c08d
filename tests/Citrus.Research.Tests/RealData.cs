namespace Citrus.Research.Tests;

/// <summary>Real data beside the repository, for tests that skip where it is absent.</summary>
internal static class RealData
{
    /// <summary>The full path of a file in <c>shared/data</c>; skips the test where it is not there.</summary>
    public static string File(params string[] parts)
    {
        var relative = Path.Combine(["shared", "data", .. parts]);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, relative))) return Path.Combine(folder.FullName, relative);
        Assert.Skip($"{relative} is not beside this repository.");
        return "";
    }
}
