using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Citrus.Research.Notebooks.Packages;

namespace Citrus.Research.Notebooks;

/// <summary>
/// The assemblies that cells use. What the process has already, or ships with, is used as it is, so that static state and native libraries are shared with the
/// host; the rest is loaded into the default context, and what it needs in turn, managed or native, is found through its <c>deps.json</c> or beside it.
/// </summary>
internal static class CellAssemblies
{
    private static readonly ConcurrentDictionary<string, AssemblyDependencyResolver> Resolvers = new(StringComparer.Ordinal);
    private static readonly Lazy<Dictionary<string, string>> Trusted = new(static () => ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .GroupBy(p => Path.GetFileNameWithoutExtension(p), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase));

    private static int hooked;

    /// <summary>Loads the assembly in a file, unless the process has one of that name.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="BadImageFormatException">The file is no .NET assembly.</exception>
    public static Assembly Load(string path)
    {
        // Built elsewhere or in another configuration: what the host itself ships with is just as good.
        if (!File.Exists(path))
            return Find(new AssemblyName(Path.GetFileNameWithoutExtension(path))) ?? throw new FileNotFoundException($"{path} does not exist; is the library built?", path);
        AssemblyName name;
        try
        {
            name = AssemblyName.GetAssemblyName(path);
        }
        catch (BadImageFormatException)
        {
            throw new BadImageFormatException($"{path} is no .NET assembly.");
        }

        if (Find(name) is { } known) return known;
        Resolvers.TryAdd(path, new AssemblyDependencyResolver(path));
        Hook();
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    /// <summary>The assembly of that name that the process has loaded or would load by itself; null where there is none.</summary>
    public static Assembly? Find(AssemblyName name)
    {
        if (Loaded(name.Name!) is { } loaded) return loaded;
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name.Name!));
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>The file that <see cref="Find"/> would load from, without loading anything; null where there is none.</summary>
    public static string? Locate(AssemblyName name) => HostFile(name.Name!) ?? Beside(name).FirstOrDefault();

    /// <summary>The assembly of that name that is loaded where cells find it; null where there is none.</summary>
    public static Assembly? Loaded(string name) => AssemblyLoadContext.Default.Assemblies
        .FirstOrDefault(a => !a.IsDynamic && string.Equals(a.GetName().Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file of an assembly that the process has loaded, or ships with; null where it has none of that name.</summary>
    public static string? HostFile(string name) => Loaded(name)?.Location ?? Trusted.Value.GetValueOrDefault(name);

    /// <summary>The files of .NET itself.</summary>
    public static IEnumerable<string> Framework
    {
        get
        {
            var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            return Trusted.Value.Values.Where(p => Path.GetDirectoryName(p) == folder).Order(StringComparer.Ordinal);
        }
    }

    private static IEnumerable<string> Beside(AssemblyName name)
    {
        var libraries = Resolvers.OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        return libraries.Select(l => l.Value.ResolveAssemblyToPath(name)).Append(PackageLanding.Find(name))
            .Concat(libraries.Select(l => Path.Combine(Path.GetDirectoryName(l.Key)!, name.Name + ".dll")))
            .OfType<string>().Where(File.Exists);
    }

    /// <summary>Has the runtime ask here for what it does not find itself.</summary>
    public static void Hook()
    {
        if (Interlocked.Exchange(ref hooked, 1) == 1) return;
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            Beside(name).FirstOrDefault() is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (_, name) =>
        {
            foreach (var resolver in Resolvers.OrderBy(r => r.Key, StringComparer.Ordinal))
                if (resolver.Value.ResolveUnmanagedDllToPath(name) is { } path && NativeLibrary.TryLoad(path, out var handle))
                    return handle;
            return PackageLanding.FindNative(name) is { } packaged && NativeLibrary.TryLoad(packaged, out var library) ? library : 0;
        };
    }
}
