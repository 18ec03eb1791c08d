using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>
/// One request, one reply: <c>Direct</c> wants the answer alone, <c>PatternRecognition</c> (System 1) what the patient looks like and the
/// few findings that gave it away.
/// </summary>
public sealed class OneShotPathway : IPathway
{
    private const string Asked = "asked";

    private readonly PathwayBase _base;
    private readonly string _file;
    private readonly bool _needsStep;

    private OneShotPathway(string name, string file, bool needsStep, PromptCatalog prompts, PathwayOptions options) =>
        (_base, _file, _needsStep) = (new PathwayBase(name, options, prompts, file), file, needsStep);

    public static OneShotPathway Direct(PromptCatalog prompts, PathwayOptions options) => new(PathwayNames.Direct, "direct", false, prompts, options);

    public static OneShotPathway PatternRecognition(PromptCatalog prompts, PathwayOptions options) =>
        new(PathwayNames.PatternRecognition, "pattern", true, prompts, options);

    public string Name => _base.Name;

    public string Fingerprint => _base.Fingerprint;

    public PathwayMove Begin(Question question, Register register) =>
        _base.Ask(new PathwayState { Question = question, Register = register, Phase = Asked }, _file);

    public PathwayMove Next(PathwayState state, ExpertReply reply)
    {
        var read = ReplyReader.Reasoning(reply.Text, _base.Shown(state), needsAnswer: true, _needsStep);
        state = PathwayBase.Counted(state, read);
        if (read.Value is not { } said) return _base.Again(state, _file, read.Problem!);
        if (said.Abstains is { } why) return _base.Give(state, "abstained: " + why);

        var label = said.Answer!;
        // Direct keeps no thought even where an expert volunteers one: its arm is the answer alone.
        var thoughts = _needsStep ? said.Steps : [(StepKind.Conclusion, _base.Shown(state).Options.Count == 0 ? label : state.Question.OptionText(label))];
        var steps = thoughts.Select((s, i) => _base.Step(state, _file, s.Kind, s.Text, reply, i == 0)).ToList();
        steps[^1] = steps[^1] with { Answer = label };
        return _base.Finish(state with { Steps = steps }, label);
    }
}
