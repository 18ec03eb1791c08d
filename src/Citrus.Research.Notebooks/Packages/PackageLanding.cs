using System.Collections.Concurrent;
using System.Reflection;

namespace Citrus.Research.Notebooks.Packages;

/// <summary>
/// Where a process keeps the packages that its cells asked for. An assembly that the process has loaded or ships with is used as it is; the others are loaded
/// when something needs them.
/// </summary>
internal static class PackageLanding
{
    private static readonly ConcurrentDictionary<string, Landed> Assemblies = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentDictionary<string, string> Satellites = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentDictionary<string, string> Native = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Lock Gate = new();

    private sealed record Landed(string Path, string Id, string Version);

    /// <summary>Makes packages findable.</summary>
    /// <param name="packages">All packages of a restore.</param>
    /// <param name="notes">Filled with what a person should know.</param>
    /// <returns>The files to compile against.</returns>
    /// <exception cref="PackageException">Another version of a package is loaded.</exception>
    public static IReadOnlyList<string> Land(IReadOnlyList<RestoredPackage> packages, List<string> notes)
    {
        lock (Gate)
        {
            foreach (var package in packages)
                foreach (var path in package.Assemblies)
                    if (Loaded(path) is { } loaded && IsOtherVersion(package, loaded, out var other))
                        throw new PackageException(
                            $"{package.Id} {package.Version} is wanted, but {other} of it is loaded already, and a process keeps what it has loaded. Start anew (restart the kernel) and ask for one version.");

            var references = new List<string>();
            foreach (var package in packages)
            {
                foreach (var path in package.Assemblies) references.Add(Place(package, path, notes));
                foreach (var path in package.Satellites) Satellites[Path.GetFileName(Path.GetDirectoryName(path)) + "/" + Path.GetFileNameWithoutExtension(path)] = path;
                foreach (var path in package.Native) Native[Path.GetFileName(path)] = path;
            }

            CellAssemblies.Hook();
            return references;
        }
    }

    /// <summary>The file of an assembly that some package has; null where none has it.</summary>
    public static string? Find(AssemblyName name) => string.IsNullOrEmpty(name.CultureName)
        ? Assemblies.GetValueOrDefault(name.Name!)?.Path
        : Satellites.GetValueOrDefault(name.CultureName + "/" + name.Name);

    /// <summary>The file of a native library by any of the names under which it may be asked for; null where no package has it.</summary>
    public static string? FindNative(string name)
    {
        if (Native.IsEmpty) return null;
        var file = Path.GetFileName(name);
        string[] names = OperatingSystem.IsWindows() ? [file, file + ".dll"]
            : OperatingSystem.IsMacOS() ? [file, file + ".dylib", "lib" + file + ".dylib", "lib" + file]
            : [file, file + ".so", "lib" + file + ".so", "lib" + file];
        return names.Select(n => Native.GetValueOrDefault(n)).FirstOrDefault(p => p is not null);
    }

    private static string Place(RestoredPackage package, string path, List<string> notes)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (CellAssemblies.HostFile(name) is { Length: > 0 } host)
        {
            if (Assemblies.TryGetValue(name, out var landed) && landed.Path == host) return host;
            var (own, theirs) = (VersionOf(host), VersionOf(path));
            // An older one may lack what the package was made for; a newer one is what NuGet would have chosen, too.
            if (own < theirs) notes.Add($"{package.Id} {package.Version}: the {name} {own?.ToString(3)} that this program brings is used instead of {theirs?.ToString(3)}.");
            return host;
        }

        Assemblies[name] = new Landed(path, package.Id, package.Version);
        return path;
    }

    private static Assembly? Loaded(string path) => CellAssemblies.Loaded(Path.GetFileNameWithoutExtension(path));

    private static bool IsOtherVersion(RestoredPackage package, Assembly loaded, out string version)
    {
        version = "";
        var name = loaded.GetName().Name!;
        if (!Assemblies.TryGetValue(name, out var landed) || landed.Path != loaded.Location || landed.Version == package.Version) return false;
        version = landed.Version;
        return true;
    }

    private static Version? VersionOf(string path)
    {
        try
        {
            return AssemblyName.GetAssemblyName(path).Version;
        }
        catch (Exception e) when (e is BadImageFormatException or IOException)
        {
            return null;
        }
    }
}
