using Citrus.Research.Examples;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tests.Pathways;

namespace Citrus.Research.Tests.Synthesis;

public sealed class NarrativeFiltersTests
{
    private const string English = "A 30-year-old woman wheezes at night. What is the most likely diagnosis?";
    private const string Chinese = "患者，女，30岁，夜间喘息3天。最可能的诊断是什么？";

    private static (Question Question, Narrative Narrative, Example Example) Item(string id, string thought, string stem = English)
    {
        var question = Some.Question(id) with { Stem = stem };
        var narrative = new Narrative(Register.Vignette, [new Segment(thought)], "B. Asthma");
        return (question, narrative, ExampleWriter.Write(question, narrative, "pathway:x"));
    }

    [Theory]
    [InlineData(English, "She wheezes at night, so asthma; β2-agonists and 5 µg of α-agonist, Ménière aside.")]
    [InlineData(English, "Temperature 37 ℃, p < 0.05, Naïve T cells, x² = 4.")]
    [InlineData(Chinese, "患者夜间喘息，考虑支气管哮喘；CT未见异常，IgE升高，Staphylococcus aureus阴性，β受体激动剂可缓解。")]
    public void The_questions_language_passes_with_names_and_units_of_others(string question, string text) => Assert.Null(LanguageFilter.Find(question, text));

    [Theory]
    [InlineData(English, "She wheezes, это астма.")]
    [InlineData(English, "She wheezes at night, 因此 asthma.")]
    [InlineData(English, "She wheezes, ぜんそく.")]
    [InlineData(English, "She wheezes, 천식.")]
    [InlineData(English, "She wheezes, الربو.")]
    [InlineData(English, "She wheezes, so βρογχικό άσθμα.")]
    [InlineData(Chinese, "She wheezes at night, so it is asthma.")]
    [InlineData(Chinese, "患者夜间喘息。The most likely diagnosis in this woman is therefore bronchial asthma. 因此首选吸入激素治疗，随访观察。")]
    [InlineData(Chinese, "患者夜间喘息，考虑ぜんそく。")]
    public void Other_languages_and_scripts_do_not(string question, string text) => Assert.NotNull(LanguageFilter.Find(question, text));

    [Fact]
    public void What_the_question_itself_says_may_be_repeated() => Assert.Null(LanguageFilter.Find("A man says \"жарко\". What does he feel?", "He says жарко, so heat."));

    [Theory]
    [InlineData("So <b>asthma</b>.")]
    [InlineData("So asthma.</think> More.")]
    [InlineData("<|im_start|>assistant So asthma.")]
    [InlineData("So asthma.\nUser: and then?")]
    [InlineData("```\nSo asthma.")]
    [InlineData("### steps\nSo asthma.")]
    [InlineData("{\"step\": \"asthma\"}")]
    [InlineData("kept: She wheezes. slip: It is pneumonia.")]
    [InlineData("[INST] asthma [/INST]")]
    public void Stray_tags_markers_fences_and_headings_are_found(string thought) => Assert.NotNull(TagFilter.Find(thought, "B. Asthma"));

    [Theory]
    [InlineData("Sodium < 135 and potassium > 5, p<0.05, FEV1/FVC <70%.")]
    [InlineData("User of inhalers. The nervous system: normal. # of attacks: 3.")]
    [InlineData("The platelet count is <normal and glucose >140.")]
    public void Comparisons_and_ordinary_words_are_not(string thought) => Assert.Null(TagFilter.Find(thought, "B. Asthma"));

    [Fact]
    public void Length_is_in_words_and_in_Chinese_in_characters()
    {
        Assert.Equal(4, LengthFilter.Of("She wheezes, so asthma."));
        Assert.Equal(9, LengthFilter.Of("患者夜间喘息，CT正常。"));
        Assert.Equal(LengthFilter.TooShort, LengthFilter.Find("So asthma.", 3, 10)?.Reason);
        Assert.Equal(LengthFilter.TooLong, LengthFilter.Find("So asthma it is then.", 1, 3)?.Reason);
        Assert.Null(LengthFilter.Find("", 3, 10));
    }

    [Fact]
    public void Each_rejection_says_which_filter_and_what_was_found()
    {
        var sentence = "She wheezes at night and coughs in the morning, the chest is clear by day, there is no fever and no weight loss, so asthma explains it best of all that comes to mind.";
        var (kept, rejected) = new NarrativeFilters(new() { MinLength = 3, NearDuplicate = 0.8 }).Apply(
        [
            Item("good", sentence),
            Item("leak", "The reference answer is asthma."),
            Item("tag", "So <i>asthma</i> it is."),
            Item("language", "So это астма."),
            Item("short", "So asthma."),
            Item("again", sentence),
            Item("nearly", sentence + " Yes."),
        ]);
        Assert.Equal(["good"], kept.Select(k => k.Question.Id));
        Assert.Equal(
            ["leak leak", "tag stray tags", "language language", "short too short", "again duplicate", "nearly near duplicate"],
            rejected.Select(r => $"{r.Question} {r.Reason}"));
        Assert.All(rejected, r => Assert.NotEqual("", r.Detail));
    }

    [Fact]
    public void Examples_that_overlap_a_test_question_are_left_out_and_the_question_is_named()
    {
        const string stem = "A 61-year-old farmer from the north has had a painless lump behind his left ear for nine weeks now. What is it?";
        var against = new Contamination([("test.jsonl", Some.Question("t7") with { Stem = stem })]);
        var (kept, rejected) = new NarrativeFilters(null, against).Apply([Item("clean", "She wheezes."), Item("copied", "A lump, so a tumour.", "Consider this. " + stem.Replace("left ear", "left  EAR", StringComparison.Ordinal))]);
        Assert.Equal(["clean"], kept.Select(k => k.Question.Id));
        Assert.Contains("test.jsonl, question t7", Assert.Single(rejected, r => r.Reason == NarrativeFilters.Contaminated).Detail, StringComparison.Ordinal);
    }
}
