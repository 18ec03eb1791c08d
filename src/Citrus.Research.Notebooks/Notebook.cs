using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks;

/// <summary>A notebook in Jupyter's format 4, as written by Jupyter, VS Code or Polyglot Notebooks.</summary>
public sealed class Notebook
{
    private Notebook(string name, JsonObject metadata, List<Cell> cells)
    {
        Name = name;
        Metadata = metadata;
        Cells = cells;
    }

    /// <summary>The file name, for messages.</summary>
    public string Name { get; }

    /// <summary>The notebook's metadata as found in the file.</summary>
    public JsonObject Metadata { get; }

    /// <summary>All cells from top to bottom.</summary>
    public List<Cell> Cells { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="NotebookFormatException">The file is no notebook of format 4.</exception>
    public static Notebook Read(string path) => Of(NotebookFile.Read(path), Path.GetFileName(path));

    /// <summary>Reads a file for another run: what earlier ones left in it is passed over, however much or odd.</summary>
    internal static Notebook ReadSources(string path) => Of(NotebookFile.Read(path), Path.GetFileName(path), withOutputs: false);

    /// <summary>Reads a notebook from its JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">The file name, for messages.</param>
    /// <exception cref="NotebookFormatException">The text is no notebook of format 4.</exception>
    public static Notebook Parse(string json, string name)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Of(NotebookFile.Parse(new MemoryStream(Encoding.UTF8.GetBytes(json)), name), name);
    }

    /// <summary>Reads a notebook from its JSON.</summary>
    internal static Notebook Of(JsonObject notebook, string name, bool withOutputs = true)
    {
        try
        {
            return Read(notebook, name, withOutputs);
        }
        catch (InvalidOperationException e)
        {
            // Strings are decoded when they are read.
            throw new NotebookFormatException($"{name}: a text in it is no valid UTF-8 or holds half a character: {e.Message}", e);
        }
    }

    private static Notebook Read(JsonObject notebook, string name, bool withOutputs)
    {
        if (Integer(notebook["nbformat"]) != 4)
            throw new NotebookFormatException(
                $"{name}: nbformat {notebook["nbformat"]!.ToJsonString()} is not read; open it in Jupyter or VS Code and save it as format 4.");
        if (notebook["cells"] is not JsonArray cells)
            throw new NotebookFormatException($"{name}: \"cells\" must be a list.");

        var metadata = notebook["metadata"] as JsonObject ?? [];
        var fallback = LanguageOf(metadata);
        var parsed = cells.Select((c, i) => ParseCell(c, $"{name}: cell {i + 1}", fallback, withOutputs)).ToList();
        var result = new Notebook(name, (JsonObject)metadata.DeepClone(), parsed);
        result.NameCells();
        return result;
    }

