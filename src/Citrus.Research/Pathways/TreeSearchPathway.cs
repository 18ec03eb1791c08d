using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>
/// Search instead of repair: the reasoning expert proposes several next steps, a reflection expert who knows the truth scores them, and the search follows the most promising path, back to
/// an earlier fork where one leads nowhere. Once the followed step answers, a judge says whether its path suffices. The whole tree stays in the trace (each step with its number, that of the
/// step it follows, score and feedback); accepted are the steps of the path that answered.
/// </summary>
public sealed class TreeSearchPathway : IPathway
{
    internal const string Branch = "branch";
    internal const string Score = "score";
    internal const string Judge = "tree-judge";

    private readonly PathwayBase _base;

    public TreeSearchPathway(PromptCatalog prompts, PathwayOptions options) => _base = new PathwayBase(PathwayNames.TreeSearch, options, prompts, Branch, Score, "sufficiency");

    public string Name => _base.Name;

    public string Fingerprint => _base.Fingerprint;

    public PathwayMove Begin(Question question, Register register) => Expand(new PathwayState { Question = question, Register = register, Phase = Branch }, 0);

    public PathwayMove Next(PathwayState state, ExpertReply reply) => state.Phase switch
    {
        Branch => Branched(state, reply),
        Score => Scored(state, reply),
        Judge => Judged(state, reply),
        _ => throw new ArgumentException($"{Name} knows no phase '{state.Phase}'; the state is of another pathway.", nameof(state)),
    };

    /// <summary>The steps from the question to a step of the tree, that one included.</summary>
    internal static IEnumerable<Step> Path(IReadOnlyList<Step> steps, int node)
    {
        var path = new Stack<Step>();
        for (var at = node; at > 0;)
        {
            var step = steps.First(s => s.Node == at);
            path.Push(step);
            at = step.Parent!.Value;
        }

        return path;
    }

    private PathwayMove Branched(PathwayState state, ExpertReply reply)
    {
        var read = ReplyReader.Branch(reply.Text, _base.Shown(state), _base.Options.Tree.Branching);
        state = PathwayBase.Counted(state, read);
        if (read.Value is not { } said) return _base.Again(state, Branch, read.Problem!);
        if (said.Abstains is { } why) return _base.Give(state, "abstained: " + why);
        var known = Path(state.Steps, state.At).Concat(state.Steps.Where(s => s.Node is not null && s.Parent == state.At)).Select(s => s.Text).ToHashSet(StringComparer.Ordinal);
        var fresh = said.Candidates.Where(c => !known.Contains(c.Text)).ToList();
        // What was said before is no way forward.
        if (fresh.Count == 0) return Follow(state);
        var steps = fresh.Select((c, i) => _base.Step(state, Branch, c.Kind, c.Text, reply, i == 0) with { Answer = c.Answer }).ToList();
        return _base.Ask(state with { Candidates = steps, Phase = Score, Attempt = 0 }, Score);
    }

    private PathwayMove Scored(PathwayState state, ExpertReply reply)
    {
        var read = ReplyReader.Scores(reply.Text, state.Candidates.Count);
        state = PathwayBase.Counted(state, read);
        if (read.Value is not { } said) return _base.Again(state, Score, read.Problem!);
        var number = state.Steps.Count(s => s.Node is not null);
        var grown = state.Candidates.Select((candidate, i) => candidate with
        {
            Node = number + i + 1,
            Parent = state.At,
            Score = said.Scores[i]?.Score ?? 0,
            Feedback = AnswerLeak.Mask(said.Scores[i]?.Feedback ?? "", state.Question),
            Accepted = (said.Scores[i]?.Score ?? 0) >= _base.Options.Tree.Threshold,
        });
        var verdict = _base.Step(state, Score, StepKind.Reflection, string.Join(' ', said.Scores.Select(s => (s?.Score ?? 0).ToString(CultureInfo.InvariantCulture))), reply);
        return Follow(state with { Steps = [.. state.Steps, .. grown, verdict], Candidates = [], Attempt = 0 });
    }

