using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>
/// Reads the claims out of reasoning text: the clinic's own charts and prose, and as much as possible of what a student or another
/// expert wrote. What it cannot read it leaves out; it never invents a claim.
/// </summary>
public sealed class ClaimReader
{
    private readonly ClaimReaderChart _chart;
    private readonly ClaimReaderProse _prose;

    public ClaimReader(Knowledge knowledge)
        : this(knowledge, new FindingRecogniser(knowledge))
    {
    }

    internal ClaimReader(Knowledge knowledge, FindingRecogniser recogniser) =>
        (_chart, _prose) = (new(knowledge), new(knowledge, recogniser));

    /// <summary>Claims in the order of the text, those that the text itself takes back marked.</summary>
    /// <param name="text">A thought, with or without its tags; what stands in an answer tag is no claim.</param>
    public IReadOnlyList<Claim> Read(string text, Register register)
    {
        var end = text.IndexOf("<answer>", StringComparison.Ordinal);
        if (end >= 0) text = text[..end];
        text = text.Replace("<think>", " ", StringComparison.Ordinal).Replace("</think>", " ", StringComparison.Ordinal);
        return register == Register.Chart ? _chart.Read(text) : _prose.Read(text);
    }
}
