using NetArchTest.Rules;

namespace Citrus.Research.Tests;

/// <summary>The order of the rooms: one direction of flow, and each room's outgoing arrows.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "Citrus.Research";

    /// <summary>A room and the rooms it may use; a room that is not here yet is added with its first file.</summary>
    /// <remarks>Models and Training draw from the seeded generator that lives in Questions; Clinic writes textbooks and drills, which are Passages and Examples; cards of Synthesis give their shares with intervals of Evaluation; the report page shows questions, samples and traces themselves.</remarks>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Questions"] = [],
        ["Examples"] = ["Questions"],
        ["Experts"] = [],
        ["Clinic"] = ["Questions", "Experts", "Examples"],
        ["Pathways"] = ["Questions", "Experts"],
        ["Synthesis"] = ["Questions", "Examples", "Experts", "Clinic", "Pathways", "Evaluation"],
        ["Tokenization"] = [],
        ["Models"] = ["Questions", "Tokenization", "Experts"],
        ["Training"] = ["Questions", "Models", "Tokenization", "Examples"],
        ["Evaluation"] = ["Questions", "Experts", "Pathways", "Clinic"],
        ["Studies"] = ["Questions", "Examples", "Experts", "Clinic", "Pathways", "Synthesis", "Tokenization", "Models", "Training", "Evaluation"],
        ["Figures"] = ["Questions", "Pathways", "Synthesis", "Evaluation", "Studies"],
    };

    public static TheoryData<string> Rooms => [.. Arrows.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_before_it(string room)
    {
        var forbidden = Arrows.Keys.Where(other => other != room && !Arrows[room].Contains(other)).Select(other => $"{Root}.{other}").ToArray();
        var result = Types.InAssembly(typeof(Research.Questions.Question).Assembly)
            .That().ResideInNamespaceMatching($@"^{Root.Replace(".", "\\.")}\.{room}(\.|$)")
            .ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, $"{room} may use {(Arrows[room].Length == 0 ? "no other room" : string.Join(", ", Arrows[room]))}, but these use others: "
            + string.Join(", ", result.FailingTypes?.Select(t => t.FullName) ?? []));
    }

    [Fact]
    public void Every_type_of_the_library_lives_in_a_room()
    {
        var strays = typeof(Research.Questions.Question).Assembly.GetTypes()
            .Where(t => t.Namespace is { } space && space.StartsWith(Root, StringComparison.Ordinal))
            .Where(t => !Arrows.Keys.Any(room => t.Namespace == $"{Root}.{room}" || t.Namespace!.StartsWith($"{Root}.{room}.", StringComparison.Ordinal)))
            .Select(t => t.FullName);
        Assert.Empty(strays);
    }

    [Fact]
    public void The_arrows_go_one_way()
    {
        var order = new List<string>();
        while (order.Count < Arrows.Count)
            order.Add(Arrows.Keys.FirstOrDefault(r => !order.Contains(r) && Arrows[r].All(order.Contains)) ?? throw new InvalidOperationException("The arrows go in a circle."));
        Assert.Equal(Arrows.Count, order.Count);
    }
}
