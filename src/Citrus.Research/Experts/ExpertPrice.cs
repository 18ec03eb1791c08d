namespace Citrus.Research.Experts;

/// <summary>A row of the price table.</summary>
/// <param name="Model">An expert's spec without its parameters; <c>*</c> stands for anything.</param>
/// <param name="Input">US dollars for a million input tokens.</param>
/// <param name="Output">US dollars for a million output tokens, a reasoning model's thinking included.</param>
/// <param name="Source">Where the price was read.</param>
/// <param name="Date">When.</param>
public sealed record ExpertPrice(string Model, decimal Input, decimal Output, string Source, string Date)
{
    private const decimal Million = 1_000_000;

    /// <summary>US dollars of so many tokens.</summary>
    public decimal Cost(long tokensIn, long tokensOut) => ((tokensIn * Input) + (tokensOut * Output)) / Million;
}
