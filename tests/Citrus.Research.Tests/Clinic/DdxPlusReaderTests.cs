using Citrus.Research.Clinic;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Clinic;

public sealed class DdxPlusReaderTests
{
    private static Knowledge Read()
    {
        if (World.DdxPlus is not { } folder)
        {
            Assert.Skip("The DDXPlus files are not on this machine.");
            throw new InvalidOperationException();
        }

        return DdxPlusReader.Read(folder);
    }

    [Fact]
    public void All_published_conditions_are_in_departments_of_four_or_more()
    {
        var k = Read();
        Assert.Equal("ddxplus", k.World);
        Assert.Equal(49, k.Diseases.Count);
        Assert.All(k.Departments, d => Assert.InRange(d.Diseases.Count, 4, 7));
        Assert.All(k.Diseases.Values, d => Assert.All(d.Findings.Values, p => Assert.InRange(p, 0.01, 0.99)));
        // From release_conditions.json and derived/symptom_condition_probs.json.
        var pericarditis = k.Diseases["pericarditis"];
        Assert.Equal(("I30", 22785.0), (pericarditis.Icd10, pericarditis.Prevalence[(Sex.Female, AgeBand.Young)]));
        Assert.Empty(k.Tests);
        Assert.Empty(k.Drugs);
    }

    [Fact]
    public void Diagnosis_questions_are_asked_read_back_and_calibrated()
    {
        var k = Read();
        Assert.Equal([QuestionKind.Diagnosis], ExamOptions.KindsOf(k));
        var recogniser = new FindingRecogniser(k);
        double difference = 0, variance = 0;
        foreach (var q in ClinicExam.Generate(k, new ExamOptions(), ExamSplit.Test, 1).Take(3000))
        {
            var read = recogniser.Read(QuestionText.Prose(q.Vignette));
            Assert.Equal(q.Case.Observations.ToHashSet(), read.Observations.ToHashSet());
            Assert.Equal((q.Case.Department, q.Kind), (read.Department, read.Kind));
            difference += q.Ceiling - (q.Best == q.Chart.Answer ? 1 : 0);
            variance += q.Ceiling * (1 - q.Ceiling);
        }

        Assert.InRange(difference, -4 * Math.Sqrt(variance), 4 * Math.Sqrt(variance));
        var e = Assert.Throws<ArgumentException>(() => ClinicExam.Generate(k, new ExamOptions { Kinds = [QuestionKind.Treatment] }, ExamSplit.Test, 1));
        Assert.Contains("the world ddxplus cannot ask for a treatment", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Textbook_and_drills_leave_out_what_the_world_has_not()
    {
        var k = Read();
        Assert.DoesNotContain(Textbook.Passages(k, Register.Chart, 1).Take(49), p => p.Text.Contains(" first ", StringComparison.Ordinal) || p.Text.Contains(" confirm ", StringComparison.Ordinal));
        Assert.All(WalkDrills.Generate(k, 1).Take(20), d => Assert.Contains("ask diagnosis ?", d.Turns[0].Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        if (World.DdxPlus is not { } folder)
        {
            Assert.Skip("The DDXPlus files are not on this machine.");
            return;
        }

        var copy = Directory.CreateTempSubdirectory("ddxplus").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(copy, "derived"));
            foreach (var file in new[] { "release_conditions.json", "release_evidences.json", "derived/symptom_condition_probs.json" })
                File.WriteAllBytes(Path.Combine(copy, file), File.ReadAllBytes(Path.Combine(folder, file)));
            Assert.Contains("condition_model.json is missing", Assert.Throws<FileNotFoundException>(() => DdxPlusReader.Read(copy)).Message, StringComparison.Ordinal);

            File.WriteAllText(Path.Combine(copy, "derived/condition_model.json"), """{"specialties": {"all": {"conditions": ["GERD"]}}}""");
            var counts = Path.Combine(copy, "derived/symptom_condition_probs.json");
            File.WriteAllText(counts, File.ReadAllText(counts).Replace("\"URTI\": {", "\"Cold\": {", StringComparison.Ordinal));
            var e = Assert.Throws<KnowledgeException>(() => DdxPlusReader.Read(copy));
            Assert.Contains("derived/symptom_condition_probs.json: condition URTI of release_conditions.json has no probabilities", e.Errors);
            Assert.Contains("derived/symptom_condition_probs.json: condition Cold is not in release_conditions.json", e.Errors);
            Assert.Contains("derived/condition_model.json: no specialty lists the condition Croup", e.Errors);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
