using Citrus.Research.Questions;

namespace Citrus.Research.LoopbackServer;

/// <summary>The scripted physician's sentences.</summary>
internal static class PhysicianVoice
{
    private static readonly string[] EnglishQuestions =
        ["When did it begin?", "Do you have a fever?", "Do you have any pain, and where?", "What illnesses did you have before?", "Which medicines do you take?", "Has your weight or appetite changed?", "Does anything make it better or worse?"];

    private static readonly string[] ChineseQuestions =
        ["这种情况是从什么时候开始的？", "有没有发热？", "有没有疼痛，具体在哪里？", "以前得过什么病？", "平时吃什么药？", "体重和食欲有没有变化？", "有什么会让症状加重或减轻？"];

    private static readonly string[] EnglishIllnesses = ["Pneumonia", "Asthma", "Iron deficiency anemia", "Acute pancreatitis", "Hypothyroidism", "Pulmonary embolism", "Gout"];

    private static readonly string[] ChineseIllnesses = ["肺炎", "支气管哮喘", "缺铁性贫血", "急性胰腺炎", "甲状腺功能减退症", "肺栓塞", "痛风"];

    public static string Question(bool chinese, int number)
    {
        var questions = chinese ? ChineseQuestions : EnglishQuestions;
        return questions[number % questions.Length];
    }

    public static string Illness(bool chinese, SeededRandom random) => random.Pick(chinese ? ChineseIllnesses : EnglishIllnesses);

    public static string Thought(bool chinese, string kind, string phrase, string option) => (chinese, kind) switch
    {
        (true, "observation") => $"首先注意到：{phrase}。",
        (true, "elimination") => $"从“{phrase}”看，{option}不太符合。",
        (true, _) => $"“{phrase}”提示可以考虑{option}。",
        (false, "observation") => $"What stands out is this: {phrase}.",
        (false, "elimination") => $"Given \"{phrase}\", {option} fits less well.",
        _ => $"\"{phrase}\" makes one think of {option}.",
    };

    public static string Remark(bool chinese, bool accepts, string phrase) => (chinese, accepts) switch
    {
        (true, true) => "这一步有题目中的依据。",
        (true, false) => $"请再对照“{phrase}”看一看，这一步站不住。",
        (false, true) => "The step rests on what the question tells.",
        _ => $"Look again at \"{phrase}\"; the step does not hold against it.",
    };
}
