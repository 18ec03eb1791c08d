using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>What the XML documentation says about a symbol: from the cell itself, from the file beside its assembly, or, for .NET itself, from the SDK's reference pack where one is installed.</summary>
internal sealed partial class SymbolDocs
{
    private const long MaxFileBytes = 64 << 20;
    private static readonly ConcurrentDictionary<string, Dictionary<string, XElement>?> Files = new(StringComparer.Ordinal);
    private readonly XElement member;

    private SymbolDocs(XElement member) => this.member = member;

    /// <summary>What it is.</summary>
    public string? Summary => TextOf(member.Element("summary"));

    /// <summary>Returns, exceptions, remarks: title and text.</summary>
    public IEnumerable<(string Title, string Text)> More
    {
        get
        {
            foreach (var p in member.Elements("param")) yield return ($"{p.Attribute("name")?.Value}", TextOf(p) ?? "");
            if (TextOf(member.Element("returns")) is { } returns) yield return ("Returns", returns);
            foreach (var e in member.Elements("exception")) yield return (Short(e.Attribute("cref")?.Value ?? ""), TextOf(e) ?? "");
            if (TextOf(member.Element("remarks")) is { } remarks) yield return ("Remarks", remarks);
        }
    }

    /// <summary>What a parameter means; null where nothing is said.</summary>
    public string? Parameter(string name) => TextOf(member.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == name));

    /// <summary>The documentation of a symbol; null where there is none.</summary>
    public static SymbolDocs? Of(ISymbol symbol)
    {
        symbol = symbol.OriginalDefinition;
        if (symbol is IMethodSymbol { ReducedFrom: { } full }) symbol = full;
        try
        {
            if (symbol.GetDocumentationCommentXml() is { Length: > 0 } own) return new SymbolDocs(XElement.Parse(own));
            if (symbol.GetDocumentationCommentId() is not { } id || symbol.ContainingAssembly is not { } assembly) return null;
            if (CellAssemblies.Locate(new System.Reflection.AssemblyName(assembly.Name)) is not { Length: > 0 } path) return null;
            foreach (var file in Candidates(path))
                if (Files.GetOrAdd(file, Read) is { } members && members.TryGetValue(id, out var member))
                    return new SymbolDocs(member);
            return null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Candidates(string assembly)
    {
        yield return Path.ChangeExtension(assembly, ".xml");
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        if (Path.GetDirectoryName(assembly) != framework) yield break;
        var packs = Path.Combine(framework, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref");
        if (!Directory.Exists(packs)) yield break;
        foreach (var pack in Directory.EnumerateDirectories(packs).OrderDescending(StringComparer.Ordinal).Take(3))
        {
            var folder = Directory.Exists(Path.Combine(pack, "ref")) ? Directory.EnumerateDirectories(Path.Combine(pack, "ref")).FirstOrDefault() : null;
            if (folder is null) continue;
            yield return Path.Combine(folder, Path.GetFileNameWithoutExtension(assembly) + ".xml");
            // What runs is in System.Private.CoreLib; what is documented is spread over these.
            if (Path.GetFileNameWithoutExtension(assembly) != "System.Private.CoreLib") continue;
            foreach (var name in new[] { "System.Runtime", "System.Collections", "System.Runtime.Extensions", "System.Threading", "System.Memory", "System.Threading.Tasks.Parallel" })
                yield return Path.Combine(folder, name + ".xml");
        }
    }

    private static Dictionary<string, XElement>? Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists || info.Length > MaxFileBytes) return null;
            using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var members = new Dictionary<string, XElement>(StringComparer.Ordinal);
            foreach (var member in XDocument.Load(reader).Descendants("member"))
                if (member.Attribute("name")?.Value is { } name)
                    members[name] = member;
            return members;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
        {
            return null;
        }
    }

    private static string? TextOf(XElement? element)
    {
        if (element is null) return null;
        var text = new StringBuilder();
        Append(element);
        return Blanks().Replace(text.ToString(), " ").Trim() is { Length: > 0 } said ? said : null;

        void Append(XElement e)
        {
            foreach (var node in e.Nodes())
            {
                if (node is XText words) text.Append(words.Value);
                else if (node is XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } reference && !reference.Nodes().Any())
                    text.Append('`').Append(Short(reference.Attribute("cref")?.Value ?? reference.Attribute("name")?.Value ?? reference.Attribute("langword")?.Value ?? reference.Attribute("href")?.Value ?? "")).Append('`');
                else if (node is XElement { Name.LocalName: "c" } code) text.Append('`').Append(code.Value).Append('`');
                else if (node is XElement inner) Append(inner);
            }
        }
    }

    /// <summary>The last name of a documentation id, without parameters.</summary>
    private static string Short(string id)
    {
        if (id.Length > 2 && id[1] == ':') id = id[2..];
        var open = id.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0) id = id[..open];
        return Arity().Replace(id[(id.LastIndexOf('.') + 1)..], "");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arity();
}
