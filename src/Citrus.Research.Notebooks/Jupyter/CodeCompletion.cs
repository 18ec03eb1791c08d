using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>What can be typed at the cursor: members after a dot, settable members in an initializer, names in reach and keywords elsewhere, files in <c>#r</c> and <c>#load</c>.</summary>
internal static class CodeCompletion
{
    private const int MaxItems = 1000;

    private static readonly SymbolDisplayFormat Short = SymbolDisplayFormat.MinimallyQualifiedFormat;

    private static readonly string[] Keywords =
    [
        "abstract", "as", "async", "await", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do",
        "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "from", "get", "global", "goto", "if", "implicit", "in", "init",
        "int", "interface", "internal", "is", "lock", "long", "nameof", "namespace", "new", "not", "null", "object", "operator", "or", "orderby", "out", "override", "params", "partial",
        "private", "protected", "public", "readonly", "record", "ref", "required", "return", "sbyte", "sealed", "select", "set", "short", "sizeof", "stackalloc", "static", "string", "struct",
        "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "value", "var", "virtual", "void", "volatile", "when", "where",
        "while", "with", "yield",
    ];

    /// <summary>Looks at a cell that is being written.</summary>
    /// <param name="session">Knows what earlier cells declared.</param>
    /// <param name="code">The cell so far.</param>
    /// <param name="cursor">UTF-16 index.</param>
    public static CompletionList At(CSharpSession session, string code, int cursor)
    {
        if (DirectiveCompletion.At(code, cursor, session.Folder) is { } directive) return directive;
        var start = cursor;
        while (start > 0 && (char.IsLetterOrDigit(code[start - 1]) || code[start - 1] == '_')) start--;
        var end = cursor;
        while (end < code.Length && (char.IsLetterOrDigit(code[end]) || code[end] == '_')) end++;
        var nothing = new CompletionList(cursor, cursor, []);
        if ((start < cursor && char.IsDigit(code[start])) || SourceDepth.IsTooMuch(code)) return nothing;
        if (start > 0 && code[start - 1] == '@') start--;

        var sketch = new CodeSketch(session, code);
        if (sketch.IsText(cursor)) return nothing;
        var prefix = code[start..cursor].TrimStart('@');
        var items = Candidates(sketch, start).Where(i => i.Text.TrimStart('@').StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        var best = items
            .OrderBy(i => i.Text.StartsWith(prefix, StringComparison.Ordinal) ? 0 : 1).ThenBy(i => i.Rank).ThenBy(i => i.Text, StringComparer.OrdinalIgnoreCase).ThenBy(i => i.Text, StringComparer.Ordinal)
            .DistinctBy(i => i.Text).Take(MaxItems).ToList();
        return new CompletionList(start, best.Count > 0 ? end : cursor, best);
    }

    private static IEnumerable<CompletionItem> Candidates(CodeSketch sketch, int start)
    {
        var before = sketch.TokenBefore(start);
        switch (before.Kind())
        {
            case SyntaxKind.DotToken or SyntaxKind.MinusGreaterThanToken or SyntaxKind.ColonColonToken:
                return Members(sketch, before, start);
            case SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken when before.Parent is InitializerExpressionSyntax { Parent: BaseObjectCreationExpressionSyntax creation }
                && sketch.Model.GetTypeInfo(creation).Type is { } created:
                return Settable(sketch, created, start).Concat(Names(sketch, start, _ => true));
            case SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken when before.Parent is InitializerExpressionSyntax { Parent: WithExpressionSyntax with }
                && sketch.Model.GetTypeInfo(with.Expression).Type is { } copied:
                return Settable(sketch, copied, start);
            case SyntaxKind.UsingKeyword when before.Parent is UsingDirectiveSyntax:
                return Names(sketch, start, s => s is INamespaceOrTypeSymbol, keywords: false).Append(new CompletionItem("static", "keyword", "", 9));
            case SyntaxKind.NewKeyword:
                return Names(sketch, start, s => s is INamespaceSymbol or INamedTypeSymbol { IsAbstract: false, IsStatic: false, TypeKind: not TypeKind.Enum and not TypeKind.Interface }, keywords: false);
            case SyntaxKind.OpenParenToken or SyntaxKind.CommaToken when before.Parent is BaseArgumentListSyntax list:
                return ArgumentNames(sketch, list).Concat(Names(sketch, start, _ => true));
            default:
                return Names(sketch, start, _ => true);
        }
    }

    private static IEnumerable<CompletionItem> Members(CodeSketch sketch, SyntaxToken dot, int start)
    {
        SyntaxNode? left = dot.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            QualifiedNameSyntax name => name.Left,
            AliasQualifiedNameSyntax alias => alias.Alias,
            MemberBindingExpressionSyntax binding => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>(c => c.WhenNotNull.Span.Contains(binding.SpanStart))?.Expression,
            _ => null,
        };
        if (left is null) return [];
        var (container, value) = sketch.Left(left);
        if (dot.Parent is MemberBindingExpressionSyntax && value is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable) value = nullable.TypeArguments[0];
        if (value is IPointerTypeSymbol pointer) value = pointer.PointedAtType;
        IEnumerable<ISymbol> symbols;
        if (value is not null) symbols = sketch.Model.LookupSymbols(start, value, includeReducedExtensionMethods: true).Where(s => !s.IsStatic || s is IMethodSymbol { MethodKind: MethodKind.ReducedExtension }).Where(s => s is not ITypeSymbol);
        else if (container is INamespaceSymbol space) symbols = sketch.Model.LookupNamespacesAndTypes(start, space);
        else if (container is ITypeSymbol type) symbols = sketch.Model.LookupSymbols(start, type).Where(s => s.IsStatic || s is ITypeSymbol);
        else symbols = [];
        if (dot.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { StaticKeyword.RawKind: 0 }) symbols = symbols.Where(s => s is INamespaceOrTypeSymbol);
        return Items(symbols, sketch, start);
    }

