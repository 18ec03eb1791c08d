using Citrus.Research.Clinic;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Process truth of traces.</summary>
public static class TraceFaithfulness
{
    /// <summary>Verdicts on the claims of the steps that stand.</summary>
    public static StepVerdicts Of(StepCheck check, Question question, Trace trace) =>
        check.Check(question, string.Join('\n', trace.Accepted.Select(s => s.Text)));

    /// <summary>Verdicts on the claims of every step that the reasoning expert proposed, rejected ones included.</summary>
    public static StepVerdicts OfProposals(StepCheck check, Question question, Trace trace) =>
        check.Check(question, string.Join('\n', trace.Steps.Where(s => s.Role == Experts.ExpertRoles.Reasoning).Select(s => s.Text)));
}
