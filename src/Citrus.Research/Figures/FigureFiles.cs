namespace Citrus.Research.Figures;

/// <summary>What saving a figure left on disk.</summary>
/// <param name="Paths">The files, in the order they were written.</param>
/// <param name="Note">Why there is no SVG and PNG; null where there is, or where none was asked for.</param>
public sealed record FigureFiles(IReadOnlyList<string> Paths, string? Note)
{
    /// <summary>
    /// Writes <c>id.csv</c> (and <c>id-name.csv</c> for further tables), <c>id.json</c>, <c>id.manifest.json</c>, and as wanted <c>id.html</c>, <c>id.svg</c>,
    /// <c>id.png</c>. A missing browser is no error: <see cref="Note"/> says so.
    /// </summary>
    /// <param name="figure">The figure.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="directory">The folder; made if needed.</param>
    /// <param name="html">Whether to write the self-contained page (3.6 MB).</param>
    /// <param name="pictures">Whether to write SVG and PNG.</param>
    /// <param name="cancellationToken">Stops the browser.</param>
    public static async Task<FigureFiles> SaveAsync(
        Figure figure, FigureManifest manifest, string directory, bool html = true, bool pictures = true, CancellationToken cancellationToken = default)
    {
        var paths = new List<string>();
        foreach (var table in figure.Tables) Put(TableName(figure, table), table.ToCsv());
        Put(figure.Id + ".json", figure.ToJson());
        Put(figure.Id + ".manifest.json", manifest.ToJson());
        if (html) Put(figure.Id + ".html", figure.Html());
        if (!pictures) return new FigureFiles(paths, null);

        var export = await StaticExport.RenderAsync(figure, cancellationToken).ConfigureAwait(false);
        if (export.Svg is not null) Put(figure.Id + ".svg", export.Svg);
        if (export.Png is not null)
        {
            var path = Path.Combine(directory, figure.Id + ".png");
            await File.WriteAllBytesAsync(path + ".part", export.Png, cancellationToken).ConfigureAwait(false);
            File.Move(path + ".part", path, overwrite: true);
            paths.Add(path);
        }

        return new FigureFiles(paths, export.Note);

        void Put(string name, string text)
        {
            var path = Path.Combine(directory, name);
            Write(path, text);
            paths.Add(path);
        }
    }

    /// <summary>The file name of one of a figure's tables.</summary>
    internal static string TableName(Figure figure, FigureTable table) => table.Name is null ? figure.Id + ".csv" : $"{figure.Id}-{table.Name}.csv";

    /// <summary>Writes a whole file or none.</summary>
    internal static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path + ".part", text);
        File.Move(path + ".part", path, overwrite: true);
    }
}
