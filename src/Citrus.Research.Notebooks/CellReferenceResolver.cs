using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Citrus.Research.Notebooks;

/// <summary>Tells the compiler where assemblies are: always the file of the one that will run, so that no second copy is ever loaded.</summary>
internal sealed class CellReferenceResolver(string folder, InteractiveAssemblyLoader loader) : MetadataReferenceResolver
{
    public override bool ResolveMissingAssemblies => true;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        var assembly = CellAssemblies.Find(new AssemblyName(referenceIdentity.Name));
        return assembly is null ? null : Reference(assembly);
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
        return MetadataReference.CreateFromFile(assembly.Location);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
