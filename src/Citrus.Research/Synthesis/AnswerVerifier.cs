using System.Text.Json;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>The verification stage: holds a trace's answer against the truth, by rule where a rule can tell, else by an answer checker.</summary>
/// <param name="checker">Asked about free answers in other words than the truth, with the prompt <c>checker</c>; null lets the rule decide alone.</param>
public sealed class AnswerVerifier(StageExpert? checker)
{
    /// <summary>What a resume compares.</summary>
    public string KeyOf(Question question, Trace trace) => StageExpert.Key(
        QuestionText.Prose(question), question.OpenStem, string.Join(' ', question.Answers), JsonSerializer.Serialize(trace, Trace.Json), ByRule(question, trace) is null ? checker?.KeyFor(question) : null);

    /// <summary>Verifies one trace.</summary>
    /// <exception cref="Experts.ExpertException">The checker gave no reply.</exception>
    public async Task<VerifiedTrace> VerifyAsync(Question question, Trace trace, CancellationToken token = default)
    {
        var inputs = KeyOf(question, trace);
        if (ByRule(question, trace) is var (rule, by)) return new VerifiedTrace { Question = question.Id, Inputs = inputs, Kept = rule.Kept, Reason = rule.Reason, By = by };
        if (checker is null) return new VerifiedTrace { Question = question.Id, Inputs = inputs, Kept = false, Reason = Verification.Unchecked };
        string? said = null;
        var (read, use, _) = await checker.AskAsync(question, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["question"] = question.OpenStem ?? question.Stem,
            ["truth"] = string.Join('\n', question.Answers.Select(question.OptionText)),
            ["answer"] = trace.AnswerText!,
        }, reply =>
        {
            said = ReplyObject.Text(reply, "reason").Value;
            return ReplyObject.Truth(reply, "same");
        }, 0, token).ConfigureAwait(false);
        var reason = read.Value is null ? Verification.Unchecked : read.Value == "true" ? "" : Verification.WrongAnswer;
        return new VerifiedTrace { Question = question.Id, Inputs = inputs, Kept = reason.Length == 0, Reason = reason, By = read.Value is null ? "" : "checker", Said = said ?? read.Problem, Use = use };
    }

    /// <summary>The verdict where a rule can tell; null for a free answer in words of its own.</summary>
    /// <remarks>A free answer that is another option, word for word, is wrong without asking anyone.</remarks>
    public static (VerificationResult Result, string By)? ByRule(Question question, Trace trace)
    {
        if (trace.Question != question.Id || trace.Unusable is not null || trace.AnswerLabel is not null) return (Verification.Of(question, trace), trace.AnswerLabel is null ? "" : "label");
        if (string.IsNullOrWhiteSpace(trace.AnswerText)) return (new(false, Verification.NoAnswer), "");
        var named = question.Options.Where(o => PlainText.Same(o.Text, trace.AnswerText)).ToList();
        if (named.Any(o => question.Answers.Contains(o.Label))) return (new(true, ""), "text");
        return named.Count > 0 ? (new(false, Verification.WrongAnswer), "text") : null;
    }
}
