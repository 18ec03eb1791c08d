using Citrus.Research.Clinic;

namespace Citrus.Research.Tests.Clinic;

/// <summary>The worlds that tests walk in.</summary>
internal static class World
{
    private static readonly Lazy<Knowledge> Shipped = new(() => KnowledgeReader.Read(KnowledgeFolder.Default));

    /// <summary>The knowledge that ships.</summary>
    public static Knowledge Clinic => Shipped.Value;

    /// <summary>A small world, made for counting by hand.</summary>
    public static Knowledge Tiny { get; } = KnowledgeReader.Read("tiny", TinyFiles());

    /// <summary>The files of <see cref="Tiny"/>, with one text replaced everywhere to break them.</summary>
    public static IReadOnlyList<(string Name, string Text)> TinyFiles(string old = "", string with = "")
    {
        string Edit(string text)
        {
            text = text.ReplaceLineEndings("\n");
            return old.Length == 0 ? text : text.Replace(old, with, StringComparison.Ordinal);
        }

        Assert.True(old.Length == 0 || (Common + Ward).ReplaceLineEndings("\n").Contains(old, StringComparison.Ordinal), $"the tiny world has no \"{old}\"");
        return [("common.yaml", Edit(Common)), ("ward.yaml", Edit(Ward))];
    }

    /// <summary>The published DDXPlus files, where this machine has them.</summary>
    public static string? DdxPlus
    {
        get
        {
            for (var dir = new DirectoryInfo(Path.GetDirectoryName(typeof(World).Assembly.Location)!); dir is not null; dir = dir.Parent)
            {
                var folder = Path.Combine(dir.FullName, "shared", "data", "ddxplus_knowledge");
                if (Directory.Exists(folder)) return folder;
            }

            return null;
        }
    }

    private const string Common = """
        contexts:
          - {id: allergy, kind: allergy, frequency: 0.1, phrases: [a known allergy to pills]}
          - {id: pregnancy, kind: pregnancy, frequency: 0.2, sex: female, ages: [young], phrases: [a current pregnancy]}
          - {id: weak_heart, kind: comorbidity, frequency: 0.2, phrases: [a weak heart]}
        findings:
          - {id: fever, kind: symptom, background: 0.1, present: [a fever, high temperatures], absent: [no fever]}
          - {id: smoking, kind: risk, background: 0.2, present: [smoking], absent: [never smoking]}
        """;

    private const string Ward = """
        department: ward
        name: The ward
        system: general
        findings:
          - {id: cough, kind: symptom, background: 0.1, present: [a cough], absent: [no cough]}
          - {id: rash, kind: sign, background: 0.1, present: [red spots], absent: [clear skin]}
          - {id: shadow, kind: imaging, background: 0.1, present: [a shadow], absent: [a clear film]}
        tests:
          - {id: t1, name: Test one}
          - {id: t2, name: Test two}
          - {id: t3, name: Test three}
          - {id: t4, name: Test four}
        drugs:
          - {id: a1, name: Drug A1, class: pill, avoid: [allergy, pregnancy]}
          - {id: a2, name: Drug A2, class: pill, avoid: [weak_heart]}
          - {id: b1, name: Drug B1, class: pill, avoid: [weak_heart]}
          - {id: b2, name: Drug B2, class: pill, avoid: []}
          - {id: c1, name: Drug C1, class: pill, avoid: []}
          - {id: c2, name: Drug C2, class: pill, avoid: []}
          - {id: d1, name: Drug D1, class: pill, avoid: [allergy]}
          - {id: d2, name: Drug D2, class: pill, avoid: []}
        diseases:
          - id: flu
            name: Influenza
            icd10: J11.1
            prevalence: {male: {child: 4, young: 3, middle: 2, old: 1}, female: {child: 4, young: 3, middle: 2, old: 2}}
            findings: {fever: 0.9, cough: 0.8}
            confirm: t1
            treatment: {first: a1, second: a2}
            complications: [pneumonia]
          - id: measles
            name: Measles
            icd10: B05.9
            prevalence: {male: {child: 8, young: 1, middle: 1, old: 1}, female: {child: 8, young: 1, middle: 1, old: 1}}
            findings: {fever: 0.9, rash: 0.9}
            confirm: t2
            treatment: {first: b1, second: b2}
          - id: bronchial_cancer
            name: Bronchial cancer
            icd10: C34.9
            prevalence: {male: {child: 0.1, young: 0.2, middle: 2, old: 6}, female: {child: 0.1, young: 0.2, middle: 2, old: 4}}
            findings: {cough: 0.7, shadow: 0.95}
            confirm: t3
            treatment: {first: c1, second: c2}
          - id: scabies
            name: Scabies
            icd10: B86
            prevalence: {male: {child: 2, young: 2, middle: 2, old: 2}, female: {child: 2, young: 2, middle: 2, old: 2}}
            findings: {rash: 0.95, shadow: 0.05, fever: 0.05, smoking: 0.6}
            confirm: t4
            treatment: {first: d1, second: d2}
        """;
}
