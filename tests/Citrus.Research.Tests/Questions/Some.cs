using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

internal static class Some
{
    public static IReadOnlyList<Option> Options(params string[] texts) => [.. texts.Select((t, i) => new Option(((char)('A' + i)).ToString(), t))];

    public static Question Question(string id = "q1", string answer = "A", string kind = "", IReadOnlyDictionary<string, string>? tags = null, params string[] options) => new()
    {
        Id = id,
        Stem = "dept cardiology has fever ask diagnosis ?",
        Options = Options(options.Length > 0 ? options : ["angina", "pulmonary_embolism", "flu", "gout"]),
        Answers = [answer],
        Kind = kind,
        Tags = tags ?? new Dictionary<string, string>(),
    };
}
