using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks.Packages;

/// <summary>
/// Has the .NET SDK restore packages, with the NuGet.config files that hold for a folder, and remembers the answer by what was asked: the second time no SDK is
/// called. An answer to a floating version is good for a day.
/// </summary>
/// <param name="folder">The notebook's folder.</param>
/// <param name="cache">Where answers are remembered; null is the user's own folder, or <see cref="CacheVariable"/>.</param>
/// <param name="dotnet">The <c>dotnet</c> to call; null looks for it when it is needed.</param>
/// <param name="limit">The longest that a restore may take; null is 5 minutes.</param>
internal sealed partial class PackageRestore(string folder, string? cache = null, string? dotnet = null, TimeSpan? limit = null)
{
    /// <summary>The environment variable that names another cache folder.</summary>
    public const string CacheVariable = "CITRUS_NOTEBOOK_CACHE";

    private static readonly TimeSpan FloatingAnswersHold = TimeSpan.FromDays(1);
    private readonly string cache = cache ?? (Environment.GetEnvironmentVariable(CacheVariable) is { Length: > 0 } named ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "citrus", "notebook-packages"));

    /// <summary>All packages that the requests come to, with what they need.</summary>
    /// <param name="requests">The packages; the newest request last.</param>
    /// <param name="sources">Sources besides the configured ones: addresses or full paths of folders.</param>
    /// <param name="cancellationToken">Ends the SDK.</param>
    /// <exception cref="PackageException">They cannot be had; the message holds what NuGet said.</exception>
    public IReadOnlyList<RestoredPackage> Restore(IReadOnlyCollection<PackageRequest> requests, IReadOnlyCollection<string> sources, CancellationToken cancellationToken)
    {
        var framework = $"net{Environment.Version.Major}.0";
        var project = PackageProject.Text(framework, DotnetSdk.Rid, folder, requests.OrderBy(r => r.Id, StringComparer.OrdinalIgnoreCase), sources);
        var answer = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..32] + ".json");
        if (Remembered(answer, requests.Any(r => r.Floats)) is { } known) return known;

        string work;
        try
        {
            // Not in the common temporary folder, where a stranger could leave a global.json.
            work = Directory.CreateDirectory(Path.Combine(cache, "work-" + Guid.NewGuid().ToString("N"))).FullName;
            File.WriteAllText(Path.Combine(work, "notebook.csproj"), project);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackageException($"The cache folder {cache} cannot be written: {e.Message} Set {CacheVariable} to another.", e);
        }

        try
        {
            var (code, text) = DotnetSdk.Run(dotnet ?? DotnetSdk.Find(), work, ["restore", "notebook.csproj", "--verbosity", "quiet"], limit ?? TimeSpan.FromMinutes(5), cancellationToken);
            var assets = Path.Combine(work, "obj", "project.assets.json");
            if (code != 0 || !File.Exists(assets)) throw new PackageException(Explain(text));
            var packages = AssetsFile.Read(assets, DotnetSdk.Rid);
            var finished = Path.Combine(work, "answer.json");
            File.WriteAllText(finished, JsonSerializer.Serialize(packages));
            File.Move(finished, answer, overwrite: true);
            return packages;
        }
        finally
        {
            Remove(work);
        }
    }

    private static IReadOnlyList<RestoredPackage>? Remembered(string answer, bool floats)
    {
        try
        {
            if (!File.Exists(answer) || (floats && DateTime.UtcNow - File.GetLastWriteTimeUtc(answer) > FloatingAnswersHold)) return null;
            var packages = JsonSerializer.Deserialize<List<RestoredPackage>>(File.ReadAllText(answer));
            return packages is not null && packages.SelectMany(p => p.Files).All(File.Exists) ? packages : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Torn or foreign: asked anew.
            return null;
        }
    }

    /// <summary>What NuGet said, and what would help.</summary>
    private static string Explain(string text)
    {
        var errors = Error().Matches(text).Select(m => (Code: m.Groups[1].Value, Text: m.Groups[2].Value.Trim())).Distinct().ToList();
        if (errors.Count == 0) return "The restore failed: " + string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(8));
        var mend = errors[0].Code switch
        {
            "NU1101" => " Check the name, or add the source that has it with #i \"nuget:SOURCE\".",
            "NU1102" or "NU1103" => " Name a version that is there.",
            "NU1301" or "NU1300" => " Without a network, only packages that were restored before or that lie in a folder named with #i \"nuget:FOLDER\" can be had.",
            "NU1202" or "NU1201" => $" The package has nothing for .NET {Environment.Version.Major} on {DotnetSdk.Rid}.",
            "NU1605" or "NU1107" or "NU1608" => " Ask for versions that go together.",
            "NU1302" => " Use https, or allow the source in NuGet.config.",
            _ => "",
        };
        return "NuGet says: " + string.Join(" ", errors.Take(5).Select(e => $"{e.Code}: {e.Text}")) + mend;
    }

    private static void Remove(string work)
    {
        try
        {
            Directory.Delete(work, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A killed SDK may still hold a file; what stays is small.
        }
    }

    [GeneratedRegex(@"error\s+([A-Z]+\d+)\s*:\s*([^\r\n]*?)(?:\s*\[[^\]\r\n]*\])?\s*$", RegexOptions.Multiline)]
    private static partial Regex Error();
}
