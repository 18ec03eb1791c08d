using Citrus.Research.Experts;

namespace Citrus.Research.Synthesis;

/// <summary>A call that gave no reply and cost its question this stage; a line of <c>problems.jsonl</c>. The same command tries it again.</summary>
/// <param name="Question">Id of the question.</param>
/// <param name="Stage">Where it happened.</param>
/// <param name="Role">Who was asked; empty where the stage asks one alone.</param>
/// <param name="Fault">What went wrong.</param>
/// <param name="Cause">In the expert's words.</param>
public sealed record SynthesisProblem(string Question, SynthesisStage Stage, string Role, ExpertFault Fault, string Cause);
