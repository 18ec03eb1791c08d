using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>All prompt files: one <see cref="PromptLibrary"/> a set, in the subfolders <c>chart</c>, <c>en</c> and <c>zh</c>.</summary>
public sealed class PromptCatalog
{
    private static readonly Lazy<PromptCatalog> Shipped = new(() => Load(Home()));

    private readonly Dictionary<PromptSet, PromptLibrary> _sets;

    private PromptCatalog(Dictionary<PromptSet, PromptLibrary> sets) => _sets = sets;

    /// <summary>The files shipped beside the library's assembly, in data/prompts; read once.</summary>
    /// <exception cref="DirectoryNotFoundException">They were not copied along.</exception>
    public static PromptCatalog Default => Shipped.Value;

    /// <summary>Reads a folder with any of the subfolders.</summary>
    /// <exception cref="DirectoryNotFoundException">It has none of them.</exception>
    public static PromptCatalog Load(string folder)
    {
        var sets = Enum.GetValues<PromptSet>().Where(s => Directory.Exists(Path.Combine(folder, Folder(s)))).ToDictionary(s => s, s => PromptLibrary.Load(Path.Combine(folder, Folder(s))));
        return sets.Count > 0 ? new PromptCatalog(sets) : throw new DirectoryNotFoundException($"No prompts at {folder}; it needs a subfolder chart, en or zh with .txt files, as in data/prompts.");
    }

    /// <summary>A catalog of libraries, for tests and other homes than a folder.</summary>
    public static PromptCatalog From(IReadOnlyDictionary<PromptSet, PromptLibrary> sets) => new(new(sets));

    /// <exception cref="KeyNotFoundException">The folder has no such set.</exception>
    public PromptLibrary this[PromptSet set] => _sets.TryGetValue(set, out var library)
        ? library
        : throw new KeyNotFoundException($"There are no prompts for {set}: the prompt folder has no subfolder {Folder(set)}; it has {string.Join(", ", _sets.Keys.Select(Folder))}.");

    /// <summary>The sets there are.</summary>
    public IReadOnlyCollection<PromptSet> Sets => _sets.Keys;

    /// <summary>Which set a question is asked with: its register's, and in prose that of its language.</summary>
    public static PromptSet SetOf(Question question, Register register) =>
        register == Register.Chart ? PromptSet.Chart : QuestionLanguage.Of(question) == QuestionLanguage.Chinese ? PromptSet.Chinese : PromptSet.English;

    private static string Folder(PromptSet set) => set switch { PromptSet.Chart => "chart", PromptSet.English => "en", _ => "zh" };

    private static string Home()
    {
        // A script or notebook host runs from elsewhere, so the library's own place counts; a single-file publish has none.
        var assembly = typeof(PromptCatalog).Assembly.Location;
        return Path.Combine(assembly.Length > 0 ? Path.GetDirectoryName(assembly)! : AppContext.BaseDirectory, "data", "prompts");
    }
}
