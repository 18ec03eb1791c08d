using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Citrus.Research.Notebooks;

/// <summary>Writes a cell that sets parameters after the one that declares them, as papermill does.</summary>
internal static class ParameterCell
{
    private const string Declaring = "parameters";
    internal const string Injected = "injected-parameters";

    /// <summary>Puts the values in; an injected cell of an earlier run is replaced.</summary>
    /// <exception cref="NotebookFormatException">No cell declares parameters, a name is not declared there, or a value does not fit its type.</exception>
    public static void Inject(Notebook notebook, IReadOnlyDictionary<string, object?> parameters)
    {
        notebook.Cells.RemoveAll(c => c.Tags.Contains(Injected));
        if (parameters.Count == 0) return;

        var index = notebook.Cells.FindIndex(c => c.Kind == CellKind.Code && c.Tags.Contains(Declaring));
        if (index < 0)
            throw new NotebookFormatException($"{notebook.Name}: has no code cell tagged \"{Declaring}\", so {string.Join(", ", parameters.Keys)} cannot be set.");

        if (SourceDepth.IsTooMuch(notebook.Cells[index].Source)) throw new NotebookFormatException($"{notebook.Name}: the parameters cell nests deeper than {SourceDepth.Most} levels.");
        var declared = Declarations(notebook.Cells[index].Source);
        var lines = new List<string> { "// Parameters of this run" };
        foreach (var (name, value) in parameters.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (!declared.TryGetValue(name, out var type))
                throw new NotebookFormatException(
                    $"{notebook.Name}: has no parameter \"{name}\"; it declares {string.Join(", ", declared.Keys.Order(StringComparer.Ordinal))}.");
            lines.Add($"{name} = {type.Literal(value, $"{notebook.Name}: parameter {name}")};");
        }

        var cell = new Cell(CellKind.Code, string.Join('\n', lines))
        {
            Id = Injected,
            Metadata = new JsonObject { ["tags"] = new JsonArray(Injected) },
        };
        notebook.Cells.Insert(index + 1, cell);
    }

    private static Dictionary<string, ParameterType> Declarations(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script));
        var result = new Dictionary<string, ParameterType>(StringComparer.Ordinal);
        foreach (var field in tree.GetRoot().ChildNodes().OfType<FieldDeclarationSyntax>())
            foreach (var variable in field.Declaration.Variables)
                result[variable.Identifier.Text] = field.Modifiers.Any(SyntaxKind.ConstKeyword) || field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)
                    ? ParameterType.Fixed : ParameterType.Of(field.Declaration.Type, variable.Initializer?.Value);
        return result;
    }
}
