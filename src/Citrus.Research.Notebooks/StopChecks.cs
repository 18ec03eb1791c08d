using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Citrus.Research.Notebooks;

/// <summary>Writes into a cell's source what lets it be stopped: a check in every loop, at every <c>goto</c> and at the beginning of every function. Lines stay where they are.</summary>
internal static class StopChecks
{
    private const string Check = "global::Citrus.Research.Notebooks.InCells.CellStop.Check();";
    private const string Enter = "global::Citrus.Research.Notebooks.InCells.CellStop.Enter();";
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Returns the source with its checks; a source that cannot be read comes back as it is.</summary>
    public static string Insert(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, Options);
        if (tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error)) return source;
        var edits = new List<(int Start, int Length, string Text)>();
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            switch (node)
            {
                case WhileStatementSyntax loop:
                    Into(loop.Statement, Check, edits);
                    break;
                case DoStatementSyntax loop:
                    Into(loop.Statement, Check, edits);
                    break;
                case ForStatementSyntax loop:
                    Into(loop.Statement, Check, edits);
                    break;
                case CommonForEachStatementSyntax loop:
                    Into(loop.Statement, Check, edits);
                    break;
                case GotoStatementSyntax { RawKind: (int)SyntaxKind.GotoStatement } jump:
                    Into(jump, Check, edits);
                    break;
                case BaseMethodDeclarationSyntax { Body: { } body }:
                    Into(body, Enter, edits);
                    break;
                case AccessorDeclarationSyntax { Body: { } body }:
                    Into(body, Enter, edits);
                    break;
                case LocalFunctionStatementSyntax { Body: { } body }:
                    Into(body, Enter, edits);
                    break;
                case AnonymousFunctionExpressionSyntax { Block: { } body }:
                    Into(body, Enter, edits);
                    break;
                case MethodDeclarationSyntax { ExpressionBody: { } arrow } method:
                    Into(arrow, method.ReturnType, method.Modifiers, method.SemicolonToken, edits);
                    break;
                case LocalFunctionStatementSyntax { ExpressionBody: { } arrow } function:
                    Into(arrow, function.ReturnType, function.Modifiers, function.SemicolonToken, edits);
                    break;
            }
        }

        if (edits.Count == 0) return source;
        var text = new StringBuilder(source);
        foreach (var (start, length, replacement) in edits.OrderByDescending(e => e.Start)) text.Remove(start, length).Insert(start, replacement);
        return text.ToString();
    }

    private static void Into(StatementSyntax statement, string check, List<(int Start, int Length, string Text)> edits)
    {
        if (statement is BlockSyntax block)
        {
            edits.Add((block.OpenBraceToken.Span.End, 0, check));
            return;
        }

        edits.Add((statement.SpanStart, 0, "{" + check));
        edits.Add((statement.Span.End, 0, "}"));
    }

    private static void Into(ArrowExpressionClauseSyntax arrow, TypeSyntax type, SyntaxTokenList modifiers, SyntaxToken semicolon, List<(int Start, int Length, string Text)> edits)
    {
        // What an async one returns cannot be told from its text alone, and these others are no plain values.
        if (modifiers.Any(SyntaxKind.AsyncKeyword) || type is RefTypeSyntax || arrow.Expression is ThrowExpressionSyntax or RefExpressionSyntax) return;
        var isVoid = type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
        edits.Add((arrow.ArrowToken.SpanStart, arrow.ArrowToken.Span.Length, "{" + Enter + (isVoid ? "" : "return ")));
        edits.Add((semicolon.Span.End, 0, "}"));
    }
}
