namespace Citrus.Research.Clinic;

/// <summary>Whether a text gives a disease away by its name.</summary>
internal static class DiseaseNames
{
    /// <summary>Whether the text holds the name as whole words, in letters of either case.</summary>
    public static bool Names(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + name.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]))) return true;
        }

        return false;
    }
}
