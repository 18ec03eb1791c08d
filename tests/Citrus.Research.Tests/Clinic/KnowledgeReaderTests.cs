using Citrus.Research.Clinic;

namespace Citrus.Research.Tests.Clinic;

public sealed class KnowledgeReaderTests
{
    [Fact]
    public void The_shipped_knowledge_has_the_promised_size()
    {
        var k = World.Clinic;
        Assert.True(k.Diseases.Count >= 48, $"{k.Diseases.Count} diseases");
        Assert.True(k.Findings.Count >= 120, $"{k.Findings.Count} findings");
        Assert.True(k.Departments.Select(d => d.System).Distinct().Count() >= 8);
        Assert.Equal(k.Findings.Values.Select(f => f.Kind).Distinct().Count(), Enum.GetValues<FindingKind>().Length);
        Assert.All(k.Diseases.Values, d =>
        {
            Assert.NotEmpty(d.Complications);
            Assert.NotEmpty(k.Drugs[d.FirstLine!].Avoid);
            Assert.Matches("^[A-Z][0-9]{2}", d.Icd10);
        });
        Assert.All(k.Departments, d => Assert.All(d.Panel, f => Assert.Contains(d.Diseases, x => x.Findings.ContainsKey(f))));
    }

    [Fact]
    public void A_department_keeps_the_order_of_its_file()
    {
        var ward = Assert.Single(World.Tiny.Departments);
        Assert.Equal(["cough", "rash", "shadow", "fever", "smoking"], ward.Panel);
        Assert.Equal(["flu", "measles", "bronchial_cancer", "scabies"], ward.Diseases.Select(d => d.Id));
        Assert.Equal(0.1, World.Tiny.Likelihood(World.Tiny.Diseases["flu"], "rash"));
        Assert.Equal(6, World.Tiny.Diseases["bronchial_cancer"].Prevalence[(Sex.Male, AgeBand.Old)]);
    }

