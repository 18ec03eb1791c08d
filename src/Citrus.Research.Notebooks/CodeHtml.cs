using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Citrus.Research.Notebooks;

/// <summary>C# source as HTML: keywords, literals and comments stand out.</summary>
internal static class CodeHtml
{
    public static string Render(string source)
    {
        if (SourceDepth.IsTooMuch(source)) return WebUtility.HtmlEncode(source);
        var html = new StringBuilder();
        var root = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script)).GetRoot();
        foreach (var token in root.DescendantTokens())
        {
            Trivia(token.LeadingTrivia, html);
            Append(token.Text, token.IsKeyword() || SyntaxFacts.IsContextualKeyword(token.Kind()) ? 'b' : IsLiteral(token) ? 's' : ' ', html);
            Trivia(token.TrailingTrivia, html);
        }

        return html.ToString();
    }

    private static bool IsLiteral(SyntaxToken token) => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken
        or SyntaxKind.NumericLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.SingleLineRawStringLiteralToken
        or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringEndToken;

    private static void Trivia(SyntaxTriviaList trivia, StringBuilder html)
    {
        foreach (var piece in trivia)
            Append(piece.ToFullString(), piece.IsDirective || piece.IsKind(SyntaxKind.WhitespaceTrivia) || piece.IsKind(SyntaxKind.EndOfLineTrivia) ? ' ' : 'i', html);
    }

    private static void Append(string text, char tag, StringBuilder html)
    {
        if (text.Length == 0) return;
        var encoded = WebUtility.HtmlEncode(text);
        html.Append(tag == ' ' ? encoded : $"<{tag}>{encoded}</{tag}>");
    }
}
