using System.IO.Compression;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Citrus.Research.Notebooks.Tests;

/// <summary>Tiny packages in a folder that serves as a source. Beside a notebook, a NuGet.config keeps what is restored out of the user's own folder.</summary>
internal static class SomePackages
{
    /// <summary>Compiles a source, packs it and returns the assembly's path.</summary>
    public static string Pack(string feed, string id, string version, string source, params (string Id, string Version, string Assembly)[] needs)
    {
        var folder = Directory.CreateDirectory(Path.Combine(feed, "build", id + version)).FullName;
        var path = Compile(folder, id, source, [.. needs.Select(n => n.Assembly)]);
        var dependencies = string.Concat(needs.Select(n => $"<dependency id=\"{n.Id}\" version=\"{n.Version}\" />"));
        using var archive = ZipFile.Open(Path.Combine(feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var nuspec = new StreamWriter(archive.CreateEntry(id + ".nuspec").Open()))
            nuspec.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
                <id>{id}</id><version>{version}</version><authors>tests</authors><description>Made by a test.</description>
                <dependencies><group targetFramework="net8.0">{dependencies}</group></dependencies>
                </metadata></package>
                """);
        archive.CreateEntryFromFile(path, $"lib/net8.0/{id}.dll");
        return path;
    }

    /// <summary>Compiles a source to an assembly.</summary>
    public static string Compile(string folder, string name, string source, params string[] references)
    {
        var path = Path.Combine(folder, name + ".dll");
        var compilation = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(source)],
            [.. references.Append(typeof(object).Assembly.Location).Append(Assembly.Load("System.Runtime").Location).Select(r => MetadataReference.CreateFromFile(r))],
            new CSharpCompilationOptions(Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary));
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }

    /// <summary>A NuGet.config without any source, whose packages folder lies in the given folder.</summary>
    public static void Isolate(string folder, string sources = "") => File.WriteAllText(Path.Combine(folder, "NuGet.config"), $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="packages" /></config>
          <packageSources><clear />{sources}</packageSources>
        </configuration>
        """);
}
