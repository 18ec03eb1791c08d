using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions.Benchmarks;

/// <summary>Invented rows in the published formats.</summary>
internal static class Fixture
{
    public static string Path(params string[] parts) => System.IO.Path.Combine([Repository.Root, "tests", "fixtures", "benchmarks", .. parts]);

    /// <summary>The questions of a file whose form is seen from itself.</summary>
    public static List<Question> Read(string name, List<QuestionFormatException>? leftOut = null, string split = "") => [.. QuestionFiles.Read(Path(name.Split('/')), split, leftOut: leftOut)];

    public static string Listed(this Question question) => string.Join(" | ", question.Options.Select(o => $"{o.Label} {o.Text}"));
}
