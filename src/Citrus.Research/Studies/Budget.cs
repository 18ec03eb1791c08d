namespace Citrus.Research.Studies;

/// <summary>What is held equal between arms.</summary>
public enum Budget
{
    /// <summary>Every arm sees the same number of examples; longer narratives mean more training tokens.</summary>
    EqualExamples,

    /// <summary>Every arm reads as many training tokens as HypotheticoDeductive does under equal examples; shorter narratives mean more repetitions.</summary>
    EqualTokens,
}
