using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Citrus.Research.Experts;
using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>What all pathways share: filling prompts, asking again, closing a trace.</summary>
internal sealed class PathwayBase
{
    public const string NothingYet = "(nothing yet)";
    private const string None = "(none)";

    private readonly Dictionary<(PromptSet, string), PromptTemplate> _prompts = [];

    public PathwayBase(string name, PathwayOptions options, PromptCatalog prompts, params ReadOnlySpan<string> files)
    {
        (Name, Options) = (name, options.Validated());
        var definition = new StringBuilder(name).Append('\n').Append(options);
        foreach (var set in prompts.Sets.Order())
        {
            foreach (var file in files)
            {
                _prompts.Add((set, file), prompts[set][file]);
                definition.Append('\n').Append(set).Append(' ').Append(prompts[set][file].Hash);
            }
        }

        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definition.ToString())));
    }

    public string Name { get; }

    public PathwayOptions Options { get; }

    public string Fingerprint { get; }

    public PathwayMove Ask(PathwayState state, string file, string? problem = null)
    {
        var question = Shown(state);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["register"] = state.Register == Register.Chart ? "chart" : "vignette",
            ["question"] = (state.Register == Register.Chart ? QuestionText.Chart(question) : QuestionText.Prose(question)).Trim(),
        };
        var prompt = Prompt(state, file);
        if (prompt.Role != ExpertRoles.Reasoning || state.Phase == StepwisePathway.Propose)
        {
            values["thought"] = Lines(state.Steps.Where(s => s is { Accepted: true, Role: ExpertRoles.Reasoning }).Select(s => s.Text), NothingYet);
            var rejected = state.Rejections == 0 ? [] : state.Steps.Where(s => !s.Accepted).TakeLast(state.Rejections).ToList();
            values["rejected"] = Lines(rejected.Select(s => s.Text), None);
            values["remark"] = Lines(rejected.Select(s => s.Feedback ?? ""), None);
        }

        if (prompt.Role == ExpertRoles.Reflection)
        {
            // Without options there are no labels to speak of.
            values["truth"] = string.Join('\n', question.Answers.Select(a => question.Options.Count == 0 ? state.Question.OptionText(a) : $"{a}. {question.OptionText(a)}"));
            if (state.Proposed is { } proposed) values["proposed"] = Committed(proposed);
            values["candidates"] = string.Join('\n', state.Candidates.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {Committed(c)}")));
        }

        if (file == TreeSearchPathway.Branch)
        {
            values["thought"] = Lines(TreeSearchPathway.Path(state.Steps, state.At).Select(s => s.Text), NothingYet);
            values["tried"] = Lines(state.Steps.Where(s => s.Node is not null && s.Parent == state.At && !s.Accepted).Select(s => s.Text + (s.Feedback is { Length: > 0 } f ? $"\n({f})" : "")), None);
            values["count"] = Options.Tree.Branching.ToString(CultureInfo.InvariantCulture);
        }
        else if (state.Phase is TreeSearchPathway.Score or TreeSearchPathway.Judge)
        {
            values["thought"] = Lines(TreeSearchPathway.Path(state.Steps, state.At).Select(s => s.Text), NothingYet);
        }

        // What comes from a file or a model must not be taken for a section of ours.
        foreach (var name in values.Keys.ToList()) values[name] = PromptText.Inserted(values[name]);
        values["retry"] = problem is null ? "" : string.Create(CultureInfo.InvariantCulture, $"### retry\nAttempt {state.Attempt + 1}: the last reply could not be used ({problem}). Keep to the reply format.");
        return PathwayMove.Ask(state, prompt.Fill(values));
    }

    /// <summary>The question as the experts see it: its open-ended stem alone where that is asked for and there is one.</summary>
    public Question Shown(PathwayState state) => Options.Open && state.Question.OpenStem is { } open ? state.Question with { Stem = open, Options = [] } : state.Question;

    private static string Committed(Step step) => step.Text + (step.Answer is { } answer ? $"\n(answer {answer})" : "");

    /// <summary>Asks once more after an unreadable reply, or gives the trace up.</summary>
    public PathwayMove Again(PathwayState state, string file, string problem) => state.Attempt >= Options.Retries
        ? Give(state, $"{Prompt(state, file).Role}: no usable reply in {(state.Attempt + 1).ToString(CultureInfo.InvariantCulture)} attempts; last: {problem}")
        : Ask(state with { Attempt = state.Attempt + 1, Retried = state.Retried + 1 }, file, problem);

    public PathwayMove Give(PathwayState state, string unusable) => PathwayMove.Done(state, Close(state, null, unusable));

    public PathwayMove Finish(PathwayState state, string label) => PathwayMove.Done(state, Close(state, label, null));

    public Step Step(PathwayState state, string file, StepKind kind, string text, ExpertReply reply, bool first = true) => new()
    {
        Role = Prompt(state, file).Role,
        Kind = kind,
        Text = text,
        TokensIn = first ? reply.TokensIn : 0,
        TokensOut = first ? reply.TokensOut : 0,
        Cost = first ? reply.Cost : 0,
        Latency = first ? reply.Latency : null,
        Reasoning = first ? reply.Reasoning : null,
        Expert = reply.Expert,
        PromptHash = Prompt(state, file).Hash,
    };

    /// <summary>The file in the set that the question is asked with.</summary>
    public PromptTemplate Prompt(PathwayState state, string file) =>
        _prompts.TryGetValue((PromptCatalog.SetOf(state.Question, state.Register), file), out var prompt)
            ? prompt
            : throw new KeyNotFoundException($"There are no {PromptCatalog.SetOf(state.Question, state.Register)} prompts for question {state.Question.Id}.");

    public static PathwayState Counted<T>(PathwayState state, ParsedReply<T> reply)
        where T : class => state with
        {
            Calls = state.Calls + 1,
            Repaired = state.Repaired + (reply.Quality == ReplyQuality.Repaired ? 1 : 0),
        };

    private Trace Close(PathwayState state, string? label, string? unusable) => new()
    {
        Question = state.Question.Id,
        Pathway = Name,
        Register = state.Register,
        Steps = state.Steps,
        AnswerLabel = Shown(state).Options.Count == 0 ? null : label,
        AnswerText = label is null ? null : Shown(state).Options.Count == 0 ? label : state.Question.OptionText(label),
        Unusable = unusable,
        Calls = state.Calls,
        Repaired = state.Repaired,
        Retried = state.Retried,
    };

    private static string Lines(IEnumerable<string> lines, string empty)
    {
        var text = string.Join('\n', lines);
        return text.Length == 0 ? empty : text;
    }
}
