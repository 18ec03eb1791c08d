using System.IO.Compression;
using Citrus.Research.Questions;
using MiniExcelLibs;

namespace Citrus.Research.Tests.Questions;

public sealed class JmedReaderTests
{
    private sealed record Row(object? diagId, string? patient_sex, string? patient_age, string? final_question, string? final_options, string? final_correct_answer);

    private static readonly Row Good = new(12L, "女", "5个月20天", "咳嗽三天，最可能的诊断是什么？", """{"options": {"B":"肺炎","A":"感冒","C":"哮喘"}}""", "['A', 'C']");

    [Fact]
    public void A_row_becomes_a_question_with_its_options_in_order()
    {
        var question = Assert.Single(Read(Good));
        Assert.Equal(("jmed-12", "jmed", "5个月20天", "女"), (question.Id, question.Benchmark, question.Tags["age"], question.Tags["sex"]));
        Assert.Equal(["A 感冒", "B 肺炎", "C 哮喘"], question.Options.Select(o => $"{o.Label} {o.Text}"));
        Assert.Equal(["A", "C"], question.Answers);
        Assert.Contains("咳嗽三天", question.Stem, StringComparison.Ordinal);
        Assert.Equal(QuestionLanguage.Chinese, QuestionLanguage.Of(question));
    }

    [Fact]
    public void Twenty_one_options_go_from_A_to_U()
    {
        var options = "{" + string.Join(",", Enumerable.Range(0, 21).Select(i => $"\"{(char)('A' + i)}\":\"病{i}\"")) + "}";
        Assert.Equal("U", Assert.Single(Read(Good with { final_options = options, final_correct_answer = "U" })).Options[^1].Label);
    }

