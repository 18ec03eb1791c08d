using System.Text.RegularExpressions;

namespace Citrus.Research.Models.Native;

/// <summary>The libraries of a PyTorch installation, as <see cref="NativeTorch.FolderVariable"/> names them.</summary>
/// <param name="Path">Folder with libtorch's libraries.</param>
/// <param name="Version">PyTorch's version, e.g. <c>2.10.0+cu128</c>; empty where the installation does not say.</param>
internal sealed partial record TorchFolder(string Path, string Version)
{
    /// <summary>The version that TorchSharp's own library was built for.</summary>
    public const string Wanted = "2.10";

    private static readonly string[] Needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>Whether the version is the wanted one, as far as is known.</summary>
    public bool Fits => Version.Length == 0 || Version.StartsWith(Wanted + ".", StringComparison.Ordinal);

    /// <param name="named">What the user named: <c>torch/lib</c>, or the <c>torch</c> or <c>site-packages</c> folder above it.</param>
    /// <exception cref="DllNotFoundException">Something is missing; the message says what, and how to find the folder.</exception>
    public static TorchFolder Find(string named)
    {
        const string mend = "Point it to the torch/lib folder of a PyTorch installation (python -c \"import torch; print(torch.__path__[0] + '/lib')\"), or unset it.";
        if (!Directory.Exists(named)) throw new DllNotFoundException($"{NativeTorch.FolderVariable} is {named}, but there is no such folder. {mend}");
        var folder = new[] { named, System.IO.Path.Combine(named, "lib"), System.IO.Path.Combine(named, "torch", "lib") }
            .FirstOrDefault(f => File.Exists(System.IO.Path.Combine(f, "libtorch_cpu.so"))) ?? named;
        if (Needed.Where(n => !File.Exists(System.IO.Path.Combine(folder, n))).ToArray() is { Length: > 0 } missing)
            throw new DllNotFoundException($"{NativeTorch.FolderVariable} is {named}, but there is no {string.Join(" and no ", missing)} in {(folder == named ? "it" : folder)}. {mend}");
        return new TorchFolder(folder, VersionBeside(folder));
    }

    /// <summary>From <c>torch/version.py</c> (pip, conda) or <c>build-version</c> (libtorch archives) above the folder.</summary>
    private static string VersionBeside(string folder)
    {
        var above = System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder))) ?? folder;
        if (Read("build-version") is { } archive) return archive.Trim();
        return Read("version.py") is { } python && VersionLine().Match(python) is { Success: true } match ? match.Groups[1].Value : "";

        string? Read(string name)
        {
            var path = System.IO.Path.Combine(above, name);
            return File.Exists(path) && new FileInfo(path).Length < 1 << 16 ? File.ReadAllText(path) : null;
        }
    }

    [GeneratedRegex(@"^__version__\s*(?::[^=]*)?=\s*['""]([^'""]+)['""]", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
