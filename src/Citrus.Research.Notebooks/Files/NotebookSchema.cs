using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks.Files;

/// <summary>What nbformat 4.5 asks of a notebook's JSON (the rules of Jupyter's published schema, checked one by one so that a message can say where and what).</summary>
internal static partial class NotebookSchema
{
    /// <summary>Every violation; the cell is counted from 1, 0 is the notebook itself.</summary>
    public static IEnumerable<NotebookFinding> Check(JsonObject notebook)
    {
        foreach (var finding in Members(notebook, 0, "the notebook", ["cells", "metadata", "nbformat", "nbformat_minor"], [])) yield return finding;
        if (!IsInteger(notebook["nbformat"], 4, 4)) yield return new(0, "nbformat must be 4");
        if (!IsInteger(notebook["nbformat_minor"], 5)) yield return new(0, "nbformat_minor must be 5: cells have ids from then on");
        if (notebook["metadata"] is not JsonObject metadata) yield return new(0, "metadata must be an object");
        else
            foreach (var finding in Metadata(metadata)) yield return finding;
        if (notebook["cells"] is not JsonArray cells)
        {
            yield return new(0, "cells must be a list");
            yield break;
        }

        for (var i = 0; i < cells.Count; i++)
            foreach (var finding in Cell(cells[i], i + 1)) yield return finding;
        var ids = cells.OfType<JsonObject>().Select((c, i) => (Id: c["id"]?.ToString(), Number: i + 1)).Where(c => c.Id is not null);
        foreach (var group in ids.GroupBy(c => c.Id, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return new(group.Last().Number, $"id \"{group.Key}\" is also that of cell {group.First().Number}");
    }

    private static IEnumerable<NotebookFinding> Metadata(JsonObject metadata)
    {
        foreach (var (name, needed) in ((string, string[])[])[("kernelspec", ["name", "display_name"]), ("language_info", ["name"])])
        {
            if (!metadata.TryGetPropertyValue(name, out var node)) continue;
            if (node is not JsonObject described) yield return new(0, $"metadata.{name} must be an object");
            else
                foreach (var member in needed.Where(m => !IsText(described[m]))) yield return new(0, $"metadata.{name}.{member} must be a text");
        }

        if (metadata["language_info"] is JsonObject language)
        {
            foreach (var member in ((string[])["file_extension", "mimetype", "pygments_lexer"]).Where(m => language.ContainsKey(m) && !IsText(language[m])))
                yield return new(0, $"metadata.language_info.{member} must be a text");
            if (language.ContainsKey("codemirror_mode") && !(IsText(language["codemirror_mode"]) || language["codemirror_mode"] is JsonObject))
                yield return new(0, "metadata.language_info.codemirror_mode must be a text or an object");
        }

        if (metadata.ContainsKey("orig_nbformat") && !IsInteger(metadata["orig_nbformat"], 1)) yield return new(0, "metadata.orig_nbformat must be a whole number from 1");
        if (metadata.ContainsKey("title") && !IsText(metadata["title"])) yield return new(0, "metadata.title must be a text");
        if (metadata.ContainsKey("authors") && metadata["authors"] is not JsonArray) yield return new(0, "metadata.authors must be a list");
    }

    private static IEnumerable<NotebookFinding> Cell(JsonNode? node, int number)
    {
        if (node is not JsonObject cell)
        {
            yield return new(number, "must be an object");
            yield break;
        }

        var type = cell["cell_type"]?.ToString();
        if (type is not ("code" or "markdown" or "raw"))
        {
            yield return new(number, $"cell_type \"{type}\" must be code, markdown or raw");
            yield break;
        }

        var code = type == "code";
        string[] needed = code ? ["cell_type", "execution_count", "id", "metadata", "outputs", "source"] : ["cell_type", "id", "metadata", "source"];
        foreach (var finding in Members(cell, number, "the cell", needed, code ? [] : ["attachments"])) yield return finding;
        if (cell.ContainsKey("id") && !(IsText(cell["id"]) && Id().IsMatch(cell["id"]!.ToString()))) yield return new(number, $"id {cell["id"]?.ToJsonString(NotebookJson.Compact)} must be 1 to 64 letters, digits, - or _");
        if (cell.ContainsKey("source") && !IsMultiline(cell["source"])) yield return new(number, "source must be a text or a list of texts");
        if (cell["metadata"] is not JsonObject metadata)
        {
            if (cell.ContainsKey("metadata")) yield return new(number, "metadata must be an object");
        }
        else
        {
            foreach (var finding in CellMetadata(metadata, number, type)) yield return finding;
        }

        if (cell.ContainsKey("attachments") && !(cell["attachments"] is JsonObject attachments && attachments.All(a => IsBundle(a.Value))))
            yield return new(number, "attachments must be MIME bundles by name");
        if (!code) yield break;
        if (cell.ContainsKey("execution_count") && !(cell["execution_count"] is null || IsInteger(cell["execution_count"], 0))) yield return new(number, "execution_count must be a whole number or null");
        if (!cell.ContainsKey("outputs")) yield break;
        if (cell["outputs"] is not JsonArray outputs) yield return new(number, "outputs must be a list");
        else
            for (var i = 0; i < outputs.Count; i++)
                foreach (var finding in Output(outputs[i], number, $"output {i + 1}")) yield return finding;
    }

    private static IEnumerable<NotebookFinding> CellMetadata(JsonObject metadata, int number, string type)
    {
        if (metadata.ContainsKey("name") && !(IsText(metadata["name"]) && metadata["name"]!.ToString().Length > 0)) yield return new(number, "metadata.name must be a text");
        if (metadata.ContainsKey("tags") && !(metadata["tags"] is JsonArray tags && tags.All(t => IsText(t) && t!.ToString().Length > 0 && !t.ToString().Contains(',', StringComparison.Ordinal))
            && tags.Select(t => t!.ToString()).Distinct(StringComparer.Ordinal).Count() == tags.Count))
            yield return new(number, "metadata.tags must be a list of different texts without commas");
        if (metadata.ContainsKey("jupyter") && metadata["jupyter"] is not JsonObject) yield return new(number, "metadata.jupyter must be an object");
        if (type == "raw" && metadata.ContainsKey("format") && !IsText(metadata["format"])) yield return new(number, "metadata.format must be a text");
        if (type != "code") yield break;
        if (metadata.ContainsKey("collapsed") && !IsBoolean(metadata["collapsed"])) yield return new(number, "metadata.collapsed must be true or false");
        if (metadata.ContainsKey("scrolled") && !(IsBoolean(metadata["scrolled"]) || (IsText(metadata["scrolled"]) && metadata["scrolled"]!.ToString() == "auto")))
            yield return new(number, "metadata.scrolled must be true, false or \"auto\"");
        if (metadata.ContainsKey("execution") && !(metadata["execution"] is JsonObject execution && execution.All(e => IsText(e.Value))))
            yield return new(number, "metadata.execution must hold texts");
    }

    private static IEnumerable<NotebookFinding> Output(JsonNode? node, int number, string where)
    {
        var output = node as JsonObject;
        var type = output?["output_type"]?.ToString();
        string[] needed = type switch
        {
            "stream" => ["name", "output_type", "text"],
            "error" => ["ename", "evalue", "output_type", "traceback"],
            "display_data" => ["data", "metadata", "output_type"],
            "execute_result" => ["data", "execution_count", "metadata", "output_type"],
            _ => [],
        };
        if (output is null || needed.Length == 0)
        {
            yield return new(number, $"{where}: output_type \"{type}\" must be stream, display_data, execute_result or error");
            yield break;
        }

        foreach (var finding in Members(output, number, where, needed, [])) yield return finding;
        foreach (var (name, value) in output)
        {
            var problem = name switch
            {
                "name" or "ename" or "evalue" when needed.Contains(name) && !IsText(value) => "must be a text",
                "text" when !IsMultiline(value) => "must be a text or a list of texts",
                "traceback" when !(value is JsonArray lines && lines.All(IsText)) => "must be a list of texts",
                "data" when !IsBundle(value) => "must hold a text, or a list of texts, for each MIME type that is not JSON",
                "metadata" when value is not JsonObject => "must be an object",
                "execution_count" when value is not null && !IsInteger(value, 0) => "must be a whole number or null",
                _ => null,
            };
            if (problem is not null && needed.Contains(name)) yield return new(number, $"{where}: {name} {problem}");
        }
    }

    private static IEnumerable<NotebookFinding> Members(JsonObject node, int number, string what, string[] needed, string[] allowed)
    {
        foreach (var name in needed.Where(n => !node.ContainsKey(n))) yield return new(number, $"{what} has no \"{name}\"");
        foreach (var name in node.Select(m => m.Key).Where(n => !needed.Contains(n) && !allowed.Contains(n))) yield return new(number, $"{what} may not have \"{name}\"");
    }

    private static bool IsBundle(JsonNode? node) => node is JsonObject bundle && bundle.All(m => Json().IsMatch(m.Key) || IsMultiline(m.Value));

    private static bool IsMultiline(JsonNode? node) => IsText(node) || (node is JsonArray lines && lines.All(IsText));

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool IsBoolean(JsonNode? node) => node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    private static bool IsInteger(JsonNode? node, long least, long most = long.MaxValue) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) && Math.Floor(number) == number && number >= least && number <= most;

    [GeneratedRegex(@"^[a-zA-Z0-9\-_]{1,64}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"^application/(.*\+)?json$")]
    private static partial Regex Json();
}
