using Citrus.Research.Examples;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>A question whose trace was kept, and what became of it.</summary>
public sealed record SynthesisItem(Question Question, Trace Trace, Narrative Narrative, Example Example);