    public static TheoryData<int, string, string> Broken => new()
    {
        { 0, "diagId", "not blank" },
        { 1, "final_options", "not JSON" },
        { 2, "final_options", "2 to 26" },
        { 3, "final_options", "option B must be a text" },
        { 4, "final_correct_answer", "D is no option" },
        { 5, "final_question", "not blank" },
        { 6, "diagId", "already in row 2" },
        { 7, "diagId", "lost digits" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_row_is_named_with_its_column(int which, string column, string message)
    {
        Row[] broken =
        [
            Good with { diagId = null }, Good with { final_options = "{A:" }, Good with { final_options = """{"A":"感冒"}""" }, Good with { final_options = """{"A":"感冒","B":3}""" },
            Good with { final_correct_answer = "['D']" }, Good with { final_question = " " }, Good, Good with { diagId = 1.5e20 },
        ];
        var row = which == 6 ? broken[which] : broken[which] with { diagId = broken[which].diagId is 12L ? 13L : broken[which].diagId };
        var error = Assert.Throws<QuestionFormatException>(() => Read(Good, row));
        Assert.Equal((3, column), (error.Line, error.Field));
        Assert.Contains("row 3, column " + column, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        using var folder = new TempFolder();
        MiniExcel.SaveAs(folder["q.xlsx"], new[] { new { diagId = 1, final_question = "?" } });
        var error = Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder["q.xlsx"]).Count());
        Assert.Equal((1, "patient_age"), (error.Line, error.Field));
    }

    [Fact]
    public void What_is_no_workbook_is_refused()
    {
        using var folder = new TempFolder();
        Assert.Contains("no workbook", Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder.With("q.xlsx", "hello")).Count()).Message, StringComparison.Ordinal);
        using (var zip = ZipFile.Open(folder["other.xlsx"], ZipArchiveMode.Create)) zip.CreateEntry("hello.txt");
        Assert.Contains("no xl/workbook.xml", Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder["other.xlsx"]).Count()).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder["absent.xlsx"]).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_that_unpacks_to_gigabytes_is_refused_before_it_is_read()
    {
        using var folder = new TempFolder();
        Workbook(folder["bomb.xlsx"], part =>
        {
            part.Write("<worksheet><sheetData>");
            var blank = new string(' ', 1 << 20);
            for (var i = 0; i <= Spreadsheet.MaximumBytes >> 20; i++) part.Write(blank);
        });

        Assert.Contains("unpacks to more than", Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder["bomb.xlsx"]).Count()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<dimension ref="A1:XFD9"/>""", "", "columns")]
    [InlineData("", """<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>""", "below row")]
    [InlineData("", """<row r="0"><c t="n"><v>1</v></c></row>""", "numbered")]
    public void A_sheet_that_claims_to_be_vast_is_refused(string dimension, string row, string message)
    {
        using var folder = new TempFolder();
        Workbook(folder["q.xlsx"], part => part.Write($"<worksheet>{dimension}<sheetData>{row}</sheetData></worksheet>"));
        Assert.Contains(message, Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder["q.xlsx"]).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_are_found_by_their_place_and_their_text_in_every_form_that_the_format_has()
    {
        using var folder = new TempFolder();
        Workbook(
            folder["q.xlsx"],
            part => part.Write("""
                <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
                <row r="2"><c r="B2" t="inlineStr"><is><t>a&#25287;</t></is></c><c t="n"><v>12.50</v></c><c r="E2" t="s"><v>1</v></c></row>
                <row><c t="str"><f>A1&amp;"x"</f><v>made_x000D_up</v></c><c t="b"><v>1</v></c><c/></row>
                <row r="7"/></sheetData></worksheet>
                """),
            """<sst><si><t>plain</t></si><si><r><t xml:space="preserve">rich </t></r><r><t>text</t></r><rPh><t>spoken</t></rPh></si></sst>""");
        var rows = Spreadsheet.Rows(folder["q.xlsx"]).Select(r => (r.Number, Cells: r.Cells.Select(c => c ?? "-").ToList(), Numeric: r.Numeric.ToList())).ToList();
        Assert.Equal([2, 3], rows.Select(r => r.Number));
        Assert.Equal(["-", "a拇", "12.50", "-", "rich text"], rows[0].Cells);
        Assert.Equal([false, false, true, false, false], rows[0].Numeric);
        Assert.Equal(["made\rup", "1", "-"], rows[1].Cells);
    }

    [Fact]
    public void A_cell_of_a_shared_text_that_is_not_there_is_told()
    {
        using var folder = new TempFolder();
        Workbook(folder["q.xlsx"], part => part.Write("""<worksheet><sheetData><row r="4"><c t="s"><v>2</v></c></row></sheetData></worksheet>"""), "<sst><si><t>one</t></si></sst>");
        Assert.Contains("row 4 uses shared text 2 of 1", Assert.Throws<QuestionFormatException>(() => Spreadsheet.Rows(folder["q.xlsx"]).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_file_is_read_whole()
    {
        // Counted independently, from the sheet's XML with Python: 1094 rows of 5 options; right are 930 A, 114 B, 28 C, 17 D, 5 E.
        var questions = QuestionFiles.Read(RealData.File("citrus_repo", "datas", "download_files", "jmed", "20250122_sample_multiple_choice_1094_qwenscored_adjusted.xlsx")).ToList();
        Assert.Equal(1094, questions.Count);
        Assert.All(questions, q => Assert.Equal(5, q.Options.Count));
        Assert.Equal([930, 114, 28, 17, 5], questions.GroupBy(q => q.Answer).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Count()));
        Assert.Equal(651, questions.Count(q => q.Tags["sex"] == "男"));
        Assert.Equal("jmed-2228217110043460", questions[0].Id);
    }

    private static List<Question> Read(params Row[] rows)
    {
        using var folder = new TempFolder();
        MiniExcel.SaveAs(folder["q.xlsx"], rows);
        return [.. QuestionFiles.Read(folder["q.xlsx"])];
    }

    private static void Workbook(string path, Action<StreamWriter> sheet, string? shared = null)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        void Part(string name, Action<StreamWriter> write)
        {
            using var part = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Fastest).Open());
            write(part);
        }

        Part("xl/workbook.xml", p => p.Write("""<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="one" sheetId="1" r:id="rId3"/></sheets></workbook>"""));
        Part("xl/_rels/workbook.xml.rels", p => p.Write("""<Relationships><Relationship Id="rId1" Target="styles.xml"/><Relationship Id="rId3" Target="/xl/worksheets/first.xml"/></Relationships>"""));
        Part("xl/worksheets/first.xml", sheet);
        if (shared is not null) Part("xl/sharedStrings.xml", p => p.Write(shared));
    }
}
