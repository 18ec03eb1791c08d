using System.Text.Json;

namespace Citrus.Research.Notebooks.Packages;

/// <summary>Reads <c>project.assets.json</c>, in which NuGet says what it chose and which files of it belong to this platform.</summary>
internal static class AssetsFile
{
    /// <summary>All packages of the target for one platform, those asked for and those they need.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rid">The platform, such as <c>linux-x64</c>.</param>
    /// <exception cref="PackageException">A file that NuGet names is not there.</exception>
    public static IReadOnlyList<RestoredPackage> Read(string path, string rid)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        var folders = root.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToList();
        var libraries = root.GetProperty("libraries");
        var target = root.GetProperty("targets").EnumerateObject().First(t => t.Name.EndsWith("/" + rid, StringComparison.Ordinal)).Value;
        var packages = new List<RestoredPackage>();
        foreach (var library in target.EnumerateObject().Where(l => l.Value.GetProperty("type").GetString() == "package"))
        {
            var folder = libraries.GetProperty(library.Name).GetProperty("path").GetString()!;
            var slash = library.Name.IndexOf('/', StringComparison.Ordinal);
            packages.Add(new RestoredPackage(library.Name[..slash], library.Name[(slash + 1)..], Files("runtime"), Files("native"), Files("resource")));

            List<string> Files(string group) => !library.Value.TryGetProperty(group, out var files) ? []
                : [.. files.EnumerateObject().Select(f => f.Name).Where(f => !f.EndsWith("/_._", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(f => Find(folders, folder, f))];
        }

        return packages;
    }

    private static string Find(List<string> folders, string package, string file) =>
        folders.Select(f => Path.GetFullPath(Path.Combine(f, package, file))).FirstOrDefault(File.Exists)
        ?? throw new PackageException($"{package}: {file} is missing in {string.Join(", ", folders)}; delete the package's folder there, so that it is fetched again.");
}
