namespace Citrus.Research.Figures;

/// <summary>What saving a figure left on disk.</summary>
/// <param name="Paths">The files, in the order they were written.</param>
/// <param name="Note">Why there is no SVG, PNG or PDF; null where there is, or where none was asked for.</param>
public sealed record FigureFiles(IReadOnlyList<string> Paths, string? Note)
{
    /// <summary>Writes a figure as table, JSON and manifest, and as wanted the page and the pictures; see the other overload.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="directory">The folder; made if needed.</param>
    /// <param name="html">Whether to write the self-contained page (3.6 MB).</param>
    /// <param name="pictures">Whether to write SVG and PNG.</param>
    /// <param name="cancellationToken">Stops the browser.</param>
    public static Task<FigureFiles> SaveAsync(Figure figure, FigureManifest manifest, string directory, bool html = true, bool pictures = true, CancellationToken cancellationToken = default) =>
        SaveAsync(figure, manifest, directory, (html ? FigureFormats.Html : FigureFormats.None) | (pictures ? FigureFormats.Pictures : FigureFormats.None), cancellationToken);

    /// <summary>
    /// Writes <c>id.csv</c> (and <c>id-name.csv</c> for further tables), <c>id.json</c>, <c>id.manifest.json</c>, and as wanted <c>id.html</c>, <c>id.svg</c>,
    /// <c>id.png</c>, <c>id.pdf</c>. A missing browser is no error: <see cref="Note"/> says so. Where the folder's manifest tells of the same figure, the same inputs and the
    /// same pictures, it stays: the machine it names is the one that drew them.
    /// </summary>
    /// <param name="figure">The figure.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="directory">The folder; made if needed.</param>
    /// <param name="formats">What to write beside table, JSON and manifest.</param>
    /// <param name="cancellationToken">Stops the browser.</param>
    public static async Task<FigureFiles> SaveAsync(Figure figure, FigureManifest manifest, string directory, FigureFormats formats, CancellationToken cancellationToken = default)
    {
        var paths = new List<string>();
        var picture = await StaticExport.RenderAsync(figure, formats, cancellationToken).ConfigureAwait(false);
        foreach (var table in figure.Tables) Put(TableName(figure, table), System.Text.Encoding.UTF8.GetBytes(table.ToCsv()));
        Put(figure.Id + ".json", System.Text.Encoding.UTF8.GetBytes(figure.ToJson()));
        Put(figure.Id + ".manifest.json", System.Text.Encoding.UTF8.GetBytes(manifest.After(Path.Combine(directory, figure.Id + ".manifest.json"), picture).ToJson()));
        if (formats.HasFlag(FigureFormats.Html)) Put(figure.Id + ".html", System.Text.Encoding.UTF8.GetBytes(figure.Html()));
        if (picture.Svg is { } svg) Put(figure.Id + ".svg", System.Text.Encoding.UTF8.GetBytes(svg));
        if (picture.Png is { } png) Put(figure.Id + ".png", png);
        if (picture.Pdf is { } pdf) Put(figure.Id + ".pdf", pdf);
        return new FigureFiles(paths, picture.Note);

        void Put(string name, byte[] bytes)
        {
            var path = Path.Combine(directory, name);
            Write(path, bytes);
            paths.Add(path);
        }
    }

    /// <summary>The file name of one of a figure's tables.</summary>
    internal static string TableName(Figure figure, FigureTable table) => table.Name is null ? figure.Id + ".csv" : $"{figure.Id}-{table.Name}.csv";

    /// <summary>Writes a whole file or none.</summary>
    internal static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    private static void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path + ".part", bytes);
        File.Move(path + ".part", path, overwrite: true);
    }
}
