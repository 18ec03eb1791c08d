using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using MiniExcelLibs;

namespace Citrus.Research.Questions;

/// <summary>Writes questions in the shape in which JMED was published, for <see cref="JmedReader"/> and other tools that read it.</summary>
public static partial class JmedWriter
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the workbook; it appears whole or not at all, and equal rows give equal bytes.</summary>
    /// <param name="rows">Id, age and sex (both "unknown" where empty), the complaint, the dialogue without its diagnosis, the case summary, the question (summary included), its options and the right labels.</param>
    public static void Write(string path, IEnumerable<(string Id, string Age, string Sex, string Complaint, string Dialogue, string Summary, string Question, IReadOnlyList<Option> Options, IReadOnlyList<string> Answers)> rows)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var (made, part) = (path + ".made", path + ".part");
        try
        {
            MiniExcel.SaveAs(made, rows.Select(r => new
            {
                diagId = Clean(r.Id),
                disease_desc = Clean(r.Complaint),
                patient_sex = Known(r.Sex),
                patient_age = Known(r.Age),
                dialogue_wo_diag = Clean(r.Dialogue),
                origin_summary = Clean(r.Summary),
                final_question = Clean(r.Question),
                final_options = Clean($"{{\"options\": {JsonSerializer.Serialize(r.Options.ToDictionary(o => o.Label, o => o.Text), Relaxed)}}}"),
                final_correct_answer = $"[{string.Join(", ", r.Answers.Select(a => $"'{a}'"))}]",
            }), excelType: ExcelType.XLSX, overwriteFile: true);
            Timeless(made, part);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(made);
            File.Delete(part);
        }
    }

    /// <summary>The same archive without the time at which it was made and the random name that its sheet was given.</summary>
    private static void Timeless(string from, string to)
    {
        using var source = ZipFile.OpenRead(from);
        using var target = ZipFile.Open(to, ZipArchiveMode.Create);
        foreach (var part in source.Entries.OrderBy(e => e.FullName == "[Content_Types].xml" ? "" : e.FullName, StringComparer.Ordinal))
        {
            var entry = target.CreateEntry(part.FullName, CompressionLevel.Optimal);
            entry.LastWriteTime = NoTime;
            using var content = part.Open();
            using var copy = entry.Open();
            if (part.Name is not ("workbook.xml" or "workbook.xml.rels"))
            {
                content.CopyTo(copy);
                continue;
            }

            using var text = new StreamReader(content, Encoding.UTF8);
            copy.Write(Encoding.UTF8.GetBytes(RandomId().Replace(text.ReadToEnd(), "sheet1")));
        }
    }

    private static string Known(string text) => text.Length == 0 ? "unknown" : Clean(text);

    /// <summary>A text without the characters that no workbook can hold.</summary>
    private static string Clean(string text)
    {
        if (text.All(c => XmlConvert.IsXmlChar(c) && !char.IsSurrogate(c))) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value > 0xFFFF || (rune.Value != 0xFFFD && XmlConvert.IsXmlChar((char)rune.Value))) clean.Append(rune);
        return clean.ToString();
    }

    [GeneratedRegex("\\bR[0-9a-f]{32}\\b")]
    private static partial Regex RandomId();
}
