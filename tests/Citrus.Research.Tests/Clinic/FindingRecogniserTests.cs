using Citrus.Research.Clinic;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Clinic;

public sealed class FindingRecogniserTests
{
    private static readonly FindingRecogniser Clinic = new(World.Clinic);

    [Fact]
    public void Every_question_of_either_register_is_read_back_to_exactly_its_case() =>
        Gen.Select(Gen.Long[0, 1_000_000], Gen.Int[0, 2].Select(i => ExamSplit.All[i])).Sample((seed, split) =>
        {
            var options = new ExamOptions { MaximumDistractors = 3, MinimumPosterior = 0, MinimumMargin = 0, CountingAgrees = false };
            foreach (var q in ClinicExam.Generate(World.Clinic, options, split, seed).Take(60))
            {
                Same(q, Clinic.Read(QuestionText.Chart(q.Chart)), q.Chart.Stem);
                var read = Clinic.Read(QuestionText.Prose(q.Vignette));
                Same(q, read, q.Vignette.Stem);
                Assert.Equal(q.Case.AgeYears, read.AgeYears);
            }
        }, iter: 60, threads: 1);

    private static void Same(ClinicQuestion q, Recognised read, string text)
    {
        static IEnumerable<string> Told(IEnumerable<Observation> all) => all.Select(o => (o.Present ? "+" : "-") + o.Finding).Order(StringComparer.Ordinal);
        Assert.True(Told(q.Case.Observations).SequenceEqual(Told(read.Observations)), $"{text}\nread as {string.Join(' ', Told(read.Observations))}");
        Assert.Equal(q.Case.Context is null ? [] : [q.Case.Context], read.Contexts);
        Assert.Equal((q.Case.Sex, q.Case.Age, q.Case.Department, q.Kind), (read.Sex, read.Age, read.Department, read.Kind));
    }

    [Fact]
    public void Prose_of_other_hands_is_read_as_far_as_its_words_are_known()
    {
        var read = Clinic.Read(
            """
            A 63-year-old woman is brought to the emergency department. She denies nausea, vomiting or weight loss, but has FATIGUE and
            night sweats. She was treated with warfarin after a leg clot; there is long-term treatment
            with warfarin. Which of the following is the most appropriate next step in management?
            A. Sotalol
            B. An itch, a headache and a rapid pulse
            """);
        Assert.Equal(
            [new Observation("nausea", false), new("vomiting", false), new("weight_loss", false), new("fatigue", true), new("night_sweats", true)],
            read.Observations);
        Assert.Equal(["warfarin_use"], read.Contexts);
        Assert.Equal((Sex.Female, 63, AgeBand.Middle, QuestionKind.Treatment), (read.Sex, read.AgeYears, read.Age, read.Kind));
        Assert.Null(read.Department);
    }

    [Theory]
    [InlineData("He has feverfew tea.")]
    [InlineData("The unfatigued man.")]
    [InlineData("")]
    public void A_phrase_within_a_word_is_no_finding(string text) => Assert.Empty(Clinic.Read(text).Observations);

    [Theory]
    [InlineData("A 6-month-old girl with a cough. What is the cause of this?", 0, AgeBand.Child)]
    [InlineData("A man, aged 81, fell.", 81, AgeBand.Old)]
    public void Ages_are_read_in_the_usual_ways(string text, int years, AgeBand band)
    {
        var read = Clinic.Read(text);
        Assert.Equal(years, read.AgeYears);
        Assert.Equal(band, read.Age);
    }

    [Fact]
    public void The_first_mention_counts_and_a_phrase_beats_what_it_contains()
    {
        var tiny = new FindingRecogniser(World.Tiny);
        Assert.Equal([new Observation("fever", false), new("smoking", false)], tiny.Read("No fever and never smoking. Later a fever. A cougher.").Observations);
    }

    [Fact]
    public void Options_are_resolved_by_name_or_id()
    {
        Assert.Equal("atrial_fibrillation", Clinic.Resolve("Atrial fibrillation"));
        Assert.Equal("sotalol", Clinic.Resolve(" sotalol. "));
        Assert.Equal("cardiac_mri", Clinic.Resolve("cardiac_mri"));
        Assert.Null(Clinic.Resolve("Tea"));
    }
}
