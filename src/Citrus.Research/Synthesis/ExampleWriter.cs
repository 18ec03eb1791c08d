using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Makes the training record of a question and its narrative.</summary>
public static class ExampleWriter
{
    /// <param name="source">Where the thought comes from, e.g. <c>pathway:DualExpert</c>.</param>
    /// <param name="open">Whether the student is asked the open-ended stem, without options.</param>
    /// <returns>Id <c>source/question id</c>; a user turn with the question, an assistant turn with thought and answer.</returns>
    public static Example Write(Question question, Narrative narrative, string source, bool open = false) => new()
    {
        Id = $"{source}/{question.Id}",
        Turns = [new Turn("user", open ? question.OpenStem ?? question.Stem : Ask(question, narrative.Register)), narrative.Turn()],
        Source = source,
    };

    /// <summary>The question as a student is asked it.</summary>
    public static string Ask(Question question, Register register) => register == Register.Chart ? QuestionText.Chart(question) : QuestionText.Prose(question);
}
