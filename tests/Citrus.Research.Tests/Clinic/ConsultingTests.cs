using Citrus.Research.Clinic;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Clinic;

public sealed class ConsultingTests
{
    private static readonly FindingRecogniser Recogniser = new(World.Clinic);

    [Fact]
    public void Information_gain_agrees_with_counting_every_answer()
    {
        var ward = World.Tiny.Departments[0];
        foreach (var told in new Observation[][] { [], [new("fever", true)], [new("cough", false), new("rash", true)] })
        {
            foreach (var finding in ward.Panel)
            {
                // The joint distribution of disease and answer, written out.
                var weights = ward.Diseases.ToDictionary(d => d.Id, d => d.Prevalence[(Sex.Female, AgeBand.Old)] * told.Aggregate(1.0, (p, o) => p * (o.Present ? L(d, o.Finding) : 1 - L(d, o.Finding))));
                var total = weights.Values.Sum();
                var joint = ward.Diseases.SelectMany(d => new[] { (d.Id, Answer: true, P: weights[d.Id] / total * L(d, finding)), (d.Id, Answer: false, P: weights[d.Id] / total * (1 - L(d, finding))) }).ToList();
                // I(disease; answer) = sum p log(p / (p(disease) p(answer))).
                var gain = joint.Sum(x => x.P * Math.Log(x.P / (weights[x.Id] / total * joint.Where(y => y.Answer == x.Answer).Sum(y => y.P))));
                Assert.Equal(gain, InformationGain.Of(World.Tiny, ward, Sex.Female, AgeBand.Old, told, finding), 10);
            }
        }

        static double L(Disease d, string f) => World.Tiny.Likelihood(d, f);
    }

    [Fact]
    public void The_doctor_asks_for_what_tells_most_and_is_read_back()
    {
        const string complaint = "I am a 70-year-old woman and come to the ward clinic because of a fever.";
        var ward = World.Tiny.Departments[0];
        var best = ward.Panel.Where(f => f != "fever").MaxBy(f => InformationGain.Of(World.Tiny, ward, Sex.Female, AgeBand.Old, [new("fever", true)], f));
        var asked = Json(Ask(new Clinician(World.Tiny), Doctor(complaint))).GetProperty("ask").GetString()!;
        Assert.Equal([new Observation(best!, true)], new FindingRecogniser(World.Tiny).Read(asked).Observations);
    }

