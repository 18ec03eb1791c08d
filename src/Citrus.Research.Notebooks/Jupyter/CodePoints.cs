namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Cursor positions: Jupyter counts Unicode code points, .NET counts UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>The UTF-16 index of a code point index; beyond the end is the end.</summary>
    public static int ToIndex(string text, int codePoints)
    {
        var index = 0;
        for (; codePoints > 0 && index < text.Length; codePoints--) index += char.IsSurrogatePair(text, index) ? 2 : 1;
        return index;
    }

    /// <summary>The code point index of a UTF-16 index.</summary>
    public static int FromIndex(string text, int index)
    {
        var count = 0;
        for (var i = 0; i < index && i < text.Length; count++) i += char.IsSurrogatePair(text, i) ? 2 : 1;
        return count;
    }
}
