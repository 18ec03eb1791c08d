using System.Security.Cryptography;
using System.Text;

namespace Citrus.Research.Pathways;

/// <summary>The prompt files that pathways ask with.</summary>
public sealed class PromptLibrary
{
    private static readonly Lazy<PromptLibrary> Shipped = new(() => Load(Home()));

    private readonly SortedDictionary<string, PromptTemplate> _prompts;

    private PromptLibrary(SortedDictionary<string, PromptTemplate> prompts) => _prompts = prompts;

    /// <summary>The files shipped beside the library's assembly, in data/prompts; read once.</summary>
    /// <exception cref="DirectoryNotFoundException">They were not copied along.</exception>
    public static PromptLibrary Default => Shipped.Value;

    /// <summary>Reads every <c>*.txt</c> of a folder.</summary>
    public static PromptLibrary Load(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"No prompts at {folder}; copy the folder data/prompts there or name another folder.");
        return From(Directory.EnumerateFiles(folder, "*.txt").ToDictionary(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText));
    }

    /// <summary>A library of texts by name, for tests and other homes than a folder.</summary>
    public static PromptLibrary From(IReadOnlyDictionary<string, string> texts)
    {
        var prompts = new SortedDictionary<string, PromptTemplate>(StringComparer.Ordinal);
        foreach (var (name, text) in texts) prompts.Add(name, new PromptTemplate(name, text));
        return new PromptLibrary(prompts);
    }

    /// <summary>SHA-256 (hex) over all names and hashes.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', _prompts.Select(p => p.Key + " " + p.Value.Hash)))));

    /// <exception cref="KeyNotFoundException">No file of that name.</exception>
    public PromptTemplate this[string name] => _prompts.TryGetValue(name, out var prompt)
        ? prompt
        : throw new KeyNotFoundException($"No prompt '{name}'; there are {string.Join(", ", _prompts.Keys)}.");

    private static string Home()
    {
        // A script or notebook host runs from elsewhere, so the library's own place counts; a single-file publish has none.
        var assembly = typeof(PromptLibrary).Assembly.Location;
        return Path.Combine(assembly.Length > 0 ? Path.GetDirectoryName(assembly)! : AppContext.BaseDirectory, "data", "prompts");
    }
}
