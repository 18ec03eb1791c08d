using System.Text;

namespace Citrus.Research.Tokenization;

/// <summary>Unicode forms as Hugging Face's normaliser gives them.</summary>
internal static class Unicode
{
    /// <summary>The canonical composition (NFC).</summary>
    public static string Nfc(string text)
    {
        if (Ascii.IsValid(text)) return text;
        // string.Normalize refuses U+FFFE, which composes with nothing: normalise around it
        if (text.IndexOf('\uFFFE') is var at and >= 0) return Nfc(text[..at]) + '\uFFFE' + Nfc(text[(at + 1)..]);
        return WellFormed(text).Normalize(NormalizationForm.FormC);
    }

    /// <summary>The text with U+FFFD for each surrogate that has no partner, as UTF-8 writes it.</summary>
    public static string WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text;
    }

    /// <summary>Whether this process can normalise at all: with InvariantGlobalization it silently does nothing.</summary>
    public static bool CanNormalise { get; } = "e\u0301".Normalize(NormalizationForm.FormC) == "\u00E9" && "\u212B".Normalize(NormalizationForm.FormC) == "\u00C5";
}
