namespace Citrus.Research.Synthesis;

/// <summary>A call that gave nothing: a line of problems.jsonl. A later run tries it again.</summary>
/// <param name="Question">Id of the question.</param>
/// <param name="Sample">Which sample it cost; of a verdict, the one to be rejected.</param>
/// <param name="Role">Who was asked, one of <see cref="Experts.ExpertRoles"/>.</param>
/// <param name="Fault">An <see cref="Experts.ExpertFault"/>, or <c>Unusable</c> where replies came that could not be read.</param>
/// <param name="Cause">What happened, for people.</param>
public sealed record PreferenceProblem(string Question, int Sample, string Role, string Fault, string Cause)
{
    /// <summary>The fault of replies that came and could not be read.</summary>
    public const string Unusable = "Unusable";
}
