using Citrus.Research.Pathways;

namespace Citrus.Research.Studies;

/// <summary>One side of a comparison: what the students of this arm were shown. Arms differ in nothing else.</summary>
/// <param name="Name">As drawn and tabled.</param>
/// <param name="Pathway">The pathway whose narratives are learned.</param>
/// <param name="Swapped">Control: the reasoning is that of another case, of like length; the answer is right.</param>
/// <param name="ExtraTextbook">Control: textbook passages are mixed in until as many tokens are read as the HypotheticoDeductive arm reads.</param>
public sealed record Arm(string Name, string Pathway, bool Swapped = false, bool ExtraTextbook = false)
{
    public static IReadOnlyList<Arm> All { get; } =
    [
        new("Direct", PathwayNames.Direct),
        new("PatternRecognition", PathwayNames.PatternRecognition),
        new("HypotheticoDeductive", PathwayNames.HypotheticoDeductive),
        new("DualExpert", PathwayNames.DualExpert),
        new("TreeSearch", PathwayNames.TreeSearch),
        new("SwappedReasoning", PathwayNames.HypotheticoDeductive, Swapped: true),
        new("DirectTextbook", PathwayNames.Direct, ExtraTextbook: true),
    ];

    /// <summary>The arm of that name.</summary>
    /// <exception cref="StudyException">There is none; the message lists those there are.</exception>
    public static Arm Of(string name) => All.FirstOrDefault(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new StudyException($"Unknown arm {name}; there are {string.Join(", ", All.Select(a => a.Name))}.");
}
