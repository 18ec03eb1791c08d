using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Citrus.Research.Questions;

/// <summary>
/// The first sheet of an .xlsx workbook (ECMA-376, SpreadsheetML), streaming. The library that writes workbooks here has no bounds: a zip archive of a few kilobytes can hold gigabytes, or a
/// sheet of a million empty rows. So a stranger's workbook is read by this, in one pass, with the bounds held while it is read.
/// </summary>
public static class Spreadsheet
{
    /// <summary>Bytes of what is read, unpacked; the published JMED file has 28 million.</summary>
    public const long MaximumBytes = 512L << 20;

    public const int MaximumRows = 200_000;

    public const int MaximumColumns = 128;

    /// <summary>UTF-16 characters of one cell; a spreadsheet program allows 32,767.</summary>
    public const int MaximumCell = 1 << 20;

    private const int MaximumParts = 1000;

    /// <summary>The rows that hold something, from the top.</summary>
    /// <exception cref="QuestionFormatException">The file is absent, no workbook, or beyond a bound.</exception>
    public static IEnumerable<SheetRow> Rows(string path)
    {
        using var file = Open(path);
        using var rows = Sheet(path, file).GetEnumerator();
        while (true)
        {
            try
            {
                if (!rows.MoveNext()) yield break;
            }
            catch (Exception e) when (e is InvalidDataException or XmlException or NotSupportedException)
            {
                throw new QuestionFormatException(path, 0, "", $"this is no workbook that can be read ({e.Message.ReplaceLineEndings(" ")}); open it in a spreadsheet program and save it as .xlsx anew.", e);
            }

            yield return rows.Current;
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new QuestionFormatException(path, 0, "", "no such file.", e);
        }
    }

