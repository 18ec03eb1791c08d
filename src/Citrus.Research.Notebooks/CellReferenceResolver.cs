using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Citrus.Research.Notebooks.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Citrus.Research.Notebooks;

/// <summary>Tells the compiler where assemblies are: always the file of the one that will run, so that no second copy is ever loaded.</summary>
/// <param name="folder">The notebook's folder.</param>
/// <param name="loader">What runs the submissions.</param>
/// <param name="packages">The session's packages, for files that ask for some.</param>
internal sealed class CellReferenceResolver(string folder, InteractiveAssemblyLoader loader, CellPackages packages) : MetadataReferenceResolver
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

    /// <summary>Why a reference of a loaded file could not be had, since the last look; the compiler only says that it is missing.</summary>
    public string? Problem { get; set; }

    // Called for the #r lines of files that #load names; those of cells are read before.
    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var from = Path.IsPathFullyQualified(baseFilePath ?? "") ? Path.GetDirectoryName(baseFilePath)! : folder;
        var directive = new ReferenceDirective(false, reference, 0);
        try
        {
            if (directive.IsPackage(out var request)) return [.. packages.Add([PackageRequest.Parse(request)], CancellationToken.None).Select(Mention)];
            return Resolve(reference, from) is { } assembly ? [Reference(assembly)] : [];
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException or ArgumentException or FormatException or PackageException)
        {
            Problem ??= $"{Path.GetFileName(baseFilePath)}: {directive}: {e.Message}";
            return [];
        }
    }

    /// <summary>The assembly that a <c>#r</c> names: a path, relative to a folder, or an assembly's name.</summary>
    public static Assembly? Resolve(string reference, string from)
    {
        var isPath = reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || reference.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)
            || reference.Contains('/') || reference.Contains('\\');
        return isPath ? CellAssemblies.Load(Path.GetFullPath(reference.Replace('\\', '/'), from)) : CellAssemblies.Find(new AssemblyName(reference));
    }

    /// <summary>A reference to an assembly that is loaded once a cell uses it.</summary>
    public PortableExecutableReference Mention(string path)
    {
        mentioned[path] = Path.GetFileNameWithoutExtension(path);
        return Metadata(path);
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
