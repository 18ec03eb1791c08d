using System.Security.Cryptography;
using System.Text;

namespace Citrus.Research.Pathways;

/// <summary>The prompt files of one set.</summary>
public sealed class PromptLibrary
{
    private readonly SortedDictionary<string, PromptTemplate> _prompts;

    private PromptLibrary(SortedDictionary<string, PromptTemplate> prompts) => _prompts = prompts;

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

    /// <summary>Names of the files, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => _prompts.Keys;

    /// <summary>SHA-256 (hex) over all names and hashes.</summary>
    public string Hash => HashOf(_prompts.Keys);

    /// <summary>SHA-256 (hex) over names and hashes of some of the files.</summary>
    /// <exception cref="KeyNotFoundException">One of them is not there.</exception>
    public string HashOf(IEnumerable<string> names) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names.Order(StringComparer.Ordinal).Select(n => n + " " + this[n].Hash)))));

    /// <exception cref="KeyNotFoundException">No file of that name.</exception>
    public PromptTemplate this[string name] => _prompts.TryGetValue(name, out var prompt)
        ? prompt
        : throw new KeyNotFoundException($"No prompt '{name}'; there are {string.Join(", ", _prompts.Keys)}.");
}
