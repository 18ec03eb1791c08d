using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Whether a console should execute what was typed or wait for more.</summary>
internal static class CodeCompleteness
{
    private const int IndentWidth = 4;
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Returns <c>complete</c>, <c>incomplete</c> or <c>invalid</c>, and the indentation that the next line of an incomplete text should have.</summary>
    public static (string Status, string Indent) Of(string code)
    {
        var text = DirectiveLines.Blank(code);
        if (SourceDepth.IsTooMuch(text)) return ("invalid", "");
        var tree = CSharpSyntaxTree.ParseText(text, Options);
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return ("incomplete", new string(' ', IndentWidth * Open(tree)));
        return (tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error) ? "invalid" : "complete", "");
    }

    private static int Open(SyntaxTree tree)
    {
        var depth = 0;
        foreach (var token in tree.GetRoot().DescendantTokens().Where(t => !t.IsMissing))
        {
            if (token.IsKind(SyntaxKind.OpenBraceToken)) depth++;
            else if (token.IsKind(SyntaxKind.CloseBraceToken) && depth > 0) depth--;
        }

        return depth;
    }
}