    /// <summary>Writes the notebook as format 4.5: the same notebook gives the same bytes.</summary>
    public void Save(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = path + ".part";
        File.WriteAllText(temporary, ToJson());
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The notebook as JSON, laid out as Jupyter does.</summary>
    public string ToJson()
    {
        NameCells();
        var root = new JsonObject
        {
            ["cells"] = new JsonArray([.. Cells.Select(CellJson)]),
            ["metadata"] = Metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        return NotebookJson.Text(root) + "\n";
    }

    /// <summary>Outputs as a file holds them.</summary>
    internal static JsonArray OutputsJson(IEnumerable<CellOutput> outputs, int? count) => new([.. outputs.Select(o => OutputJson(o, count))]);

    /// <summary>Reads outputs from a file's list.</summary>
    internal static IReadOnlyList<CellOutput> ParseOutputs(JsonNode? node, string where) => node is JsonArray outputs ? [.. outputs.OfType<JsonObject>().Select(o => ParseOutput(o, where))] : [];

    /// <summary>Refuses a notebook with a cell, or a part of one, in a language that is not run here.</summary>
    /// <exception cref="NotebookFormatException">There is such a cell.</exception>
    internal void RequireCSharp()
    {
        var number = 0;
        foreach (var cell in Cells)
        {
            number++;
            if (cell.Kind != CellKind.Code) continue;
            if (cell.Language is not ("csharp" or "markdown"))
                throw new NotebookFormatException($"{Name}: cell {number} from the top is in {cell.Language}; this host runs C# only.");
            if (Directives.ForeignLanguage(cell.Source) is { } foreign)
                throw new NotebookFormatException($"{Name}: cell {number} from the top, line {foreign.Line}, is in {foreign.Language}; this host runs C# only.");
        }
    }

    /// <summary>Says in which language it is written, for editors, where it does not say so itself.</summary>
    internal void NameLanguage()
    {
        Metadata["kernelspec"] ??= new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" };
        Metadata["language_info"] ??= new JsonObject { ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#", ["pygments_lexer"] = "csharp" };
    }

    /// <summary>Gives every cell an id: its own where valid and not taken, else one made from its position.</summary>
    internal void NameCells()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Cells.Count; i++)
        {
            var id = Cells[i].Id;
            var valid = id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
            if (valid && taken.Add(id)) continue;
            var made = $"cell-{i + 1}";
            while (Cells.Skip(i + 1).Any(c => c.Id == made) || !taken.Add(made)) made += "x";
            Cells[i].Id = made;
        }
    }

    private static Cell ParseCell(JsonNode? node, string where, string fallbackLanguage, bool withOutputs)
    {
        if (node is not JsonObject cell) throw new NotebookFormatException($"{where}: a JSON object is expected.");
        var kind = cell["cell_type"]?.ToString() switch
        {
            "code" => CellKind.Code,
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            var other => throw new NotebookFormatException($"{where}: cell_type \"{other}\" is unknown; code, markdown or raw is expected."),
        };
        var source = Multiline(cell["source"], where + ": \"source\"");
        var metadata = cell["metadata"] as JsonObject ?? [];
        return new Cell(kind, source)
        {
            Id = cell["id"]?.ToString() ?? "",
            Metadata = (JsonObject)metadata.DeepClone(),
            Attachments = (JsonObject?)(cell["attachments"] as JsonObject)?.DeepClone(),
            Language = Directives.LanguageOf(source) ?? LanguageOf(metadata, fallbackLanguage),
            ExecutionCount = Integer(cell["execution_count"]),
            Outputs = withOutputs ? ParseOutputs(cell["outputs"], where) : [],
        };
    }

    private static CellOutput ParseOutput(JsonObject output, string where) => output["output_type"]?.ToString() switch
    {
        "stream" => new CellOutput(OutputKind.Stream) { Name = output["name"]?.ToString() ?? "stdout", Text = Multiline(output["text"], where + ": output text") },
        "error" => new CellOutput(OutputKind.Error)
        {
            Name = output["ename"]?.ToString() ?? "",
            Text = output["evalue"]?.ToString() ?? "",
            Traceback = output["traceback"] is JsonArray lines ? [.. lines.Select(l => l?.ToString() ?? "")] : [],
        },
        "display_data" => new CellOutput(OutputKind.Display) { Data = ParseData(output["data"], where) },
        "execute_result" => new CellOutput(OutputKind.Result) { Data = ParseData(output["data"], where) },
        var other => throw new NotebookFormatException($"{where}: output_type \"{other}\" is unknown."),
    };

    private static SortedDictionary<string, string> ParseData(JsonNode? data, string where)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (mime, value) in data as JsonObject ?? [])
            result[mime] = NotebookJson.IsJson(mime) ? value?.ToJsonString(NotebookJson.Compact) ?? "null" : Multiline(value, $"{where}: {mime}");
        return result;
    }

    private static string Multiline(JsonNode? node, string what) => node switch
    {
        null => "",
        JsonArray lines => string.Concat(lines.Select(l => l?.ToString() ?? "")),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw new NotebookFormatException($"{what} must be a text or a list of texts."),
    };

    private static int? Integer(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private static string LanguageOf(JsonObject metadata, string fallback = "csharp")
    {
        var name = (metadata["polyglot_notebook"] as JsonObject)?["kernelName"]
            ?? (metadata["dotnet_interactive"] as JsonObject)?["language"]
            ?? (metadata["polyglot_notebook"] as JsonObject)?["language"]
            ?? (metadata["vscode"] as JsonObject)?["languageId"]
            ?? ((metadata["polyglot_notebook"] as JsonObject)?["kernelInfo"] as JsonObject)?["defaultKernelName"]
            ?? (metadata["language_info"] as JsonObject)?["name"]
            ?? (metadata["kernelspec"] as JsonObject)?["language"];
        var language = (name?.ToString() ?? fallback).ToLowerInvariant();
        return language is "c#" or "cs" or "csharp" or "polyglot-notebook" or "dotnet-interactive.csharp" ? "csharp" : language;
    }

    private static JsonObject CellJson(Cell cell)
    {
        var json = new JsonObject();
        if (cell.Attachments is not null && cell.Kind != CellKind.Code) json["attachments"] = cell.Attachments.DeepClone();
        json["cell_type"] = cell.Kind switch { CellKind.Code => "code", CellKind.Markdown => "markdown", _ => "raw" };
        if (cell.Kind == CellKind.Code) json["execution_count"] = cell.ExecutionCount;
        json["id"] = cell.Id;
        json["metadata"] = cell.Metadata.DeepClone();
        if (cell.Kind == CellKind.Code) json["outputs"] = OutputsJson(cell.Outputs, cell.ExecutionCount);
        json["source"] = Lines(cell.Source);
        return json;
    }

    private static JsonObject OutputJson(CellOutput output, int? count) => output.Kind switch
    {
        OutputKind.Stream => new JsonObject { ["name"] = output.Name, ["output_type"] = "stream", ["text"] = Lines(output.Text) },
        OutputKind.Error => new JsonObject
        {
            ["ename"] = output.Name,
            ["evalue"] = output.Text,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. output.Traceback.Select(l => JsonValue.Create(l))]),
        },
        OutputKind.Result => new JsonObject
        {
            ["data"] = DataJson(output),
            ["execution_count"] = count,
            ["metadata"] = new JsonObject(),
            ["output_type"] = "execute_result",
        },
        _ => new JsonObject { ["data"] = DataJson(output), ["metadata"] = new JsonObject(), ["output_type"] = "display_data" },
    };

    private static JsonObject DataJson(CellOutput output)
    {
        var data = new JsonObject();
        foreach (var (mime, value) in output.Data.OrderBy(d => d.Key, StringComparer.Ordinal))
            data[mime] = NotebookJson.IsJson(mime) ? JsonNode.Parse(value)
                : mime.StartsWith("image/", StringComparison.Ordinal) && mime != "image/svg+xml" ? value
                : Lines(value);
        return data;
    }

    private static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(JsonValue.Create(text[start..end]));
            start = end;
        }

        return lines;
    }
}
