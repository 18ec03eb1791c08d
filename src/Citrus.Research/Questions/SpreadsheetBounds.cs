using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace Citrus.Research.Questions;

/// <summary>Refuses workbooks that would unpack to more than they should, before anything is made of them: an .xlsx is a zip archive, and a small one can hold gigabytes.</summary>
public static class SpreadsheetBounds
{
    /// <summary>Bytes of all parts together, unpacked; the published JMED file has 28 million.</summary>
    public const long MaximumBytes = 512L << 20;

    public const int MaximumRows = 200_000;

    public const int MaximumColumns = 128;

    private const int MaximumParts = 1000;

    /// <summary>Opens a workbook within bounds, at its beginning.</summary>
    /// <exception cref="QuestionFormatException">It is absent, no workbook, or too large.</exception>
    public static Stream Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new QuestionFormatException(path, 0, "", "no such file.", e);
        }

        try
        {
            Check(path, stream);
            stream.Position = 0;
            return stream;
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or OverflowException)
        {
            stream.Dispose();
            throw new QuestionFormatException(path, 0, "", $"this is no workbook ({e.Message}); an .xlsx file is needed.", e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void Check(string path, Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MaximumParts) throw new QuestionFormatException(path, 0, "", $"the workbook has {archive.Entries.Count} parts; {MaximumParts} are the most.");
        var left = MaximumBytes;
        var buffer = new byte[1 << 16];
        foreach (var part in archive.Entries)
        {
            // Unpacked and counted, for what an archive says about its own sizes need not be so.
            using (var content = part.Open())
            {
                int read;
                while ((read = content.Read(buffer)) > 0)
                    if ((left -= read) < 0) throw new QuestionFormatException(path, 0, "", $"the workbook unpacks to more than {MaximumBytes >> 20} MiB; split it, or save only the sheet that is needed.");
            }

            if (!part.FullName.StartsWith("xl/worksheets/", StringComparison.OrdinalIgnoreCase) || !part.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)) continue;
            using var sheet = part.Open();
            CheckSheet(path, sheet);
        }
    }

    private static void CheckSheet(string path, Stream sheet)
    {
        using var xml = XmlReader.Create(sheet, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaximumBytes });
        var (row, cells) = (0, 0);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            switch (xml.LocalName)
            {
                case "dimension" when xml.GetAttribute("ref") is { } reference:
                    foreach (var corner in reference.Split(':')) CheckPlace(path, corner);
                    break;
                case "row":
                    (row, cells) = (row + 1, 0);
                    if (xml.GetAttribute("r") is { } number) row = CheckRow(path, number);
                    if (row > MaximumRows) throw TooManyRows(path);
                    break;
                case "c":
                    if (++cells > MaximumColumns) throw TooManyColumns(path, row);
                    if (xml.GetAttribute("r") is { } place) CheckPlace(path, place);
                    break;
            }
        }
    }

    private static void CheckPlace(string path, string place)
    {
        var letters = place.TakeWhile(char.IsAsciiLetter).Count();
        var column = place[..Math.Min(letters, 4)].Aggregate(0, (sum, c) => (sum * 26) + (char.ToUpperInvariant(c) - 'A' + 1));
        var row = letters < place.Length ? CheckRow(path, place[letters..]) : 0;
        if (column > MaximumColumns) throw TooManyColumns(path, row);
    }

    private static int CheckRow(string path, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row >= 1
            ? row <= MaximumRows ? row : throw TooManyRows(path)
            : throw new QuestionFormatException(path, 0, "", $"a row is numbered \"{(number.Length > 20 ? number[..20] : number)}\"; rows are numbered from 1.");

    private static QuestionFormatException TooManyRows(string path) => new(path, 0, "", $"the sheet reaches below row {MaximumRows}; delete what lies below the questions.");

    private static QuestionFormatException TooManyColumns(string path, int row) => new(path, row, "", $"the sheet has more than {MaximumColumns} columns; delete what lies right of the questions.");
}
