using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>The labelling stage: rewrites a question openly and finds out how hard it is.</summary>
/// <param name="rewriter">Rewrites, asked with the prompt <c>rewriter</c>; null leaves open stems as they are.</param>
/// <param name="weak">The weak answerer, asked with the prompt <c>answerer</c>; null measures no difficulty.</param>
/// <param name="strong">The strong answerer; needed where there is a weak one.</param>
/// <param name="samples">Samples per answerer, 1 or more.</param>
public sealed class QuestionLabeller(StageExpert? rewriter, StageExpert? weak = null, StageExpert? strong = null, int samples = 1)
{
    /// <summary>What a resume compares: the question's own key, a dash, and that of who labels.</summary>
    public string KeyOf(Question question) => KeyOfQuestion(question) + "-" + StageExpert.Key(
        rewriter?.KeyFor(question), weak?.KeyFor(question), weak is null ? null : strong?.KeyFor(question), weak is null ? "" : FormattableString.Invariant($"{samples}"));

    /// <summary>The question's part of the key.</summary>
    internal static string KeyOfQuestion(Question question) => StageExpert.Key(
        question.Id, QuestionText.Prose(question), string.Join(' ', question.Answers), question.OpenStem, question.Tags.GetValueOrDefault(Difficulty.Tag));

    /// <summary>Labels one question; what came with it is kept.</summary>
    /// <remarks>A chart is not rewritten: its asking words are fixed. A rewriting that keeps failing the check leaves the question without an open stem.</remarks>
    /// <exception cref="Experts.ExpertException">An expert gave no reply.</exception>
    public async Task<QuestionLabel> LabelAsync(Question question, CancellationToken token = default)
    {
        var label = new QuestionLabel { Question = question.Id, Inputs = KeyOf(question), Open = question.OpenStem, Difficulty = question.Tags.GetValueOrDefault(Difficulty.Tag) };
        label = label with { Given = label.Open is not null || label.Difficulty is not null };
        if (label.Open is null && rewriter is not null && ChartSynthesis.RegisterOf(question) != Register.Chart)
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["question"] = QuestionText.Prose(question), ["problem"] = "" };
            var (read, use, attempts) = await rewriter.AskAsync(question, values, reply => Rewriting(question, reply), 0, token).ConfigureAwait(false);
            label = label with { Open = read.Value, Problem = read.Value is null ? read.Problem : null, Attempts = attempts, Use = use };
        }

        if (label.Difficulty is null && weak is not null && strong is not null)
        {
            var (weakRate, weakUse) = await RateAsync(weak, question, token).ConfigureAwait(false);
            var (strongRate, strongUse) = weak == strong ? (weakRate, ExpertUse.None) : await RateAsync(strong, question, token).ConfigureAwait(false);
            label = label with { WeakRate = weakRate, StrongRate = strongRate, Samples = samples, Difficulty = Difficulty.Of(weakRate, strongRate), Use = label.Use + weakUse + strongUse };
        }

        return label;
    }

    /// <summary>Reads a rewriting and holds it against the stem.</summary>
    internal static ParsedReply<string> Rewriting(Question question, string reply)
    {
        var read = ReplyObject.Text(reply, "question");
        return read.Value is { } open && OpenStemCheck.Problem(question, open) is { } problem ? new(ReplyQuality.Unusable, null, problem) : read;
    }

    private async Task<(double Rate, ExpertUse Use)> RateAsync(StageExpert answerer, Question question, CancellationToken token)
    {
        var (right, use) = (0, ExpertUse.None);
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["question"] = ExampleWriter.Ask(question, ChartSynthesis.RegisterOf(question)) };
        for (var sample = 0; sample < samples; sample++)
        {
            var (read, took, _) = await answerer.AskAsync(question, values, reply => ReplyReader.Reasoning(reply, question, needsAnswer: true, needsStep: false), sample, token).ConfigureAwait(false);
            use += took;
            // An abstention, or a reply that names no option, is not right.
            if (read.Value?.Answer is { } answer && question.Answers.Contains(answer)) right++;
        }

        return ((double)right / samples, use);
    }
}