    private PathwayMove Judged(PathwayState state, ExpertReply reply)
    {
        var read = ReplyReader.Rating(reply.Text);
        state = PathwayBase.Counted(state, read);
        if (read.Value is not { } verdict) return _base.Again(state, "sufficiency", read.Problem!);
        state = state with { Steps = [.. state.Steps, _base.Step(state, "sufficiency", StepKind.Reflection, verdict.Accepts ? "1" : "0", reply)], Attempt = 0 };
        if (!verdict.Accepts) return Follow(state with { Insufficient = [.. state.Insufficient, state.At] });
        var path = Path(state.Steps, state.At).ToList();
        return _base.Finish(state with { Steps = [.. state.Steps.Select(s => s.Node is null ? s : s with { Accepted = path.Any(p => p.Node == s.Node) })] }, path[^1].Answer!);
    }

    /// <summary>Goes to the most promising step: asks a judge where it answers, for next steps where it does not.</summary>
    private PathwayMove Follow(PathwayState state)
    {
        if (Promising(state) is not { } node) return _base.Give(state, "no acceptable step left in the tree");
        var step = node == 0 ? null : state.Steps.First(s => s.Node == node);
        if (step?.Answer is not null && !state.Insufficient.Contains(node)) return _base.Ask(state with { At = node, Phase = Judge, Attempt = 0 }, "sufficiency");
        return state.Expanded.Values.Sum() >= _base.Options.Tree.Expansions
            ? _base.Give(state, string.Create(CultureInfo.InvariantCulture, $"no answer in {_base.Options.Tree.Expansions} expansions of the tree"))
            : Expand(state, node);
    }

    private PathwayMove Expand(PathwayState state, int node)
    {
        var expanded = new Dictionary<int, int>(state.Expanded);
        expanded[node] = expanded.GetValueOrDefault(node) + 1;
        return _base.Ask(state with { At = node, Phase = Branch, Attempt = 0, Expanded = expanded }, Branch);
    }

    /// <summary>The open step to follow: not yet expanded, or expanded in vain and not too often; 0 is the question itself. Null where none is open.</summary>
    private int? Promising(PathwayState state)
    {
        var nodes = state.Steps.Where(s => s is { Node: not null, Accepted: true }).Select(s => Place(state, s)).ToList();
        var fruitful = nodes.Select(n => n.Parent).ToHashSet();
        bool IsOpen(Node n) => (n.Answers && !state.Insufficient.Contains(n.Number)) || (n.Depth < _base.Options.MaxSteps && (!state.Expanded.TryGetValue(n.Number, out var times) || (times < _base.Options.MaxRejections && !fruitful.Contains(n.Number))));
        var open = nodes.Where(IsOpen).ToList();
        if (_base.Options.Tree.Strategy == TreeStrategy.Beam)
        {
            var beam = nodes.GroupBy(n => n.Depth).OrderBy(g => g.Key).SelectMany(level => level.OrderByDescending(n => n.Value).ThenBy(n => n.Number).Take(_base.Options.Tree.BeamWidth));
            if (beam.FirstOrDefault(open.Contains) is { } next) return next.Number;
        }

        if (open.Count > 0) return open.OrderByDescending(n => n.Value).ThenByDescending(n => n.Depth).ThenBy(n => n.Number).First().Number;
        return IsOpen(new Node(0, -1, 0, 0, false)) ? 0 : null;
    }

    private static Node Place(PathwayState state, Step step)
    {
        var path = Path(state.Steps, step.Node!.Value).ToList();
        return new Node(step.Node.Value, step.Parent!.Value, path.Count, path.Average(s => s.Score!.Value), step.Answer is not null);
    }

    /// <summary>A step's place in the tree and the mean score of its path.</summary>
    private sealed record Node(int Number, int Parent, int Depth, double Value, bool Answers);
}
