using System.Globalization;
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

        var declared = Declarations(notebook.Cells[index].Source);
        var lines = new List<string> { "// Parameters of this run" };
        foreach (var (name, value) in parameters.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (!declared.TryGetValue(name, out var type))
                throw new NotebookFormatException(
                    $"{notebook.Name}: has no parameter \"{name}\"; it declares {string.Join(", ", declared.Keys.Order(StringComparer.Ordinal))}.");
            lines.Add($"{name} = {Literal(value, type, $"{notebook.Name}: parameter {name}")};");
        }

        var cell = new Cell(CellKind.Code, string.Join('\n', lines))
        {
            Id = Injected,
            Metadata = new JsonObject { ["tags"] = new JsonArray(Injected) },
        };
        notebook.Cells.Insert(index + 1, cell);
    }

    private static Dictionary<string, string> Declarations(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script));
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var declaration in tree.GetRoot().ChildNodes().OfType<FieldDeclarationSyntax>().Select(f => f.Declaration))
            foreach (var variable in declaration.Variables)
                result[variable.Identifier.Text] = declaration.Type.IsVar ? TypeOf(variable.Initializer?.Value) : declaration.Type.ToString().TrimEnd('?');
        return result;
    }

    private static string TypeOf(ExpressionSyntax? value)
    {
        if (value is PrefixUnaryExpressionSyntax sign) value = sign.Operand;
        return (value as LiteralExpressionSyntax)?.Token.Value switch
        {
            string => "string",
            bool => "bool",
            int => "int",
            long => "long",
            double => "double",
            float => "float",
            decimal => "decimal",
            ulong => "ulong",
            uint => "uint",
            _ => "var",
        };
    }

    private static string Literal(object? value, string type, string what)
    {
        if (value is null) return "null";
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        var invariant = CultureInfo.InvariantCulture;
        string? literal = type.ToLowerInvariant() switch
        {
            "string" => SymbolDisplay.FormatLiteral(text, quote: true),
            "bool" or "boolean" => bool.TryParse(text, out var b) ? (b ? "true" : "false") : null,
            "int" or "int32" => int.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var i) ? i.ToString(invariant) : null,
            "long" or "int64" => long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var l) ? l.ToString(invariant) : null,
            "uint" or "uint32" => uint.TryParse(text, NumberStyles.None, invariant, out var u) ? u.ToString(invariant) : null,
            "ulong" or "uint64" => ulong.TryParse(text, NumberStyles.None, invariant, out var ul) ? ul.ToString(invariant) : null,
            "double" => double.TryParse(text, NumberStyles.Float, invariant, out var d) && double.IsFinite(d) ? d.ToString("R", invariant) : null,
            "float" or "single" => float.TryParse(text, NumberStyles.Float, invariant, out var f) && float.IsFinite(f) ? f.ToString("R", invariant) + "f" : null,
            "decimal" => decimal.TryParse(text, NumberStyles.Number, invariant, out var m) ? m.ToString(invariant) + "m" : null,
            _ => throw new NotebookFormatException($"{what} is declared as {type}; only string, bool and number variables can be set."),
        };
        return literal ?? throw new NotebookFormatException($"{what}: \"{text}\" is no {type}.");
    }
}
