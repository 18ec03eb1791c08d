namespace Citrus.Research.Notebooks.Packages;

/// <summary>A package as it lies on disk.</summary>
/// <param name="Id">The package's name.</param>
/// <param name="Version">The version that was chosen.</param>
/// <param name="Assemblies">Managed assemblies for this platform, full paths.</param>
/// <param name="Native">Native libraries for this platform, full paths.</param>
/// <param name="Satellites">Resource assemblies, full paths; the folder's name is the culture.</param>
internal sealed record RestoredPackage(string Id, string Version, IReadOnlyList<string> Assemblies, IReadOnlyList<string> Native, IReadOnlyList<string> Satellites)
{
    /// <summary>All files.</summary>
    public IEnumerable<string> Files => Assemblies.Concat(Native).Concat(Satellites);
}
