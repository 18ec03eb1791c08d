using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>
/// One step a request. <c>HypotheticoDeductive</c> (System 2) takes the reasoning expert's steps as they come until one of them answers.
/// <c>DualExpert</c> has each step rated by a reflection expert who knows the truth: a rejected one stays in the trace with its feedback,
/// the reasoning expert sees the accepted thought and that feedback (never the truth) and proposes again; once a step answers, a judge
/// says whether the thought suffices.
/// </summary>
public sealed class StepwisePathway : IPathway
{
    internal const string Propose = "propose";
    private const string Rate = "rate";
    private const string Judge = "judge";

    private readonly PathwayBase _base;
    private readonly bool _dual;

    private StepwisePathway(bool dual, PathwayBase shared) => (_dual, _base) = (dual, shared);

    public static StepwisePathway HypotheticoDeductive(PromptCatalog prompts, PathwayOptions options) =>
        new(false, new PathwayBase(PathwayNames.HypotheticoDeductive, options, prompts, "step"));

    public static StepwisePathway DualExpert(PromptCatalog prompts, PathwayOptions options) =>
        new(true, new PathwayBase(PathwayNames.DualExpert, options, prompts, "step", "reflection", "sufficiency"));

    public string Name => _base.Name;

    public string Fingerprint => _base.Fingerprint;

    public PathwayMove Begin(Question question, Register register) =>
        _base.Ask(new PathwayState { Question = question, Register = register, Phase = Propose }, "step");

    public PathwayMove Next(PathwayState state, ExpertReply reply) => state.Phase switch
    {
        Propose => Proposed(state, reply),
        Rate => Rated(state, reply),
        Judge => Judged(state, reply),
        _ => throw new ArgumentException($"{Name} knows no phase '{state.Phase}'; the state is of another pathway.", nameof(state)),
    };

    private PathwayMove Proposed(PathwayState state, ExpertReply reply)
    {
        var read = ReplyReader.Reasoning(reply.Text, _base.Shown(state), needsAnswer: false, needsStep: true);
        state = PathwayBase.Counted(state, read);
        if (read.Value is not { } said) return _base.Again(state, "step", read.Problem!);
        if (said.Abstains is { } why) return _base.Give(state, "abstained: " + why);

        // Asked for one step, an expert may send several: they stand or fall together.
        var text = string.Join(' ', said.Steps.Select(s => s.Text));
        var step = _base.Step(state, "step", said.Steps[^1].Kind, text, reply) with { Answer = said.Answer };
        return _dual
            ? _base.Ask(state with { Proposed = step, Phase = Rate, Attempt = 0 }, "reflection")
            : Accept(state, step);
    }

    private PathwayMove Rated(PathwayState state, ExpertReply reply)
    {
        var read = ReplyReader.Rating(reply.Text);
        state = PathwayBase.Counted(state, read);
        if (read.Value is not { } rating) return _base.Again(state, "reflection", read.Problem!);

        var feedback = AnswerLeak.Mask(rating.Feedback, state.Question);
        var step = state.Proposed! with { Accepted = rating.Accepts, Feedback = feedback };
        var verdict = _base.Step(state, "reflection", StepKind.Reflection, rating.Accepts ? "1" : "0", reply);
        state = state with { Proposed = null };
        if (rating.Accepts) return Accept(state, step, verdict);

        state = state with { Steps = [.. state.Steps, step, verdict], Rejections = state.Rejections + 1, Phase = Propose, Attempt = 0 };
        return state.Rejections >= _base.Options.MaxRejections
            ? _base.Give(state, $"no acceptable step in {state.Rejections} proposals")
            : _base.Ask(state, "step");
    }

    private PathwayMove Judged(PathwayState state, ExpertReply reply)
    {
        var read = ReplyReader.Rating(reply.Text);
        state = PathwayBase.Counted(state, read);
        if (read.Value is not { } verdict) return _base.Again(state, "sufficiency", read.Problem!);
        var label = state.Steps.Last(s => s is { Accepted: true, Answer: not null }).Answer!;
        state = state with { Steps = [.. state.Steps, _base.Step(state, "sufficiency", StepKind.Reflection, verdict.Accepts ? "1" : "0", reply)] };
        return verdict.Accepts ? _base.Finish(state, label) : GoOn(state);
    }

    private PathwayMove Accept(PathwayState state, Step step, params ReadOnlySpan<Step> verdict)
    {
        state = state with { Steps = [.. state.Steps, step, .. verdict], Rejections = 0, Attempt = 0 };
        if (step.Answer is null) return GoOn(state);
        return _dual ? _base.Ask(state with { Phase = Judge }, "sufficiency") : _base.Finish(state, step.Answer);
    }

    private PathwayMove GoOn(PathwayState state) =>
        state.Steps.Count(s => s is { Accepted: true, Kind: not StepKind.Reflection }) >= _base.Options.MaxSteps
            ? _base.Give(state, $"no answer in {_base.Options.MaxSteps} steps")
            : _base.Ask(state with { Phase = Propose, Attempt = 0 }, "step");
}
