namespace Citrus.Research.Pathways;

/// <summary>Names of the pathways, and the pathway of a name.</summary>
public static class PathwayNames
{
    public const string Direct = "Direct";
    public const string PatternRecognition = "PatternRecognition";
    public const string HypotheticoDeductive = "HypotheticoDeductive";
    public const string DualExpert = "DualExpert";

    public const string TreeSearch = "TreeSearch";

    /// <summary>All names, from the shortest thought to the longest.</summary>
    public static IReadOnlyList<string> All { get; } = [Direct, PatternRecognition, HypotheticoDeductive, DualExpert, TreeSearch];

    /// <summary>The pathway of this name.</summary>
    /// <param name="name">One of <see cref="All"/>; case does not matter.</param>
    /// <param name="prompts">The shipped ones where null.</param>
    /// <param name="options">The defaults where null.</param>
    /// <exception cref="ArgumentException">No pathway has this name.</exception>
    public static IPathway Create(string name, PromptCatalog? prompts = null, PathwayOptions? options = null)
    {
        (prompts, options) = (prompts ?? PromptCatalog.Default, options ?? new PathwayOptions());
        return All.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) switch
        {
            Direct => OneShotPathway.Direct(prompts, options),
            PatternRecognition => OneShotPathway.PatternRecognition(prompts, options),
            HypotheticoDeductive => StepwisePathway.HypotheticoDeductive(prompts, options),
            DualExpert => StepwisePathway.DualExpert(prompts, options),
            TreeSearch => new TreeSearchPathway(prompts, options),
            _ => throw new ArgumentException($"No pathway '{name}'; there are {string.Join(", ", All)}.", nameof(name)),
        };
    }
}
