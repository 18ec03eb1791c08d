using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Hover and signature help: the declaration and documentation of what the cursor is on; after an open parenthesis or a comma, the overloads and the parameter at the cursor.</summary>
internal static class CodeInspection
{
    private const int MaxOverloads = 12;

    private static readonly SymbolDisplayFormat Declaration = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted, SymbolDisplayTypeQualificationStyle.NameOnly, SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef,
        SymbolDisplayDelegateStyle.NameAndSignature, SymbolDisplayExtensionMethodStyle.Default,
        SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor, SymbolDisplayLocalOptions.IncludeType | SymbolDisplayLocalOptions.IncludeConstantValue, SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword,
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>Looks at a place in a cell; null where there is nothing to say.</summary>
    /// <param name="session">Knows what earlier cells declared.</param>
    /// <param name="code">The cell so far.</param>
    /// <param name="cursor">UTF-16 index.</param>
    /// <param name="detailed">All that the documentation says, and where the symbol comes from.</param>
    public static Inspection? At(CSharpSession session, string code, int cursor, bool detailed)
    {
        if (SourceDepth.IsTooMuch(code)) return null;
        var sketch = new CodeSketch(session, code);
        var symbol = SymbolAt(sketch, cursor);
        if (symbol is not null) return Of([symbol], null, detailed);
        // Nothing under the cursor: the call that it is inside of.
        var token = sketch.TokenBefore(cursor);
        for (var node = token.Parent; node is not null; node = node.Parent)
        {
            if (node is not (ArgumentListSyntax or BracketedArgumentListSyntax or AttributeArgumentListSyntax)) continue;
            if (node.SpanStart >= cursor || node.GetLastToken() is { IsMissing: false } last && last.Kind() is SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken && node.GetLastToken().Span.End <= cursor) continue;
            var overloads = CallOverloads.Of(sketch, node);
            if (overloads.Count > 0) return Of([.. overloads], CallOverloads.ParameterAt(node, cursor), detailed);
        }

        return null;
    }

    private static ISymbol? SymbolAt(CodeSketch sketch, int cursor)
    {
        foreach (var at in new[] { cursor, cursor - 1 })
        {
            if (at < 0 || at >= sketch.Code.Length) continue;
            var token = sketch.Root.FindToken(at);
            if (!token.Span.Contains(at) || !(token.IsKind(SyntaxKind.IdentifierToken) || SyntaxFacts.IsPredefinedType(token.Kind()) || token.Text == "var" || token.Text == "new")) continue;
            if (token.Parent is not { } node) continue;
            if (sketch.Model.GetDeclaredSymbol(node) is { } declared && token.IsKind(SyntaxKind.IdentifierToken)) return declared;
            if (token.IsKind(SyntaxKind.NewKeyword) && node is not BaseObjectCreationExpressionSyntax) continue;
            if (node is SimpleNameSyntax { Parent: ObjectCreationExpressionSyntax creation } && creation.Type == node && sketch.Model.GetSymbolInfo(creation).Symbol is { } constructor) return constructor;
            var info = sketch.Model.GetSymbolInfo(node);
            var symbol = info.Symbol ?? (info.CandidateSymbols.Length > 0 ? info.CandidateSymbols[0] : null) ?? (node is SimpleNameSyntax name ? sketch.Model.GetMemberGroup(name).FirstOrDefault() : null);
            if (symbol is not null) return symbol is IAliasSymbol alias ? alias.Target : symbol;
        }

        return null;
    }

    private static Inspection Of(IReadOnlyList<ISymbol> symbols, int? parameter, bool detailed)
    {
        var (plain, markdown) = (new StringBuilder(), new StringBuilder());
        foreach (var symbol in symbols.Take(MaxOverloads))
        {
            var text = Describe(symbol);
            plain.AppendLine(text);
            markdown.Append("```csharp\n").Append(text).Append("\n```\n\n");
        }

        if (symbols.Count > MaxOverloads) Both($"and {symbols.Count - MaxOverloads} more");
        var docs = SymbolDocs.Of(symbols[0]);
        if (docs?.Summary is { Length: > 0 } summary) Both(summary);
        if (parameter is { } index && symbols[0] is IMethodSymbol method && method.Parameters.Length > 0)
        {
            var current = method.Parameters[Math.Min(index, method.Parameters.Length - 1)];
            plain.AppendLine().AppendLine($"{current.Name}: {docs?.Parameter(current.Name) ?? current.Type.ToDisplayString(Declaration)}");
            markdown.Append("**`").Append(current.Name).Append("`** ").Append(docs?.Parameter(current.Name) ?? $"`{current.Type.ToDisplayString(Declaration)}`").Append("\n\n");
        }

        if (detailed)
        {
            foreach (var (title, text) in docs?.More ?? []) Both($"{title}: {text}");
            if (symbols[0].ContainingAssembly is { } assembly && symbols[0].Locations.All(l => l.IsInMetadata))
                Both($"From {symbols[0].ContainingNamespace?.ToDisplayString()}, assembly {assembly.Name} {assembly.Identity.Version}");
        }

        return new Inspection(plain.ToString().TrimEnd(), markdown.ToString().TrimEnd());

        void Both(string text)
        {
            plain.AppendLine().AppendLine(text);
            markdown.Append(text).Append("\n\n");
        }
    }

    private static string Describe(ISymbol symbol)
    {
        var text = symbol.ToDisplayString(Declaration);
        // A cell's variable is a field of a class that nobody wrote.
        if (symbol.ContainingType is { IsScriptClass: true } script) text = text.Replace(script.Name + ".", "", StringComparison.Ordinal);
        var kind = symbol switch
        {
            ILocalSymbol => "(local) ",
            IParameterSymbol => "(parameter) ",
            IFieldSymbol { ContainingType.IsScriptClass: true } => "(variable) ",
            IMethodSymbol { IsExtensionMethod: true } => "(extension) ",
            _ => "",
        };
        return kind + text;
    }
}
