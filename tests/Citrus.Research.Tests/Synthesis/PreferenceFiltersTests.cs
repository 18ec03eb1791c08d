using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Tests.Synthesis;

public sealed class PreferenceFiltersTests
{
    private const string Long = "She wheezes at night, which points to the airways rather than to the vessels. ";

    private static readonly Question English = Pathways.Some.Question();
    private static readonly Question Chinese = new()
    {
        Id = "zh1",
        Stem = "男性，65岁，反复咳嗽、咳痰20年，活动后气促5年，吸烟40年。肺功能：FEV1/FVC 55%。最可能的诊断是",
        Options = [new("A", "支气管哮喘"), new("B", "慢性阻塞性肺疾病")],
        Answers = ["B"],
    };

    private static string Thought => string.Concat(Enumerable.Repeat(Long, 3));

    [Fact]
    public void A_tidy_answer_in_the_questions_language_passes()
    {
        Assert.Null(Refuses($"<think>{Thought}</think>\n<answer>B. Asthma</answer>\n"));
        Assert.Null(Refuses($"<think>{Thought} The level is 5 µg/L, p < 0.05 and x > 3; give a β-agonist.</think><answer>B</answer>"));
        var zh = string.Concat(Enumerable.Repeat("患者长期吸烟，反复咳嗽咳痰，肺功能提示 FEV1/FVC 降低，符合阻塞性通气功能障碍。", 6));
        Assert.Null(PreferenceFilters.Refuses(Chinese, $"<think>{zh}</think><answer>B. 慢性阻塞性肺疾病</answer>", false, 200));
    }

    [Theory]
    [InlineData("<think>T</think><answer>B. Asth", PreferenceFilters.CutOff)]
    [InlineData("<think>T", PreferenceFilters.CutOff)]
    [InlineData("<think>T</think>B. Asthma", PreferenceFilters.NoAnswer)]
    [InlineData("<think>T</think><answer>B</answer><answer>A</answer>", PreferenceFilters.StrayTags)]
    [InlineData("<think>T</think><answer>B</answer> Hope that helps!", PreferenceFilters.StrayTags)]
    [InlineData("<think>T</think></think><answer>B</answer>", PreferenceFilters.StrayTags)]
    [InlineData("<think>T<|im_end|></think><answer>B</answer>", PreferenceFilters.StrayTags)]
    [InlineData("<think>T<step></think><answer>B</answer>", PreferenceFilters.StrayTags)]
    [InlineData("<think>T\n### truth\nB. Asthma</think><answer>B</answer>", PreferenceFilters.StrayTags)]
    [InlineData("<think>T 应该是哮喘。</think><answer>B</answer>", PreferenceFilters.Language)]
    [InlineData("<think>T Это астма.</think><answer>B</answer>", PreferenceFilters.Language)]
    [InlineData("<think>Asthma, I think.</think><answer>B</answer>", PreferenceFilters.ShortThought)]
    [InlineData("<answer>B. Asthma</answer>", PreferenceFilters.ShortThought)]
    public void A_blemish_is_named(string text, string reason) => Assert.Equal(reason, Refuses(text.Replace("T", Thought, StringComparison.Ordinal)));

    [Fact]
    public void An_English_answer_to_a_Chinese_question_is_of_the_wrong_language() =>
        Assert.Equal(PreferenceFilters.Language, PreferenceFilters.Refuses(Chinese, $"<think>{Thought}</think><answer>B. 慢性阻塞性肺疾病</answer>", false, 200));

    [Fact]
    public void A_sampler_that_says_it_was_cut_off_is_believed() => Assert.Equal(PreferenceFilters.CutOff, PreferenceFilters.Refuses(English, $"<think>{Thought}</think><answer>B</answer>", true, 200));

    [Fact]
    public void A_chart_has_no_least_length() =>
        Assert.Null(PreferenceFilters.Refuses(Pathways.Some.Exam(1)[0], "<think> so angina . </think> <answer> angina A </answer>", false, 200));

    private static string? Refuses(string text) => PreferenceFilters.Refuses(English, text, false, 200);
}
