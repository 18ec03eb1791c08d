using System.Security.Cryptography;
using System.Text.Json;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>The published benchmark files that are known, each pinned to its bytes where a copy was at hand.</summary>
public sealed class BenchmarkManifest
{
    private const long MaximumBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };
    private static readonly Lazy<BenchmarkManifest> Shipped = new(() => Read(DefaultPath));
    private readonly Dictionary<string, BenchmarkEntry> _byName;
    private readonly ILookup<string, BenchmarkEntry> _byHash;

    private BenchmarkManifest(IReadOnlyList<BenchmarkEntry> entries) =>
        (Entries, _byName, _byHash) = (entries, entries.ToDictionary(e => e.Name, StringComparer.Ordinal), entries.Where(e => e.Sha256.Length > 0).ToLookup(e => e.Sha256, StringComparer.Ordinal));

    /// <summary>The manifest that ships with the library.</summary>
    public static BenchmarkManifest Default => Shipped.Value;

    /// <summary>Where the shipped manifest is.</summary>
    public static string DefaultPath => Path.Combine(
        typeof(BenchmarkManifest).Assembly.Location is { Length: > 0 } assembly ? Path.GetDirectoryName(assembly)! : AppContext.BaseDirectory, "data", "benchmarks", "manifest.json");

    /// <summary>The entries in the order of the file.</summary>
    public IReadOnlyList<BenchmarkEntry> Entries { get; }

    /// <summary>Reads and checks a manifest: a JSON list of entries.</summary>
    /// <exception cref="QuestionFormatException">It is none, or an entry is not as it should be.</exception>
    public static BenchmarkManifest Read(string path)
    {
        if (!File.Exists(path)) throw new QuestionFormatException(path, 0, "", "no such file.");
        if (new FileInfo(path).Length > MaximumBytes) throw new QuestionFormatException(path, 0, "", "a manifest has less than a megabyte.");
        List<BenchmarkEntry> entries;
        try
        {
            using var stream = File.OpenRead(path);
            entries = JsonSerializer.Deserialize<List<BenchmarkEntry>>(stream, Json) ?? throw new QuestionFormatException(path, 1, "", "a list of benchmarks is needed.");
        }
        catch (JsonException e)
        {
            throw new QuestionFormatException(path, (int)Math.Min(int.MaxValue - 1, e.LineNumber ?? 0) + 1, e.Path ?? "", $"this is no manifest ({e.Message})", e);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            void Check(bool right, string field, string problem)
            {
                if (!right) throw new QuestionFormatException(path, 0, $"{entry.Name}.{field}", problem);
            }

            Check(names.Add(entry.Name), "name", "the name is there twice.");
            Check(entry.Form.Length == 0 || QuestionForms.Find(entry.Form) is not null, "form", $"there is no form {entry.Form}.");
            Check(entry.Url.Length > 0 != entry.How.Length > 0, "url", "either url or how is needed.");
            Check(entry.Url.Length == 0 || (Uri.TryCreate(entry.Url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)), "url", "an https address is needed.");
            Check(entry.Sha256.Length == 0 || (entry.Sha256.Length == 64 && entry.Sha256.All(char.IsAsciiHexDigitLower)), "sha256", "64 lower case hexadecimal digits are needed, or none.");
            Check(entry.Bytes is null or > 0, "bytes", "a positive number is needed.");
            Check(entry.File.Length > 0 && !Path.IsPathRooted(entry.File) && !entry.File.Contains('\\') && !entry.File.Contains(':') && entry.File.Split('/').All(p => p is not ("" or "." or "..")), "file", "a path inside the data folder is needed.");
        }

        return new BenchmarkManifest(entries);
    }

    /// <summary>The entry of this name, or null.</summary>
    public BenchmarkEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Whether a file is a published one, byte for byte. A file counts as meant to be an entry where it stands at its place in the data folder or has its file name, or where <paramref name="name"/> says so.
    /// </summary>
    /// <param name="name">The benchmark that the file is said to be; null where nothing was said.</param>
    /// <exception cref="QuestionFormatException">There is no such file.</exception>
    public BenchmarkCheck Check(string path, string? name = null)
    {
        if (!File.Exists(path)) throw new QuestionFormatException(path, 0, "", "no such file.");
        string hash;
        using (var stream = File.OpenRead(path)) hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        var meant = name is null ? null : Find(name);
        if (_byHash[hash].FirstOrDefault(e => meant is null || e.Sha256 == meant.Sha256) is { } same) return new BenchmarkCheck(BenchmarkState.Known, meant ?? same, hash);
        var full = Path.GetFullPath(path);
        meant ??= Entries.FirstOrDefault(e => BenchmarkFolder.PathOf(e) == full) ?? Entries.FirstOrDefault(e => e.Sha256.Length > 0 && e.File.Split('/')[^1].Equals(Path.GetFileName(path), StringComparison.Ordinal));
        return new BenchmarkCheck(meant is { Sha256.Length: > 0 } ? BenchmarkState.Differs : BenchmarkState.Unknown, meant, hash);
    }
}
