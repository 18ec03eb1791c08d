using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Citrus.Research.Notebooks;

/// <summary>
/// The assemblies that cells use. What the process has already, or ships with, is used as it is, so that static state and native libraries are shared with the
/// host; the rest is loaded into the default context, and what it needs in turn, managed or native, is found through its <c>deps.json</c> or beside it.
/// </summary>
internal static class CellAssemblies
{
    private static readonly ConcurrentDictionary<string, AssemblyDependencyResolver> Resolvers = new(StringComparer.Ordinal);
    private static int hooked;

    /// <summary>Loads the assembly in a file, unless the process has one of that name.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="BadImageFormatException">The file is no .NET assembly.</exception>
    public static Assembly Load(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path} does not exist; is the library built?", path);
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
        foreach (var loaded in AssemblyLoadContext.Default.Assemblies)
            if (!loaded.IsDynamic && string.Equals(loaded.GetName().Name, name.Name, StringComparison.OrdinalIgnoreCase))
                return loaded;
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name.Name!));
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    private static void Hook()
    {
        if (Interlocked.Exchange(ref hooked, 1) == 1) return;
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
        {
            foreach (var resolver in Resolvers.OrderBy(r => r.Key, StringComparer.Ordinal))
                if (resolver.Value.ResolveAssemblyToPath(name) is { } path && File.Exists(path))
                    return context.LoadFromAssemblyPath(path);
            foreach (var (library, _) in Resolvers.OrderBy(r => r.Key, StringComparer.Ordinal))
                if (Path.Combine(Path.GetDirectoryName(library)!, name.Name + ".dll") is var beside && File.Exists(beside))
                    return context.LoadFromAssemblyPath(beside);
            return null;
        };
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (_, name) =>
        {
            foreach (var resolver in Resolvers.OrderBy(r => r.Key, StringComparer.Ordinal))
                if (resolver.Value.ResolveUnmanagedDllToPath(name) is { } path && NativeLibrary.TryLoad(path, out var handle))
                    return handle;
            return 0;
        };
    }
}
