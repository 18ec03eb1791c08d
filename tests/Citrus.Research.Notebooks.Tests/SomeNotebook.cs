using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Tests;

/// <summary>Small notebooks in a folder of their own.</summary>
internal sealed class SomeNotebook : IDisposable
{
    private readonly JsonArray cells = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("citrus-notebook-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "some.ipynb");

    public string Executed => System.IO.Path.Combine(Folder, "out", "some.ipynb");

    public string Html => System.IO.Path.Combine(Folder, "out", "some.html");

    public string Out => System.IO.Path.Combine(Folder, "out");

    public JsonObject Metadata { get; } = new() { ["language_info"] = new JsonObject { ["name"] = "C#" } };

    public static SomeNotebook Of(params string[] sources)
    {
        var notebook = new SomeNotebook();
        foreach (var source in sources) notebook.Code(source);
        return notebook;
    }

    public SomeNotebook Code(string source, string? tag = null, JsonObject? metadata = null)
    {
        metadata ??= tag is null ? [] : new JsonObject { ["tags"] = new JsonArray(tag) };
        cells.Add(new JsonObject { ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = metadata, ["outputs"] = new JsonArray(), ["source"] = source });
        return this;
    }

    public SomeNotebook Markdown(string source)
    {
        cells.Add(new JsonObject { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = source });
        return this;
    }

    public async Task<NotebookRun> Run(NotebookRunOptions? options = null, CancellationToken? cancellationToken = null)
    {
        Save();
        return await NotebookRunner.RunAsync(Path, (options ?? new NotebookRunOptions()) with { OutputPath = Executed, HtmlPath = Html }, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    public void Save()
    {
        var root = new JsonObject { ["cells"] = cells.DeepClone(), ["metadata"] = Metadata.DeepClone(), ["nbformat"] = 4, ["nbformat_minor"] = 5 };
        File.WriteAllText(Path, root.ToJsonString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
