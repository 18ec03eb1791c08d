namespace Citrus.Research.Questions;

/// <summary>A question as an expert or a student reads it: stem and options, never the answer.</summary>
public static class QuestionText
{
    /// <summary>One line of words: the stem, then <c>text label</c> of every option. (The label last: a small decoder binds it sooner than one that stands before.)</summary>
    public static string Chart(Question question) =>
        question.Stem + string.Concat(question.Options.Select(o => $" {o.Text} {o.Label}"));

    /// <summary>Prose: the stem, an empty line, then one <c>label. text</c> a line.</summary>
    public static string Prose(Question question) =>
        question.Stem + "\n\n" + string.Join('\n', question.Options.Select(o => $"{o.Label}. {o.Text}"));
}
