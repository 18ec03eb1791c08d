namespace Citrus.Research.Clinic;

/// <summary>What a clinic question asks for: the values of <see cref="Questions.Question.Kind"/>, and the word after <c>ask</c> in a chart.</summary>
public static class QuestionKind
{
    public const string Diagnosis = "diagnosis";

    /// <summary>The test that confirms the (unnamed) disease.</summary>
    public const string Test = "test";

    /// <summary>The drug to give for the (unnamed) disease, contraindications considered.</summary>
    public const string Treatment = "treatment";

    public static IReadOnlyList<string> All { get; } = [Diagnosis, Test, Treatment];
}
