namespace Citrus.Research.Experts;

/// <summary>The lines of a file that somebody else wrote, perhaps still writes: bounded, and none of them stops the reading of the others.</summary>
internal static class BatchLines
{
    /// <summary>Bytes in a line; a reply is far shorter.</summary>
    public const int MaximumBytes = 4 << 20;

    /// <summary>Non-blank lines in file order, counted from 1. One that is too long comes as null; a last one without its line end comes as it is.</summary>
    public static IEnumerable<(int Number, byte[]? Line)> Read(string path)
    {
        // The writer may be at work: it must neither be kept out nor keep us out.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        var chunk = new byte[1 << 16];
        using var line = new MemoryStream();
        var (number, overlong) = (1, false);
        int read;
        while ((read = file.Read(chunk)) > 0)
        {
            var start = 0;
            while (start < read)
            {
                var end = Array.IndexOf(chunk, (byte)'\n', start, read - start);
                var length = (end < 0 ? read : end) - start;
                overlong |= line.Length + length > MaximumBytes;
                if (!overlong) line.Write(chunk, start, length);
                start += length + 1;
                if (end < 0) break;
                if (overlong || !IsBlank(line)) yield return (number, overlong ? null : line.ToArray());
                number++;
                overlong = false;
                line.SetLength(0);
            }
        }

        if (overlong || !IsBlank(line)) yield return (number, overlong ? null : line.ToArray());
    }

    private static bool IsBlank(MemoryStream line) => line.GetBuffer().AsSpan(0, (int)line.Length).Trim(" \t\r"u8).IsEmpty;
}
