using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>The methods that an argument list could be for.</summary>
internal static class CallOverloads
{
    /// <summary>All overloads, the chosen one first where the compiler can choose.</summary>
    public static IReadOnlyList<IMethodSymbol> Of(CodeSketch sketch, SyntaxNode list)
    {
        var model = sketch.Model;
        IEnumerable<ISymbol> found = list.Parent switch
        {
            InvocationExpressionSyntax call => Group(sketch, call.Expression),
            BaseObjectCreationExpressionSyntax creation => model.GetTypeInfo(creation).Type is INamedTypeSymbol type ? type.InstanceConstructors : [],
            ElementAccessExpressionSyntax access => sketch.Left(access.Expression).Value is { } type ? type.GetMembers().OfType<IPropertySymbol>().Where(p => p.IsIndexer).Select(p => p.GetMethod ?? p.SetMethod).OfType<ISymbol>() : [],
            AttributeSyntax attribute => model.GetTypeInfo(attribute).Type is INamedTypeSymbol type ? type.InstanceConstructors : [],
            ConstructorInitializerSyntax initializer => model.GetSymbolInfo(initializer).CandidateSymbols,
            PrimaryConstructorBaseTypeSyntax @base => model.GetTypeInfo(@base.Type).Type is INamedTypeSymbol type ? type.InstanceConstructors : [],
            _ => [],
        };
        var chosen = list.Parent is { } parent ? model.GetSymbolInfo(parent).Symbol : null;
        return [.. found.OfType<IMethodSymbol>()
            .Where(m => m.DeclaredAccessibility is Accessibility.Public or Accessibility.NotApplicable || m.ContainingType?.IsScriptClass == true || model.IsAccessible(list.SpanStart, m))
            .OrderBy(m => SymbolEqualityComparer.Default.Equals(m, chosen) ? 0 : 1).ThenBy(m => m.Parameters.Length)];
    }

    /// <summary>Which parameter the cursor is at: the number of commas before it.</summary>
    public static int ParameterAt(SyntaxNode list, int cursor) =>
        list.ChildTokens().Count(t => t.IsKind(SyntaxKind.CommaToken) && t.SpanStart < cursor);

    private static IEnumerable<ISymbol> Group(CodeSketch sketch, ExpressionSyntax expression)
    {
        var group = sketch.Model.GetMemberGroup(expression);
        if (group.Length > 0) return group;
        var type = sketch.Model.GetTypeInfo(expression).Type as INamedTypeSymbol;
        if (type?.DelegateInvokeMethod is { } invoke) return [invoke];
        var info = sketch.Model.GetSymbolInfo(expression);
        return info.Symbol is not null ? [info.Symbol] : info.CandidateSymbols;
    }
}
