using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Citrus.Research.Notebooks;

/// <summary>The type that a parameters cell declares for a variable, and how a value is written in it.</summary>
/// <param name="Name">As declared.</param>
/// <param name="Element">What one value is: a C# keyword, or empty where such values cannot be set.</param>
/// <param name="IsList">Whether it takes a list of them.</param>
/// <param name="MayBeNull">Whether it is declared with a question mark.</param>
internal sealed record ParameterType(string Name, string Element, bool IsList, bool MayBeNull)
{
    private const int MaxItems = 10_000;

    private static readonly string[] Lists = ["List", "IList", "IReadOnlyList", "IEnumerable", "ICollection", "IReadOnlyCollection"];

    /// <summary>A constant, which nothing can be assigned to.</summary>
    public static ParameterType Fixed { get; } = new("a constant", "", false, false);

    /// <summary>Reads a declaration.</summary>
    public static ParameterType Of(TypeSyntax declared, ExpressionSyntax? initializer)
    {
        if (declared.IsVar)
        {
            var (element, list) = Inferred(initializer);
            return new ParameterType("var", element, list, false);
        }

        var type = declared is NullableTypeSyntax nullable ? nullable.ElementType : declared;
        var inner = type switch
        {
            ArrayTypeSyntax { RankSpecifiers: [{ Rank: 1 }] } array => array.ElementType,
            GenericNameSyntax { TypeArgumentList.Arguments: [var argument] } generic when Lists.Contains(generic.Identifier.Text) => argument,
            _ => null,
        };
        return new ParameterType(declared.ToString(), Keyword((inner ?? type).ToString()), inner is not null, declared is NullableTypeSyntax);
    }

    /// <summary>The value as C# source.</summary>
    /// <exception cref="NotebookFormatException">It does not fit.</exception>
    public string Literal(object? value, string what)
    {
        if (Element.Length == 0) throw new NotebookFormatException($"{what} is declared as {Name}; only variables of type string, bool or number, and lists of them, can be set.");
        if (value is null || (MayBeNull && Element != "string" && value is "null")) return MayBeNull || Element == "string" || IsList ? "null" : throw new NotebookFormatException($"{what}: null is no {Name}.");
        if (!IsList) return One(value, what);
        var items = value switch
        {
            string text => Split(text, what),
            IEnumerable many => [.. many.Cast<object?>()],
            _ => throw new NotebookFormatException($"{what}: \"{value}\" is no list."),
        };
        if (items.Count > MaxItems) throw new NotebookFormatException($"{what}: {items.Count} values; at most {MaxItems} are taken.");
        // An array, too, where the list was declared as something wider: hosts with an older C# know no other way to write it.
        return $"new {Element}[] {{ {string.Join(", ", items.Select(i => One(i ?? throw new NotebookFormatException($"{what}: null is no {Element}."), what)))} }}{(Name.StartsWith("List<", StringComparison.Ordinal) ? ".ToList()" : "")}";
    }

    private static List<object?> Split(string text, string what)
    {
        if (text.Trim().Length == 0) return [];
        if (!text.TrimStart().StartsWith('[')) return [.. text.Split(',').Select(t => (object?)t.Trim())];
        try
        {
            return [.. (JsonNode.Parse(text) as JsonArray ?? []).Select(n => n?.GetValueKind() is JsonValueKind.Object or JsonValueKind.Array
                ? throw new NotebookFormatException($"{what}: a list inside of a list cannot be set.") : (object?)n?.ToString())];
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException($"{what}: \"{text}\" is no JSON list: {e.Message}", e);
        }
    }

    private string One(object value, string what)
    {
        var invariant = CultureInfo.InvariantCulture;
        var text = Convert.ToString(value, invariant) ?? "";
        string? literal = Element switch
        {
            "string" => SymbolDisplay.FormatLiteral(text, quote: true),
            "bool" => bool.TryParse(text, out var b) ? (b ? "true" : "false") : null,
            "int" => int.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var i) ? i.ToString(invariant) : null,
            "long" => long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var l) ? l.ToString(invariant) + "L" : null,
            "uint" => uint.TryParse(text, NumberStyles.None, invariant, out var u) ? u.ToString(invariant) + "u" : null,
            "ulong" => ulong.TryParse(text, NumberStyles.None, invariant, out var ul) ? ul.ToString(invariant) + "UL" : null,
            "double" => double.TryParse(text, NumberStyles.Float, invariant, out var d) && double.IsFinite(d) ? d.ToString("R", invariant) + "d" : null,
            "float" => float.TryParse(text, NumberStyles.Float, invariant, out var f) && float.IsFinite(f) ? f.ToString("R", invariant) + "f" : null,
            "decimal" => decimal.TryParse(text, NumberStyles.Number, invariant, out var m) ? m.ToString(invariant) + "m" : null,
            _ => null,
        };
        return literal ?? throw new NotebookFormatException($"{what}: \"{text}\" is no {Element}.");
    }

    private static (string Element, bool IsList) Inferred(ExpressionSyntax? value)
    {
        while (value is PrefixUnaryExpressionSyntax sign) value = sign.Operand;
        return value switch
        {
            LiteralExpressionSyntax literal => (Keyword(literal.Token.Value?.GetType().Name ?? ""), false),
            ImplicitArrayCreationExpressionSyntax { Initializer.Expressions: [var first, ..] } => (Inferred(first).Element, true),
            ArrayCreationExpressionSyntax { Type: { RankSpecifiers: [{ Rank: 1 }] } type } => (Keyword(type.ElementType.ToString()), true),
            _ => ("", false),
        };
    }

    private static string Keyword(string type) => type.TrimEnd('?') switch
    {
        "string" or "String" or "System.String" => "string",
        "bool" or "Boolean" or "System.Boolean" => "bool",
        "int" or "Int32" or "System.Int32" => "int",
        "long" or "Int64" or "System.Int64" => "long",
        "uint" or "UInt32" or "System.UInt32" => "uint",
        "ulong" or "UInt64" or "System.UInt64" => "ulong",
        "double" or "Double" or "System.Double" => "double",
        "float" or "Single" or "System.Single" => "float",
        "decimal" or "Decimal" or "System.Decimal" => "decimal",
        _ => "",
    };
}
