namespace Citrus.Research.Figures;

/// <summary>What runs are called: the folder's name, with as many folders above it as tell the runs apart.</summary>
internal static class ReportNames
{
    public static IReadOnlyList<string> Of(IReadOnlyList<string> folders)
    {
        var parts = folders.Select(f => Path.GetFullPath(f).Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)).ToList();
        for (var depth = 1; ; depth++)
        {
            var names = parts.ConvertAll(p => string.Join('/', p.TakeLast(depth)));
            if (names.Distinct(StringComparer.Ordinal).Count() == names.Count || depth > parts.Max(p => p.Length)) return names;
        }
    }
}
