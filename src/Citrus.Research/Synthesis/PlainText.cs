using System.Text;

namespace Citrus.Research.Synthesis;

/// <summary>Texts compared by their letters and digits alone.</summary>
internal static class PlainText
{
    /// <summary>Lower case, compatibility forms resolved (full-width letters, ligatures), everything that is no letter or digit a single space.</summary>
    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
        {
            if (char.IsLetterOrDigit(c)) plain.Append(char.ToLowerInvariant(c));
            else if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
        }

        return plain.ToString().TrimEnd();
    }

    /// <summary>Whether two answers are the same words; an article in front does not count.</summary>
    public static bool Same(string a, string b) => Bare(Of(a)) == Bare(Of(b)) && Of(a).Length > 0;

    private static string Bare(string plain) =>
        plain.StartsWith("a ", StringComparison.Ordinal) ? plain[2..]
        : plain.StartsWith("an ", StringComparison.Ordinal) ? plain[3..]
        : plain.StartsWith("the ", StringComparison.Ordinal) ? plain[4..]
        : plain;
}
