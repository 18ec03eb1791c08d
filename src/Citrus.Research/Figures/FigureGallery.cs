using Citrus.Research.Evaluation;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>Draws the catalogue's figures from saved results, keeps them, and tells where what is kept is not what the results give.</summary>
/// <param name="results">The results folder.</param>
/// <param name="folder">One folder for all figures; null keeps each beside its results.</param>
public sealed class FigureGallery(string results, string? folder = null)
{
    /// <summary>The folder of a figure.</summary>
    public string FolderOf(FigurePlan plan) => folder ?? Path.Combine([results, .. plan.Folder.Split('/')]);

    /// <summary>What keeps a figure from being drawn: files that are not there.</summary>
    public IReadOnlyList<string> Missing(FigurePlan plan) => [.. plan.Needs.Select(new FigureSources(results).PathOf).Where(p => !File.Exists(p))];

    /// <summary>Draws a figure and tells what it was drawn from.</summary>
    public (Figure Figure, FigureManifest Manifest) Draw(FigurePlan plan)
    {
        var sources = new FigureSources(results);
        var figure = plan.Draw(sources);
        if (figure.Id != plan.Name) throw new InvalidOperationException($"The plan of {plan.Name} draws a figure called {figure.Id}.");
        return (figure, FigureManifest.Capture(figure, plan.Seeds(sources), sources.Inputs));
    }

    /// <summary>Draws a figure and writes it; see <see cref="FigureFiles"/>.</summary>
    public Task<FigureFiles> SaveAsync(FigurePlan plan, FigureFormats formats, CancellationToken cancellationToken = default)
    {
        var (figure, manifest) = Draw(plan);
        return FigureFiles.SaveAsync(figure, manifest, FolderOf(plan), formats, cancellationToken);
    }

    /// <summary>
    /// Draws a figure and compares: inputs with the manifest's hashes, tables and figure JSON with the kept files, pictures with their hashes. It writes nothing and needs no browser.
    /// </summary>
    /// <returns>What differs, with file and line; empty where nothing does.</returns>
    public IReadOnlyList<string> Check(FigurePlan plan)
    {
        var at = FolderOf(plan);
        var path = Path.Combine(at, plan.Name + ".manifest.json");
        if (!File.Exists(path)) return [$"{path} is not there: run `citrus figures {plan.Name}`."];
        try
        {
            var kept = FigureManifest.Load(path);
            Figure figure;
            FigureManifest now;
            try
            {
                (figure, now) = Draw(plan);
            }
            catch (Exception error) when (IsData(error))
            {
                // The damaged input is told by its hash, too, where it can be.
                return [.. Changed(kept.Inputs, kept.Inputs.Keys.ToDictionary(k => k, HashOf, StringComparer.Ordinal), path), error.Message];
            }

            var problems = Changed(kept.Inputs, now.Inputs, path).ToList();
            foreach (var table in figure.Tables) Compare(Path.Combine(at, FigureFiles.TableName(figure, table)), table.ToCsv(), problems);
            Compare(Path.Combine(at, figure.Id + ".json"), figure.ToJson(), problems);
            if (kept.Title != now.Title) problems.Add($"{path}, title: has \"{kept.Title}\", the saved results give \"{now.Title}\".");
            if (kept.Caption != now.Caption) problems.Add($"{path}, caption: has \"{kept.Caption}\", the saved results give \"{now.Caption}\".");
            if (!kept.Seeds.SequenceEqual(now.Seeds)) problems.Add($"{path}, seeds: has {string.Join(", ", kept.Seeds)}, should be {string.Join(", ", now.Seeds)}.");
            if (problems.Count == 0 && (kept.Drawing != now.Drawing || !kept.Tables.SequenceEqual(now.Tables))) problems.Add($"{path}: its hashes of table and drawing are not those of the files beside it.");
            problems.AddRange(Pictures(kept, at));
            return problems;
        }
        catch (InvalidDataException error)
        {
            return [error.Message];
        }
    }

    /// <summary>Whether an exception tells of data that are missing or damaged rather than of a fault here.</summary>
    private static bool IsData(Exception error) => error is InvalidDataException or TableFormatException or StudyException or IOException or ArgumentException or FormatException;

    private static IEnumerable<string> Changed(IReadOnlyDictionary<string, string> kept, IReadOnlyDictionary<string, string> now, string manifest)
    {
        foreach (var (name, hash) in kept)
        {
            if (!now.TryGetValue(name, out var other)) yield return $"{name}: {manifest} names it as an input, and the figure is not drawn from it any more.";
            else if (other.Length == 0) yield return $"{name} is not there; {manifest} names it as an input.";
            else if (other != hash) yield return $"{name} has changed since the figure was drawn: sha256 {other[..12]}…, {manifest} says {hash[..Math.Min(12, hash.Length)]}….";
        }

        foreach (var name in now.Keys.Where(n => !kept.ContainsKey(n))) yield return $"{name} is an input now, and {manifest} does not name it.";
    }

    private string HashOf(string input)
    {
        var path = input.StartsWith("results/", StringComparison.Ordinal) ? new FigureSources(results).PathOf(input["results/".Length..])
            : Path.Combine(Path.GetDirectoryName(PublishedScores.DefaultPath)!, Path.GetFileName(input));
        return File.Exists(path) ? FigureManifest.HashFile(path) : "";
    }

    /// <summary>Names the first line that differs; of a long line the place.</summary>
    private static void Compare(string path, string now, List<string> problems)
    {
        if (!File.Exists(path))
        {
            problems.Add($"{path} is not there.");
            return;
        }

        var kept = File.ReadAllText(path).ReplaceLineEndings("\n");
        if (kept == now) return;
        var (before, after) = (kept.Split('\n'), now.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(before.Length, after.Length)).First(i => i >= before.Length || i >= after.Length || before[i] != after[i]);
        var (was, gives) = (line < before.Length ? before[line] : null, line < after.Length ? after[line] : null);
        var from = was is null || gives is null ? 0 : Math.Max(0, was.Zip(gives).TakeWhile(p => p.First == p.Second).Count() - 40);
        var more = Enumerable.Range(0, Math.Min(before.Length, after.Length)).Count(i => before[i] != after[i]) + Math.Abs(before.Length - after.Length) - 1;
        problems.Add($"{path}, line {line + 1}: {(was is null ? "ends here" : $"has \"{Part(was, from)}\"")}, the saved results give {(gives is null ? "no such line" : $"\"{Part(gives, from)}\"")}{(more > 0 ? $" ({more} more lines differ)" : "")}.");
    }

    private static string Part(string line, int from) => (from > 0 ? "…" : "") + (line.Length - from > 160 ? line.Substring(from, 160) + "…" : line[from..]);

    private static IEnumerable<string> Pictures(FigureManifest kept, string at)
    {
        foreach (var extension in (string[])["svg", "png"])
        {
            var path = Path.Combine(at, $"{kept.Figure}.{extension}");
            if (!File.Exists(path))
            {
                if (kept.Pictures.ContainsKey(Path.GetFileName(path))) yield return $"{path} is not there; the manifest names it.";
                continue;
            }

            if (!kept.Pictures.TryGetValue(Path.GetFileName(path), out var hash)) yield return $"{path} was drawn from other numbers: run `citrus figures {kept.Figure}` where a Chromium is.";
            else if (FigureManifest.HashFile(path) != hash) yield return $"{path} is not the picture that the manifest names: run `citrus figures {kept.Figure}`.";
        }
    }
}
