using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Citrus.Research.Notebooks;

/// <summary>Tells the compiler where assemblies are: always the file of the one that will run, so that no second copy is ever loaded.</summary>
internal sealed class CellReferenceResolver(string folder, InteractiveAssemblyLoader loader) : MetadataReferenceResolver
{
    private static readonly ConcurrentDictionary<string, PortableExecutableReference> Files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> mentioned = new(StringComparer.Ordinal);

    public override bool ResolveMissingAssemblies => true;

    // Called for every assembly that a referenced one mentions, most of which no cell will ever touch: nothing is loaded here.
    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        if (CellAssemblies.Locate(new AssemblyName(referenceIdentity.Name)) is not { Length: > 0 } path) return null;
        mentioned[path] = referenceIdentity.Name;
        return Metadata(path);
    }

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var assembly = Resolve(reference);
        return assembly is null ? [] : [Reference(assembly)];
    }

    /// <summary>The assembly that a <c>#r</c> names: a path, relative to the notebook, or an assembly's name.</summary>
    public Assembly? Resolve(string reference)
    {
        var isPath = reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || reference.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)
            || reference.Contains('/') || reference.Contains('\\');
        return isPath ? CellAssemblies.Load(Path.GetFullPath(reference.Replace('\\', '/'), folder)) : CellAssemblies.Find(new AssemblyName(reference));
    }

    /// <summary>A reference to a loaded assembly, pinned to that very assembly at run time.</summary>
    public PortableExecutableReference Reference(Assembly assembly)
    {
        loader.RegisterDependency(assembly);
        return Metadata(assembly.Location);
    }

    /// <summary>Loads the merely mentioned assemblies that a compilation does use, into the context where everybody finds them.</summary>
    public void LoadUsed(Compilation compilation)
    {
        if (mentioned.Count == 0) return;
        foreach (var path in compilation.GetUsedAssemblyReferences().OfType<PortableExecutableReference>().Select(r => r.FilePath).OfType<string>())
            if (mentioned.Remove(path, out var name) && CellAssemblies.Find(new AssemblyName(name)) is { } assembly)
                loader.RegisterDependency(assembly);
    }

    /// <summary>The compiler's view of a file, read once per process.</summary>
    public static PortableExecutableReference Metadata(string path) => Files.GetOrAdd(path, static p => MetadataReference.CreateFromFile(p));

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
