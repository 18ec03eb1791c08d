using System.Text;
using System.Xml.Linq;

namespace Citrus.Research.Notebooks.Packages;

/// <summary>The project whose packages the SDK restores.</summary>
internal static class PackageProject
{
    /// <summary>The project file's text.</summary>
    /// <param name="framework">The target framework, such as <c>net10.0</c>.</param>
    /// <param name="rid">The platform, such as <c>linux-x64</c>.</param>
    /// <param name="folder">The folder from which NuGet.config files are looked for, upwards.</param>
    /// <param name="requests">The packages.</param>
    /// <param name="sources">Sources besides the configured ones.</param>
    public static string Text(string framework, string rid, string folder, IEnumerable<PackageRequest> requests, IReadOnlyCollection<string> sources) => new XElement("Project",
        // What lies above in the file system must not take part.
        new XElement("PropertyGroup",
            new XElement("ImportDirectoryBuildProps", "false"),
            new XElement("ImportDirectoryBuildTargets", "false"),
            new XElement("ImportDirectoryPackagesProps", "false")),
        new XElement("Import", new XAttribute("Project", "Sdk.props"), new XAttribute("Sdk", "Microsoft.NET.Sdk")),
        new XElement("PropertyGroup",
            new XElement("TargetFramework", framework),
            new XElement("RuntimeIdentifier", rid),
            new XElement("SelfContained", "false"),
            new XElement("UseAppHost", "false"),
            new XElement("ManagePackageVersionsCentrally", "false"),
            new XElement("NuGetAudit", "false"),
            new XElement("RestoreRootConfigDirectory", Escaped(folder)),
            new XElement("RestoreAdditionalProjectSources", string.Join(';', sources.Select(Escaped)))),
        new XElement("ItemGroup", requests.Select(r =>
            new XElement("PackageReference", new XAttribute("Include", r.Id), new XAttribute("Version", r.Version ?? "*")))),
        new XElement("Import", new XAttribute("Project", "Sdk.targets"), new XAttribute("Sdk", "Microsoft.NET.Sdk"))).ToString();

    /// <summary>A text in which MSBuild sees no list, wildcard or property.</summary>
    private static string Escaped(string text)
    {
        var result = new StringBuilder();
        foreach (var c in text) result.Append("%*?@$();'".Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : c);
        return result.ToString();
    }
}
