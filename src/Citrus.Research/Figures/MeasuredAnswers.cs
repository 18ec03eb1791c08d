namespace Citrus.Research.Figures;

/// <summary>One evaluation of a student, or one part of a sweep, as <c>results/evaluation/answers.csv</c> keeps it.</summary>
/// <param name="Student">The folder of the student that was examined, such as <c>Direct-0.1M-seed1</c>.</param>
/// <param name="Weights">SHA-256 of its weights.</param>
/// <param name="Protocol">How it was asked, as <c>citrus evaluate --protocol</c> takes it.</param>
/// <param name="Variant">What sets the part of a sweep apart, such as <c>thinking=32</c>; empty where there is one part.</param>
/// <param name="QuestionsFile">The file of questions.</param>
/// <param name="QuestionsSha256">SHA-256 of the questions as they were scored.</param>
/// <param name="N">Questions.</param>
/// <param name="Tokens">Mean tokens of an output; empty where nothing was written.</param>
/// <param name="Right">One character a question, in the questions' order: 1 where the answer is right, else 0.</param>
public sealed record MeasuredAnswers(string Student, string Weights, string Protocol, string? Variant, string QuestionsFile, string QuestionsSha256, int N, double? Tokens, string Right);
