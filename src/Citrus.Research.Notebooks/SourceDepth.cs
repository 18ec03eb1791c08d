using Microsoft.CodeAnalysis.CSharp;

namespace Citrus.Research.Notebooks;

/// <summary>
/// How deeply a source nests. The compiler walks brackets by calling itself and does not everywhere watch its stack: a source that nests without end would end the
/// process.
/// </summary>
internal static class SourceDepth
{
    /// <summary>The deepest nesting that is compiled; people stay below 30.</summary>
    public const int Most = 400;

    private const int MostMembers = 2000;

    /// <summary>Whether a source nests too deeply to be given to the compiler.</summary>
    public static bool IsTooMuch(string source)
    {
        // Texts and comments are told apart only where there are enough brackets at all.
        if (source.Count(c => c is '(' or '[' or '{' or '<') <= Most && source.Count(c => c == '.') <= MostMembers) return false;
        var (brackets, angles, members) = (0, 0, 0);
        foreach (var token in SyntaxFactory.ParseTokens(source))
        {
            switch (token.Kind())
            {
                case SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.OpenBraceToken:
                    brackets++;
                    break;
                case SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken or SyntaxKind.CloseBraceToken:
                    (brackets, angles) = (Math.Max(0, brackets - 1), 0);
                    break;
                case SyntaxKind.LessThanToken:
                    angles++;
                    break;
                case SyntaxKind.GreaterThanToken:
                    angles = Math.Max(0, angles - 1);
                    break;
                case SyntaxKind.DotToken:
                    // Each member of a chain is one level, too.
                    members++;
                    break;
                case SyntaxKind.CommaToken:
                    members = 0;
                    break;
                case SyntaxKind.SemicolonToken:
                    (angles, members) = (0, 0);
                    break;
            }

            if (brackets > Most || angles > Most || members > MostMembers) return true;
        }

        return false;
    }
}
