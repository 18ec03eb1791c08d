using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>A cell that is being written, seen by the compiler after the cells before it.</summary>
internal sealed class CodeSketch
{
    public CodeSketch(CSharpSession session, string code)
    {
        Code = DirectiveLines.Blank(code);
        var compilation = session.Sketch(Code);
        Tree = compilation.SyntaxTrees.Last();
        Root = Tree.GetRoot();
        Model = compilation.GetSemanticModel(Tree);
    }

    /// <summary>The text with directive lines blank.</summary>
    public string Code { get; }

    public SyntaxTree Tree { get; }

    public SyntaxNode Root { get; }

    public SemanticModel Model { get; }

    /// <summary>The token that ends at or before an index, or has it inside; the end token where there is none.</summary>
    public SyntaxToken TokenBefore(int index)
    {
        var at = Math.Min(index, Code.Length) - 1;
        while (at >= 0 && char.IsWhiteSpace(Code[at])) at--;
        return at < 0 ? default : Root.FindToken(at);
    }

    /// <summary>Whether an index is inside of a comment or of a literal, where nothing can be suggested.</summary>
    public bool IsText(int index)
    {
        if (index <= 0) return false;
        var trivia = Root.FindTrivia(index - 1);
        if (trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.DisabledTextTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia)
            return !trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) || index < trivia.Span.End;
        var token = Root.FindToken(index - 1);
        if (index <= token.SpanStart) return false;
        var literal = token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.NumericLiteralToken;
        return literal && (index < token.Span.End || token.IsKind(SyntaxKind.InterpolatedStringTextToken) || token.IsKind(SyntaxKind.NumericLiteralToken) || IsOpen(token));
    }

    /// <summary>What an expression left of a dot is: a namespace or type, or a value of a type.</summary>
    public (INamespaceOrTypeSymbol? Container, ITypeSymbol? Value) Left(SyntaxNode node)
    {
        // Bound anew where it stands: a line that is not finished is often read together with the next one.
        if (node is not ExpressionSyntax expression) return (null, null);
        var info = Model.GetSymbolInfo(expression);
        var type = Model.GetTypeInfo(expression).Type;
        if (info.Symbol is null && type is null or IErrorTypeSymbol)
        {
            var parsed = SyntaxFactory.ParseExpression(node.ToString(), options: (CSharpParseOptions)Tree.Options);
            info = Model.GetSpeculativeSymbolInfo(node.SpanStart, parsed, SpeculativeBindingOption.BindAsExpression);
            type = Model.GetSpeculativeTypeInfo(node.SpanStart, parsed, SpeculativeBindingOption.BindAsExpression).Type;
            if (info.Symbol is null && type is null or IErrorTypeSymbol)
                info = Model.GetSpeculativeSymbolInfo(node.SpanStart, parsed, SpeculativeBindingOption.BindAsTypeOrNamespace);
        }

        var symbol = info.Symbol ?? (info.CandidateSymbols.Length > 0 ? info.CandidateSymbols[0] : null);
        if (symbol is IAliasSymbol alias) symbol = alias.Target;
        if (symbol is INamespaceOrTypeSymbol container) return (container, null);
        return (null, type is null or IErrorTypeSymbol ? TypeOf(symbol) : type);
    }

    /// <summary>The type of what a symbol stands for.</summary>
    public static ITypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IEventSymbol @event => @event.Type,
        IMethodSymbol { MethodKind: not MethodKind.Constructor } method => method.ReturnType,
        _ => null,
    };

    private static bool IsOpen(SyntaxToken token) => token.ContainsDiagnostics;
}