    [Fact]
    public void The_doctor_concludes_when_no_questions_are_left_or_it_is_certain()
    {
        var clinician = new Clinician(World.Tiny);
        Assert.True(Json(Ask(clinician, Doctor("I am a 70-year-old man and come to the ward clinic because of a cough.", left: 0))).TryGetProperty("diagnosis", out _));
        var sure = Json(Ask(new Clinician(World.Tiny) { Consulting = new() { Certain = 0.5 } }, Doctor("I am a 70-year-old man and come to the ward clinic because of a cough.", "Doctor: Did imaging show a shadow?\nPatient: Yes.")));
        Assert.Equal("Bronchial cancer", sure.GetProperty("diagnosis").GetString());
        Assert.Contains("a cough", sure.GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_finding_of_every_department_can_be_asked_for()
    {
        var clinician = new Clinician(World.Clinic) { Consulting = new() { Certain = 1, Worth = 0 } };
        foreach (var department in World.Clinic.Departments)
        {
            var dialogue = "";
            var asked = new List<string>();
            while (Json(Ask(clinician, Doctor($"I am a 50-year-old man and was referred to the {department.Name.ToLowerInvariant()} clinic.", dialogue))).TryGetProperty("ask", out var ask))
            {
                asked.Add(Assert.Single(Recogniser.Read(ask.GetString()!).Observations).Finding);
                dialogue += $"Doctor: {ask.GetString()}\nPatient: I do not know about that.\n";
            }

            Assert.Equal(department.Panel.Order(), asked.Order());
        }
    }

    [Theory]
    [InlineData("Have you noticed a fever?", "Yes, feeling hot and shivery.")]
    [InlineData("Did the laboratory report anemia?", "14.2 g/dL")]
    [InlineData("Is there night sweats?", "know|sure|say")]
    [InlineData("What is your favourite colour?", "know|sure|say")]
    public void The_patient_tells_what_its_case_tells_and_nothing_else(string question, string says)
    {
        var said = Json(Ask(new Clinician(World.Clinic), $"role: patient\ntask: reply\n\nx\n### case\nI am a man.\n- feeling hot and shivery\n- a hemoglobin of 14.2 g/dL\n\n### dialogue\nDoctor: {question}\n")).GetProperty("say").GetString()!;
        Assert.Contains(says.Split('|'), part => said.Contains(part.TrimEnd('.').Replace("Yes, ", "", StringComparison.Ordinal), StringComparison.Ordinal));
        if (says.Contains('|', StringComparison.Ordinal)) Assert.Empty(Recogniser.Read(said).Observations);
    }

    [Fact]
    public void The_patient_of_a_vignette_answers_in_the_vignettes_words()
    {
        const string vignette = "A 40-year-old man has high temperatures measured at home and persistent nausea, but no headache.";
        var said = Json(Ask(new Clinician(World.Clinic), $"role: patient\ntask: reply\n\nx\n### case\n{vignette}\n\n### dialogue\nDoctor: Have you had a fever of 38.9 C?\n")).GetProperty("say").GetString()!;
        Assert.Contains("high temperatures measured at home", said, StringComparison.Ordinal);
        Assert.DoesNotContain("38.9", said, StringComparison.Ordinal);
        Assert.DoesNotContain("nausea", said, StringComparison.Ordinal);
    }

    [Fact]
    public void In_Chinese_it_abstains_and_says_why()
    {
        var clinician = new Clinician(World.Clinic);
        Assert.Contains("English only", Json(Ask(clinician, Doctor("我今年五十岁，胸口疼了三天。"))).GetProperty("abstain").GetString(), StringComparison.Ordinal);
        Assert.Contains("English only", Json(Ask(clinician, "role: patient\ntask: reply\n\nx\n### case\n胸口疼了三天\n\n### dialogue\n医生：您发烧吗？\n")).GetProperty("abstain").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_department_it_abstains_and_names_those_it_has() =>
        Assert.Contains("cardiology", Json(Ask(new Clinician(World.Clinic), Doctor("I am a 50-year-old man with a fever."))).GetProperty("abstain").GetString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("Yes.", "+fever")]
    [InlineData("No, never.", "-fever")]
    [InlineData("I do not know whether I have a fever.", "")]
    [InlineData("A normal temperature, and persistent nausea.", "-fever +nausea")]
    public void An_answer_is_read_as_what_it_says(string answer, string expected) =>
        Assert.Equal(expected, string.Join(' ', ConsultationReading.Answer(Recogniser, answer, [new("fever", true)]).Select(o => (o.Present ? "+" : "-") + o.Finding)));

    [Theory]
    [InlineData("clinic?asks=loudly", "asks=loudly")]
    [InlineData("clinic?certain=2", "certain=2")]
    public void A_habit_that_it_cannot_have_is_refused(string spec, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => Clinician.Factory(World.Tiny)(Research.Experts.ExpertSpec.Parse(spec))).Message, StringComparison.Ordinal);

    private static string Doctor(string complaint, string dialogue = "(nothing yet)", int left = 9) => $"role: doctor\ntask: consult\n\nx\n### complaint\n{complaint}\n\n### dialogue\n{dialogue}\n\n### left\n{left} questions are left.\n";

    private static string Ask(IChatClient expert, string text) => expert.GetResponseAsync(text).GetAwaiter().GetResult().Text;

    private static System.Text.Json.JsonElement Json(string text) => System.Text.Json.JsonDocument.Parse(text).RootElement.Clone();
}
