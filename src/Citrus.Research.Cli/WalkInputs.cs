using System.CommandLine;
using Citrus.Research.Pathways;

namespace Citrus.Research.Cli;

/// <summary>The bounds of a pathway on the command line.</summary>
internal sealed class WalkInputs
{
    private static readonly PathwayOptions Usual = new();

    private readonly Option<bool> _open = new("--open") { Description = "Ask the open-ended stem without its options, where a question has one; the answer is then checked for its meaning." };
    private readonly Option<int?> _steps = new("--max-steps") { Description = $"Most accepted steps of a thought before it is given up. Default: {Usual.MaxSteps}." };
    private readonly Option<int?> _rejections = new("--max-rejections") { Description = $"Most rejections of one step before the trace (in a tree, the step) is given up. Default: {Usual.MaxRejections}." };
    private readonly Option<string?> _strategy = new("--strategy") { Description = $"TreeSearch: {nameof(TreeStrategy.BestFirst)} follows the best path wherever it is, {nameof(TreeStrategy.Beam)} goes level by level. Default: {Usual.Tree.Strategy}." };
    private readonly Option<int?> _branching = new("--branching") { Description = $"TreeSearch: candidates asked for at a step. Default: {Usual.Tree.Branching}." };
    private readonly Option<int?> _beam = new("--beam-width") { Description = $"TreeSearch with --strategy Beam: steps of a level that are followed. Default: {Usual.Tree.BeamWidth}." };
    private readonly Option<int?> _expansions = new("--expansions") { Description = $"TreeSearch: its budget, how often candidates are asked for in one question. Default: {Usual.Tree.Expansions}." };
    private readonly Option<double?> _threshold = new("--threshold") { Description = $"TreeSearch: least score, 0 to 100, with which a step is followed. Default: {Usual.Tree.Threshold}." };

    public WalkInputs() => _strategy.AcceptOnlyFromAmong(Enum.GetNames<TreeStrategy>());

    /// <summary>Add these to the verb's command.</summary>
    public IReadOnlyList<Option> Options => [_open, _steps, _rejections, _strategy, _branching, _beam, _expansions, _threshold];

    /// <summary>The bounds: what is said, and what was before where nothing is.</summary>
    public PathwayOptions Of(ParseResult parse, PathwayOptions before) => before with
    {
        Open = parse.GetValue(_open) || before.Open,
        MaxSteps = Inputs.AtLeast(parse.GetValue(_steps) ?? before.MaxSteps, 1, "--max-steps"),
        MaxRejections = Inputs.AtLeast(parse.GetValue(_rejections) ?? before.MaxRejections, 1, "--max-rejections"),
        Tree = before.Tree with
        {
            Strategy = parse.GetValue(_strategy) is { } strategy ? Enum.Parse<TreeStrategy>(strategy) : before.Tree.Strategy,
            Branching = Inputs.AtLeast(parse.GetValue(_branching) ?? before.Tree.Branching, 1, "--branching"),
            BeamWidth = Inputs.AtLeast(parse.GetValue(_beam) ?? before.Tree.BeamWidth, 1, "--beam-width"),
            Expansions = Inputs.AtLeast(parse.GetValue(_expansions) ?? before.Tree.Expansions, 1, "--expansions"),
            Threshold = parse.GetValue(_threshold) is { } threshold ? threshold is >= 0 and <= 100 ? threshold : throw new ArgumentException($"--threshold is {Inputs.F(threshold, 1)}; it must be 0 to 100.") : before.Tree.Threshold,
        },
    };
}
