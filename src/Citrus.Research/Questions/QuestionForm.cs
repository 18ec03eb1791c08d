namespace Citrus.Research.Questions;

/// <summary>One form of question file.</summary>
/// <param name="Name">What it is called on a command line.</param>
/// <param name="Fields">The fields by which it is known, for people.</param>
/// <param name="Fits">Whether a record has them; a table's blank cells are no fields.</param>
/// <param name="Read">The questions of a file of this form.</param>
internal sealed record QuestionForm(string Name, string Fields, Func<QuestionLine, bool> Fits, Func<QuestionSource, IEnumerable<Question>> Read);