    private static IEnumerable<CompletionItem> Settable(CodeSketch sketch, ITypeSymbol type, int start) =>
        Items(sketch.Model.LookupSymbols(start, type).Where(s => s is IPropertySymbol { SetMethod: not null, IsStatic: false, IsIndexer: false } or IFieldSymbol { IsReadOnly: false, IsStatic: false }), sketch, start)
            .Select(i => i with { Rank = -1 });

    private static IEnumerable<CompletionItem> ArgumentNames(CodeSketch sketch, BaseArgumentListSyntax list) =>
        CallOverloads.Of(sketch, list).SelectMany(o => o.Parameters).DistinctBy(p => p.Name)
            .Select(p => new CompletionItem(p.Name + ":", "param", p.Type.ToDisplayString(Short), 3));

    private static IEnumerable<CompletionItem> Names(CodeSketch sketch, int start, Func<ISymbol, bool> wanted, bool keywords = true)
    {
        var items = Items(sketch.Model.LookupSymbols(start).Where(wanted), sketch, start);
        return keywords ? items.Concat(Keywords.Select(k => new CompletionItem(k, "keyword", "", 8))) : items;
    }

    private static IEnumerable<CompletionItem> Items(IEnumerable<ISymbol> symbols, CodeSketch sketch, int start)
    {
        foreach (var group in symbols.Where(IsShown).GroupBy(s => s.Name, StringComparer.Ordinal))
        {
            var symbol = group.OrderBy(Rank).First();
            var more = group.Count(s => s is IMethodSymbol) - 1;
            var detail = Detail(symbol, sketch, start) + (symbol is IMethodSymbol && more > 0 ? $" (+{more})" : "");
            var text = SyntaxFacts.GetKeywordKind(symbol.Name) != SyntaxKind.None ? "@" + symbol.Name : symbol.Name;
            yield return new CompletionItem(text, KindOf(symbol), detail, Rank(symbol));
        }
    }

    private static bool IsShown(ISymbol symbol) =>
        symbol.CanBeReferencedByName && symbol.Name.Length > 0 && symbol.Name[0] != '<'
        && symbol is not IMethodSymbol { MethodKind: not MethodKind.Ordinary and not MethodKind.ReducedExtension and not MethodKind.LocalFunction and not MethodKind.DelegateInvoke }
        && !symbol.GetAttributes().Any(a => a is { AttributeClass.Name: "EditorBrowsableAttribute", ConstructorArguments: [{ Value: 1 }] });

    private static string Detail(ISymbol symbol, CodeSketch sketch, int start) => symbol switch
    {
        INamespaceSymbol => "",
        ITypeSymbol type => type.ToDisplayString(Short),
        IMethodSymbol method => $"{method.ToMinimalDisplayString(sketch.Model, start)}",
        _ => CodeSketch.TypeOf(symbol)?.ToMinimalDisplayString(sketch.Model, start) ?? "",
    };

    private static string KindOf(ISymbol symbol) => symbol switch
    {
        INamespaceSymbol => "module",
        ITypeSymbol { TypeKind: TypeKind.Enum } => "enum",
        ITypeSymbol { TypeKind: TypeKind.Interface } => "interface",
        ITypeSymbol => "class",
        IMethodSymbol => "function",
        IPropertySymbol => "property",
        IFieldSymbol { ContainingType.IsScriptClass: true } => "instance",
        IFieldSymbol => "property",
        IEventSymbol => "property",
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => "instance",
        _ => "text",
    };

    private static int Rank(ISymbol symbol) => symbol switch
    {
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => 0,
        IFieldSymbol or IPropertySymbol when symbol.ContainingType?.IsScriptClass == true => 1,
        IPropertySymbol or IFieldSymbol or IEventSymbol => 2,
        IMethodSymbol { MethodKind: MethodKind.ReducedExtension } => 4,
        IMethodSymbol => 3,
        ITypeSymbol => 5,
        _ => 6,
    };
}