    // Lines counted in World.TinyFiles.
    [Theory]
    [InlineData("fever: 0.9, cough: 0.8", "fever: 1.2, cough: 0.8", "ward.yaml:27: P(fever | flu) = 1.2 is outside 0..1")]
    [InlineData("cough: 0.7, ", "coughing: 0.7, ", "ward.yaml:42: bronchial_cancer speaks of the unknown finding coughing")]
    [InlineData("confirm: t3", "confirm: t9", "ward.yaml:43: bronchial_cancer is confirmed by the unknown test t9")]
    [InlineData("second: d2}", "second: e2}", "ward.yaml:51: scabies is treated with the unknown drug e2")]
    [InlineData("avoid: [weak_heart]}\n  - {id: b2", "avoid: [strong_heart]}\n  - {id: b2", "ward.yaml:16: b1 avoids the unknown context strong_heart")]
    [InlineData("id: rash", "id: cough", "ward.yaml:6: duplicate id cough (finding); it already stands at ward.yaml:5")]
    [InlineData("    icd10: B05.9\n", "", "ward.yaml:31: a disease lacks the field `icd10`")]
    [InlineData("icd10: B86", "icd11: B86", "ward.yaml:47: a disease has an unknown field `icd11`")]
    [InlineData("male: {child: 8, young: 1,", "male: {child: 0, young: 1,", "ward.yaml:34: prevalence of measles (male, child) = 0 is not positive")]
    [InlineData("male: {child: 8, young: 1,", "male: {young: 1,", "ward.yaml:34: `prevalence` of measles (male) lacks the field `child`")]
    [InlineData("present: [red spots]", "present: [a cough]", "ward.yaml:6: the phrase \"a cough\" of rash (present) is already claimed by cough (present, ward.yaml:5)")]
    [InlineData("absent: [no cough]", "absent: []", "ward.yaml:5: `absent` of cough is empty")]
    [InlineData("background: 0.2", "background: often", "common.yaml:7: background of smoking = often is no number")]
    [InlineData("kind: imaging", "kind: picture", "ward.yaml:7: `kind` of shadow = picture is none of symptom, sign, lab, imaging, risk")]
    [InlineData("id: weak_heart, kind", "id: Weak Heart, kind", "common.yaml:4: the id Weak Heart must be one lower_snake_case word")]
    [InlineData("id: smoking", "id: history", "common.yaml:7: the id history is a word of the chart grammar")]
    [InlineData("{id: a2, name: Drug A2, class: pill, avoid: [weak_heart]}", "{id: a2, name: Drug A2, class: pill, avoid: [allergy]}", "ward.yaml:23: first line a1 and second line a2 of flu share the contraindication allergy")]
    [InlineData("{fever: 0.9, rash: 0.9}", "{fever: 0.9, cough: 0.7}", "ward.yaml:31: nobody can tell measles from flu (ward.yaml:23): 0 of the panel's findings differ by 0.3 or more, 2 are needed")]
    [InlineData("confirm: t2", "confirm: t1", "ward.yaml:31: measles has the confirming test t1, and so has flu")]
    [InlineData("name: Drug A2", "name: Drug A1", "ward.yaml:15: the drugs a1 and a2 have the same name, Drug A1")]
    public void A_mistake_is_named_with_its_file_and_line(string right, string wrong, string message)
    {
        var e = Assert.Throws<KnowledgeException>(() => KnowledgeReader.Read("tiny", World.TinyFiles(right, wrong)));
        Assert.Contains(e.Errors, x => x.StartsWith(message, StringComparison.Ordinal));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_in_file_order()
    {
        var files = World.TinyFiles("0.8", "-0.8").Select(f => (f.Name, f.Text.Replace("t4\n", "t5\n", StringComparison.Ordinal).Replace("0.2, sex", "2, sex", StringComparison.Ordinal))).ToList();
        var e = Assert.Throws<KnowledgeException>(() => KnowledgeReader.Read("tiny", files));
        Assert.Equal(
        [
            "common.yaml:3: frequency of pregnancy = 2 is outside 0..1",
            "ward.yaml:27: P(cough | flu) = -0.8 is outside 0..1",
            "ward.yaml:50: scabies is confirmed by the unknown test t5",
        ], e.Errors);
    }

    [Fact]
    public void A_department_of_three_diseases_is_too_small()
    {
        var (common, ward) = (World.TinyFiles()[0], World.TinyFiles()[1]);
        var cut = ward.Text[..ward.Text.IndexOf("  - id: scabies", StringComparison.Ordinal)];
        var e = Assert.Throws<KnowledgeException>(() => KnowledgeReader.Read("tiny", [common, (ward.Name, cut)]));
        Assert.Contains("ward.yaml:1: department ward has 3 diseases; a question needs at least 4", e.Errors);
    }

    [Fact]
    public void Broken_YAML_is_reported_with_its_line()
    {
        var e = Assert.Throws<KnowledgeException>(() => KnowledgeReader.Read("tiny", World.TinyFiles("name: Test two}", "name: Test two")));
        // The brace is left open on line 10; line 9 is the last that was understood.
        Assert.Contains(e.Errors, x => x.StartsWith("ward.yaml:9: not readable as YAML from here on", StringComparison.Ordinal));
        e = Assert.Throws<KnowledgeException>(() => KnowledgeReader.Read("tiny", World.TinyFiles("    icd10: B86\n", "    icd10: B86\n    icd10: B87\n")));
        Assert.Contains(e.Errors, x => x.StartsWith("ward.yaml:48: not readable as YAML: Duplicate key", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_without_common_knowledge_says_what_is_missing()
    {
        var e = Assert.Throws<KnowledgeException>(() => KnowledgeReader.Read("tiny", [World.TinyFiles()[1]]));
        Assert.Contains(e.Errors, x => x.StartsWith("common.yaml:1: the file is missing", StringComparison.Ordinal));
        Assert.Throws<DirectoryNotFoundException>(() => KnowledgeReader.Read("/no/such/folder"));
    }
}