    private static IEnumerable<SheetRow> Sheet(string path, Stream file)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MaximumParts) throw new QuestionFormatException(path, 0, "", $"the workbook has {archive.Entries.Count} parts; {MaximumParts} are the most.");
        var budget = new ReadBudget(MaximumBytes, () => new QuestionFormatException(path, 0, "", $"the workbook unpacks to more than {MaximumBytes >> 20} MiB; split it, or save only the sheet that is needed."));
        var shared = archive.GetEntry("xl/sharedStrings.xml") is { } strings ? SharedTexts(path, strings, budget) : [];
        using var xml = Reader(archive.GetEntry(FirstSheet(archive, budget)) ?? throw new InvalidDataException("its first sheet is not in it"), budget);

        var cells = new string?[MaximumColumns];
        var numeric = new bool[MaximumColumns];
        var (row, used) = (0, 0);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "row")
            {
                if (used > 0) yield return new SheetRow(row, new ArraySegment<string?>(cells, 0, used), new ArraySegment<bool>(numeric, 0, used));
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "dimension" && xml.GetAttribute("ref") is { } range)
            {
                foreach (var corner in range.Split(':', 3)) Place(path, corner, row);
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "row")
            {
                row = xml.GetAttribute("r") is { } number ? RowNumber(path, number) : row + 1;
                if (row > MaximumRows) throw TooManyRows(path);
                Array.Clear(cells);
                Array.Clear(numeric);
                used = 0;
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "c")
            {
                var column = xml.GetAttribute("r") is { } place ? Place(path, place, row) : used;
                if (column >= MaximumColumns) throw TooManyColumns(path, row);
                var type = xml.GetAttribute("t") ?? "n";
                var text = Text(path, row, xml);
                if (type == "s" && text is not null)
                    text = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Count ? shared[index] : throw new InvalidDataException($"row {row} uses shared text {text} of {shared.Count}");
                cells[column] = text;
                numeric[column] = type == "n" && text is not null;
                used = Math.Max(used, column + 1);
            }
        }
    }

    /// <summary>The sheet that stands first in the workbook, by the relation that names its part.</summary>
    private static string FirstSheet(ZipArchive archive, ReadBudget budget)
    {
        string? id = null;
        using (var workbook = Reader(archive.GetEntry("xl/workbook.xml") ?? throw new InvalidDataException("it has no xl/workbook.xml"), budget))
            while (id is null && workbook.Read())
                if (workbook.NodeType == XmlNodeType.Element && workbook.LocalName == "sheet")
                    while (id is null && workbook.MoveToNextAttribute())
                        if (workbook.LocalName == "id" && workbook.Prefix.Length > 0) id = workbook.Value;
        using var relations = Reader(archive.GetEntry("xl/_rels/workbook.xml.rels") ?? throw new InvalidDataException("it has no xl/_rels/workbook.xml.rels"), budget);
        while (relations.Read())
            if (relations.NodeType == XmlNodeType.Element && relations.LocalName == "Relationship" && relations.GetAttribute("Id") == id && relations.GetAttribute("Target") is { } target)
                return target.StartsWith('/') ? target[1..] : "xl/" + target;
        throw new InvalidDataException("it names no sheet");
    }

    private static List<string> SharedTexts(string path, ZipArchiveEntry part, ReadBudget budget)
    {
        var texts = new List<string>();
        using var xml = Reader(part, budget);
        while (xml.Read())
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si") texts.Add(Text(path, 0, xml) ?? "");
        return texts;
    }

    /// <summary>The text below an element: of its <c>t</c> and <c>v</c>, of rich text all runs; not how it is pronounced (<c>rPh</c>), nor formulas.</summary>
    private static string? Text(string path, int row, XmlReader xml)
    {
        if (xml.IsEmptyElement) return null;
        string? one = null;
        StringBuilder? more = null;
        for (var (depth, taken) = (xml.Depth, false); xml.Read() && xml.Depth > depth;)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                taken = xml.LocalName is "t" or "v";
                // Leaves the reader on its end.
                if (xml.LocalName is "rPh" && !xml.IsEmptyElement)
                    for (var inner = xml.Depth; xml.Read() && xml.Depth > inner;) { }
            }
            else if (xml.NodeType == XmlNodeType.EndElement)
            {
                taken = false;
            }
            else if (taken && xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                var text = xml.Value;
                if ((more?.Length ?? one?.Length ?? 0) + text.Length > MaximumCell) throw new QuestionFormatException(path, row, "", "a cell is longer than a million characters.");
                if (one is null) one = text;
                else (more ??= new StringBuilder(one)).Append(text);
            }
        }

        // Characters that XML cannot hold are written _xHHHH_, by the same rule as in names.
        return (more?.ToString() ?? one) is { } all ? all.Contains("_x", StringComparison.Ordinal) ? XmlConvert.DecodeName(all) : all : null;
    }

    private static XmlReader Reader(ZipArchiveEntry part, ReadBudget budget) => XmlReader.Create(
        new DecodedReferences(budget.Over(part.Open())), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaximumBytes, CloseInput = true });

    /// <summary>The column of a place such as <c>C7</c>, from 0.</summary>
    private static int Place(string path, string place, int row)
    {
        var letters = place.TakeWhile(char.IsAsciiLetter).Count();
        var column = place[..Math.Min(letters, 4)].Aggregate(0, (sum, c) => (sum * 26) + (char.ToUpperInvariant(c) - 'A' + 1));
        if (letters < place.Length) row = RowNumber(path, place[letters..]);
        return column <= MaximumColumns ? Math.Max(column, 1) - 1 : throw TooManyColumns(path, row);
    }

    private static int RowNumber(string path, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row >= 1
            ? row <= MaximumRows ? row : throw TooManyRows(path)
            : throw new QuestionFormatException(path, 0, "", $"a row is numbered \"{(number.Length > 20 ? number[..20] : number)}\"; rows are numbered from 1.");

    private static QuestionFormatException TooManyRows(string path) => new(path, 0, "", $"the sheet reaches below row {MaximumRows}; delete what lies below the questions.");

    private static QuestionFormatException TooManyColumns(string path, int row) => new(path, row, "", $"the sheet has more than {MaximumColumns} columns; delete what lies right of the questions.");
}
