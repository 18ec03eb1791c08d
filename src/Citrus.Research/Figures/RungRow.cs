namespace Citrus.Research.Figures;

/// <summary>What one step of a chain of training stages adds to the step before.</summary>
/// <param name="Step">In words, such as <c>+ stage 2</c>.</param>
/// <param name="Kind">The kind of question, or <c>overall</c>.</param>
/// <param name="Seeds">Students on each side.</param>
/// <param name="N">Questions, each asked of every student.</param>
/// <param name="Difference">Mean difference in accuracy, a fraction.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="PValue">Over seeds where there are several, else over questions; after Holm's correction over the steps drawn.</param>
public sealed record RungRow(string Step, string Kind, int Seeds, int N, double Difference, double Low, double High, double PValue)
{
    /// <summary>The level under which a step counts as real.</summary>
    public const double Level = 0.05;
}
