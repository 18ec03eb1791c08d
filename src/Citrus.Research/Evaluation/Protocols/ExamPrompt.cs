using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary>How a question becomes messages: a system message with the instruction, examples as earlier turns, the question as the last. A Chinese question is asked in Chinese.</summary>
/// <param name="Style">The instruction.</param>
/// <param name="Setting">The model and the benchmark.</param>
public sealed record ExamPrompt(PromptStyle Style, ExamSetting Setting)
{
    private const string EnglishExpert =
        "You are an experienced physician sitting a written examination. Think the question through as an expert does: form a first impression from what stands out, hold the "
        + "likely explanations against every finding, those that are absent too, look for a reason against your choice, then decide.";

    private const string EnglishExpertForm = " Write the thought between think tags and your choice between answer tags, and nothing else: <think>...</think><answer>{0}</answer>";

    private const string EnglishPlain = "You are sitting a written medical examination. Reply with your choice between answer tags and nothing else, without an explanation: <answer>{0}</answer>";

    private const string EnglishSeveral = " One option or several may be right; give the letters of all that are, and only these.";

    private const string ChineseExpert = "你是一位经验丰富的医生，正在参加医学笔试。请像专家那样思考：先根据最突出的表现形成初步判断，再用每一项表现（包括没有出现的表现）逐一衡量可能的解释，并为自己的选择寻找反对的理由，最后作出决定。";

    private const string ChineseExpertForm = "把思考过程写在 think 标签之间，把选择写在 answer 标签之间，不要写其他内容：<think>……</think><answer>{0}</answer>";

    private const string ChinesePlain = "你正在参加医学笔试。只回复你的选择，写在 answer 标签之间，不要解释：<answer>{0}</answer>";

    private const string ChineseSeveral = "正确选项可能有一个或多个，请写出所有正确选项的字母，不要多写。";

    /// <summary>Questions with their answers that are shown before, in this order; none by default.</summary>
    public IReadOnlyList<Question> Examples { get; init; } = [];

    /// <summary>Tokens that the thought should keep to; asked for in words, for few servers take a bound.</summary>
    public int? ThinkingTokens { get; init; }

    /// <summary>The style in a word, for names and specs.</summary>
    public string Word => Style switch { PromptStyle.Bare => "bare", PromptStyle.Expert => "expert", _ => "plain" };

    /// <summary>The style for people.</summary>
    public string Title => Style switch { PromptStyle.Bare => "bare question", PromptStyle.Expert => "expert think/answer prompt", _ => "plain answer prompt" };

    /// <summary>The messages of a question.</summary>
    public IReadOnlyList<SampleMessage> Messages(Question question)
    {
        if (Style == PromptStyle.Bare) return [.. Examples.SelectMany(e => Turns(e, Setting.Text(e), Setting.Continuation(e, Right(e)).Trim())), new("user", Setting.Text(question))];
        return
        [
            new("system", Instruction(QuestionLanguage.Of(question) == QuestionLanguage.Chinese)),
            .. Examples.SelectMany(e => Turns(e, QuestionText.Prose(e), $"<answer>{(e.Answers.Count > 1 ? string.Join(", ", e.Answers) : $"{e.Answer}. {e.AnswerText}")}</answer>")),
            new("user", QuestionText.Prose(question)),
        ];
    }

    private static IEnumerable<SampleMessage> Turns(Question example, string asked, string answer) => [new("user", asked), new("assistant", answer)];

    private static Option Right(Question question) => question.Options.First(o => o.Label == question.Answers[0]);

    private string Instruction(bool chinese)
    {
        var form = (chinese, Setting.Several) switch { (false, false) => "B. ...", (false, true) => "A, C", (true, false) => "B. ……", _ => "A、C" };
        var several = Setting.Several ? chinese ? ChineseSeveral : EnglishSeveral : "";
        var text = (chinese, Style) switch
        {
            (false, PromptStyle.Expert) => EnglishExpert + several + EnglishExpertForm,
            (false, _) => EnglishPlain + several,
            (true, PromptStyle.Expert) => ChineseExpert + several + ChineseExpertForm,
            _ => ChinesePlain + several,
        };
        var bound = ThinkingTokens switch
        {
            null => "",
            0 => chinese ? "不要思考，think 标签之间留空，直接作答。" : " Do not think: leave nothing between the think tags and answer at once.",
            { } most => chinese ? $"思考过程不超过约 {most} 个词元。" : $" Keep the thought within about {most} tokens.",
        };
        return text.Replace("{0}", form, StringComparison.Ordinal) + bound;
    }
}
