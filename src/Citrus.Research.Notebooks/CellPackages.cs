using System.Net;
using Citrus.Research.Notebooks.Packages;

namespace Citrus.Research.Notebooks;

/// <summary>The packages of one session: what its cells asked for so far, restored together, so that versions fit each other.</summary>
/// <param name="restore">Fetches them.</param>
internal sealed class CellPackages(PackageRestore restore)
{
    private readonly List<string> sources = [];
    private List<PackageRequest> requests = [];

    /// <summary>Has following restores look in another place too.</summary>
    /// <param name="place">An address, or a folder relative to <paramref name="folder"/>.</param>
    /// <param name="folder">The folder of the file that names it.</param>
    /// <exception cref="ArgumentException">Neither an address nor a folder.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public void AddSource(string place, string folder)
    {
        if (place.Length == 0) throw new ArgumentException("write #i \"nuget: SOURCE\", an address or a folder.");
        var source = place;
        if (Uri.TryCreate(place, UriKind.Absolute, out var address) && !address.IsFile)
        {
            if (address.Scheme is not ("https" or "http")) throw new ArgumentException($"a source is a folder or an https address, not {address.Scheme}.");
        }
        else
        {
            source = Path.GetFullPath(address is { IsFile: true } ? address.LocalPath : place.Replace('\\', '/'), folder);
            if (!Directory.Exists(source)) throw new DirectoryNotFoundException($"the folder {source} does not exist.");
        }

        if (!sources.Contains(source, StringComparer.Ordinal)) sources.Add(source);
    }

    /// <summary>Fetches packages and says in the cell's output which versions came.</summary>
    /// <param name="wanted">The packages.</param>
    /// <param name="cancellationToken">Ends the restore.</param>
    /// <returns>The assemblies to compile against.</returns>
    /// <exception cref="PackageException">They cannot be had.</exception>
    public IReadOnlyList<string> Add(IReadOnlyList<PackageRequest> wanted, CancellationToken cancellationToken)
    {
        var next = requests.ToList();
        foreach (var request in wanted)
        {
            var known = next.FindIndex(r => string.Equals(r.Id, request.Id, StringComparison.OrdinalIgnoreCase));
            if (known < 0) next.Add(request);
            else if (request.Version is not null) next[known] = request;
        }

        if (next.SequenceEqual(requests)) return [];
        var packages = restore.Restore(next, sources, cancellationToken);
        var notes = new List<string>();
        var references = PackageLanding.Land(packages, notes);
        requests = next;
        Tell(wanted, packages, notes);
        return references;
    }

    private static void Tell(IReadOnlyList<PackageRequest> wanted, IReadOnlyList<RestoredPackage> packages, List<string> notes)
    {
        var chosen = wanted.Select(w => packages.FirstOrDefault(p => string.Equals(p.Id, w.Id, StringComparison.OrdinalIgnoreCase)))
            .OfType<RestoredPackage>().Select(p => $"{p.Id}, {p.Version}").Distinct().ToList();
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["text/html"] = $"<div><strong>Installed Packages</strong><ul>{string.Concat(chosen.Concat(notes).Select(l => $"<li><span>{WebUtility.HtmlEncode(l)}</span></li>"))}</ul></div>",
            ["text/plain"] = "Installed Packages\n" + string.Join('\n', chosen.Concat(notes).Select(l => "- " + l)),
        };
        CellSink.Current?.Add(new CellOutput(OutputKind.Display) { Data = data });
    }
}
