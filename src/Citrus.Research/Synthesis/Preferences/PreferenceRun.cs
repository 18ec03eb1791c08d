using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Synthesis;

/// <summary>
/// Preference pairs by the original authors' procedure: sample every question several times, match each answer to an option, score it against
/// the truth, set the best against the worst, and let a pairwise judge compare each such pair in both orders.
/// </summary>
/// <remarks>
/// Two stages, samples and verdicts, each with a journal; what a journal holds from the same inputs is not asked again, so a run that was killed goes
/// on where it stood, and the result is in the order of the questions whatever finished first. A call that gives nothing costs its sample or pair and
/// is reported; a fault that every further call would meet ends the run once the calls in flight have come back, for they are paid.
/// </remarks>
/// <param name="sampler">Answers the questions.</param>
/// <param name="judge">Scores and compares, knowing the truth.</param>
/// <param name="matcher">Says which option an answer means where the rule cannot tell; the judge where null.</param>
public sealed class PreferenceRun(IChatClient sampler, IChatClient judge, IChatClient? matcher = null, PreferenceRunOptions? options = null)
{
    /// <summary>Longest answer that is kept whole, in characters; a longer one is cut and counts as cut off.</summary>
    private const int MaximumText = 100_000;

    /// <summary>The chosen one first, then the rejected one.</summary>
    private static readonly bool[] Orders = [true, false];

    private readonly PreferenceRunOptions _options = (options ?? new()).Validated();
    private readonly PromptCatalog _prompts = options?.Prompts ?? PromptCatalog.Default;
    private readonly ConcurrentBag<PreferenceProblem> _problems = [];

    /// <summary>Runs both stages, or what is left of them.</summary>
    /// <param name="questions">Ids must differ.</param>
    /// <exception cref="ArgumentException">Two questions share an id.</exception>
    /// <exception cref="ExpertException">A fault that ends the run; the journals hold what had come.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the journals hold what had come.</exception>
    public async Task<PreferenceResult> RunAsync(IReadOnlyList<Question> questions, CancellationToken cancellationToken = default)
    {
        if (questions.GroupBy(q => q.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two questions share the id '{twice.Key}'.", nameof(questions));
        _problems.Clear();

        var asked = questions.SelectMany(q => Enumerable.Range(0, _options.Samples).Select(i => (Question: q, Sample: i))).ToList();
        var samples = await StageAsync("samples", asked, a => InputsOf(a.Question, a.Sample), s => s.Inputs, (a, inputs) => SampleAsync(a.Question, a.Sample, inputs, cancellationToken), cancellationToken).ConfigureAwait(false);
        var selections = questions.Select((q, i) => PreferencePairing.Select(q, samples.Skip(i * _options.Samples).Take(_options.Samples).OfType<PreferenceSample>(), _options)).ToList();

        var candidates = selections.SelectMany(s => s.Worst.Select(w => (s.Question, Chosen: s.Best!, Rejected: w))).ToList();
        var compared = candidates.SelectMany(c => Orders.Select(first => (Pair: c, ChosenFirst: first))).ToList();
        var verdicts = await StageAsync("verdicts", compared, c => InputsOf(c.Pair.Question, c.Pair.Chosen, c.Pair.Rejected, c.ChosenFirst), v => v.Inputs,
            (c, inputs) => CompareAsync(c.Pair.Question, c.Pair.Chosen, c.Pair.Rejected, c.ChosenFirst, inputs, cancellationToken), cancellationToken).ConfigureAwait(false);

        return new PreferenceResult(
            selections,
            [.. candidates.Select((c, i) => new PreferenceCandidate(c.Question, c.Chosen, c.Rejected, verdicts[2 * i], verdicts[(2 * i) + 1],
                PreferencePairing.Refuses(c.Chosen, c.Rejected, verdicts[2 * i], verdicts[(2 * i) + 1], _options.MinimumScore)))],
            [.. _problems.OrderBy(p => p.Question, StringComparer.Ordinal).ThenBy(p => p.Sample).ThenBy(p => p.Role, StringComparer.Ordinal).ThenBy(p => p.Cause, StringComparer.Ordinal)]);
    }

    /// <summary>Problems met so far; also there after a run that ended early.</summary>
    public IReadOnlyList<PreferenceProblem> Problems => [.. _problems];

    private async Task<TRecord?[]> StageAsync<TItem, TRecord>(
        string stage, IReadOnlyList<TItem> items, Func<TItem, string> inputsOf, Func<TRecord, string> inputsIn, Func<TItem, string, Task<TRecord?>> ask, CancellationToken cancellationToken)
        where TRecord : class
    {
        using var journal = _options.Folder is { } folder ? JsonLinesJournal<TRecord>.Open(Path.Combine(folder, stage + ".jsonl"), PreferenceFiles.Json) : null;
        var known = new Dictionary<string, TRecord>(StringComparer.Ordinal);
        foreach (var record in journal?.Records ?? []) known[inputsIn(record)] = record;

        var records = new TRecord?[items.Count];
        var waiting = new List<(int Index, string Inputs)>();
        for (var i = 0; i < items.Count; i++)
        {
            var inputs = inputsOf(items[i]);
            if (known.TryGetValue(inputs, out var there)) records[i] = there;
            else waiting.Add((i, inputs));
        }

        var resumed = items.Count - waiting.Count;
        var done = resumed;
        void Tell(int n) => _options.Progress?.Report(new(stage, n, items.Count, resumed, _problems.Count));
        Tell(done);
        ExpertException? ends = null;
        await Parallel.ForEachAsync(waiting, new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken }, async (item, _) =>
        {
            // Not by cancelling: what is in flight is paid for, so it is waited for and kept.
            if (Volatile.Read(ref ends) is not null) return;
            try
            {
                if (await ask(items[item.Index], item.Inputs).ConfigureAwait(false) is { } record)
                {
                    records[item.Index] = record;
                    journal?.Append(record);
                }
            }
            catch (ExpertException e) when (e.EndsRun)
            {
                Interlocked.CompareExchange(ref ends, e, null);
                return;
            }

            Tell(Interlocked.Increment(ref done));
        }).ConfigureAwait(false);
        if (ends is not null) throw ends;
        return records;
    }

    private async Task<PreferenceSample?> SampleAsync(Question question, int sample, string inputs, CancellationToken cancellationToken)
    {
        var register = ChartSynthesis.RegisterOf(question);
        var asked = ExampleWriter.Ask(question, register);
        var request = _options.BareQuestion ? new ExpertRequest(ExpertRoles.Reasoning, "", asked, "") : Prompt(question, "sampler").Fill(Values(question));
        if (await AskAsync(sampler, request, _options.SamplerSpec, question, sample, sample, _options.Temperature, cancellationToken).ConfigureAwait(false) is not { } reply) return null;
        var usage = PreferenceUsage.Of(reply);
        var (text, cutOff) = Whole(reply);

        var found = AnswerExtraction.Extract(text, question.Options);
        var option = found.Disagrees ? null : found.Label;
        var said = Said(text);
        var matched = false;
        // An answer that never came, or broke off, means nothing.
        if (option is null && !cutOff && said.Length > 0)
        {
            var match = await ReadAsync(matcher ?? judge, "matcher", Values(question, ("answer", said)), _options.MatcherSpec, question, sample, r => PreferenceReplies.Option(r, question), cancellationToken).ConfigureAwait(false);
            if (match.Value is null) return null;
            (option, matched, usage) = (match.Value.Label, true, usage + match.Usage);
        }

        var mark = await ReadAsync(judge, "pointwise", Values(question, ("truth", Truth(question)), ("answer", text)), _options.JudgeSpec, question, sample, PreferenceReplies.Score, cancellationToken).ConfigureAwait(false);
        if (mark.Value is null) return null;
        return new PreferenceSample
        {
            Question = question.Id,
            Sample = sample,
            Text = text,
            CutOff = cutOff,
            Option = option,
            Tier = found.Tier,
            Matched = matched,
            Right = option is null ? null : question.Answers.Contains(option),
            Score = mark.Value.Score,
            Reason = mark.Value.Reason,
            Usage = usage + mark.Usage,
            Inputs = inputs,
        };
    }

    private async Task<PreferenceVerdict?> CompareAsync(Question question, PreferenceSample chosen, PreferenceSample rejected, bool chosenFirst, string inputs, CancellationToken cancellationToken)
    {
        var (first, second) = chosenFirst ? (chosen.Text, rejected.Text) : (rejected.Text, chosen.Text);
        var values = Values(question, ("truth", Truth(question)), ("first", first), ("second", second));
        var verdict = await ReadAsync(judge, "pairwise", values, _options.JudgeSpec, question, rejected.Sample, PreferenceReplies.Better, cancellationToken).ConfigureAwait(false);
        return verdict.Value is null ? null : new PreferenceVerdict
        {
            Question = question.Id,
            Chosen = chosen.Sample,
            Rejected = rejected.Sample,
            ChosenFirst = chosenFirst,
            Better = verdict.Value.Better,
            Reason = verdict.Value.Reason,
            Usage = verdict.Usage,
            Inputs = inputs,
        };
    }

    /// <summary>Asks until a reply can be read, a bounded number of times.</summary>
    private async Task<(T? Value, PreferenceUsage Usage)> ReadAsync<T>(
        IChatClient expert, string file, Dictionary<string, string> values, string spec, Question question, int about, Func<string, ParsedReply<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        var (usage, problem) = (PreferenceUsage.None, "");
        var prompt = Prompt(question, file);
        for (var attempt = 0; attempt <= _options.Retries; attempt++)
        {
            values["retry"] = attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"### retry\nAttempt {attempt + 1}: the last reply could not be used ({PromptText.Inserted(problem)}). Keep to the reply format.");
            if (await AskAsync(expert, prompt.Fill(values), spec, question, about, 0, null, cancellationToken).ConfigureAwait(false) is not { } reply) return (null, usage);
            usage += PreferenceUsage.Of(reply);
            var parsed = read(reply.Text);
            if (parsed.Value is { } value) return (value, usage);
            problem = parsed.Problem ?? "unreadable";
        }

        _problems.Add(new(question.Id, about, prompt.Role, PreferenceProblem.Unusable, string.Create(CultureInfo.InvariantCulture, $"no usable reply in {_options.Retries + 1} attempts; last: {problem}")));
        return (null, usage);
    }

    /// <summary>One call; null where it gave nothing, which is noted.</summary>
    private async Task<ExpertReply?> AskAsync(
        IChatClient expert, ExpertRequest request, string spec, Question question, int about, int sample, float? temperature, CancellationToken cancellationToken)
    {
        try
        {
            return await ExpertCall.AskAsync(expert, request, spec, question.Id, sample, cancellationToken, temperature).ConfigureAwait(false);
        }
        catch (ExpertException e) when (!e.EndsRun)
        {
            _problems.Add(new(question.Id, about, request.Role, e.Fault.ToString(), e.Message));
        }
        catch (Exception e) when (e is not ExpertException && !cancellationToken.IsCancellationRequested)
        {
            _problems.Add(new(question.Id, about, request.Role, nameof(ExpertFault.Other), $"{e.GetType().Name}: {e.Message}"));
        }

        return null;
    }

    /// <summary>The sample's text, a reasoning model's own thinking included, and whether it is cut off.</summary>
    private static (string Text, bool CutOff) Whole(ExpertReply reply)
    {
        var text = reply.Reasoning is { } thought && !reply.Text.Contains(ThinkText.OpenTag, StringComparison.Ordinal)
            ? $"{ThinkText.OpenTag}{thought.Trim()}{ThinkText.CloseTag}{reply.Text.Trim()}"
            : reply.Text.Trim();
        var tooLong = text.Length > MaximumText;
        if (tooLong) text = text[..MaximumText];
        // Half a surrogate pair cannot be written to a file and read back as it was.
        return (Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), reply.CutOff || tooLong);
    }

    /// <summary>What was answered, without the thought and the tags.</summary>
    private static string Said(string text) =>
        ThinkText.Split(text).Answer.Replace(AnswerExtraction.OpenTag, "", StringComparison.Ordinal).Replace(AnswerExtraction.CloseTag, "", StringComparison.Ordinal).Trim();

    private static string Truth(Question question) => string.Join('\n', question.Answers.Select(a => $"{a}. {question.OptionText(a)}"));

    // These roles are asked in prose about charts too: the register line tells them.
    private PromptTemplate Prompt(Question question, string file) => _prompts[PromptCatalog.SetOf(question, Register.Vignette)][file];

    private static Dictionary<string, string> Values(Question question, params ReadOnlySpan<(string Name, string Text)> more)
    {
        var register = ChartSynthesis.RegisterOf(question);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["register"] = register == Register.Chart ? "chart" : "vignette",
            ["question"] = PromptText.Inserted(ExampleWriter.Ask(question, register)),
            ["retry"] = "",
        };
        foreach (var (name, text) in more) values[name] = PromptText.Inserted(text);
        return values;
    }

    private string InputsOf(Question question, int sample) => Hash(
        ["sample", _options.SamplerSpec, _options.JudgeSpec, _options.MatcherSpec, Text(_options.Temperature), _options.BareQuestion ? "bare" : Prompt(question, "sampler").Hash,
         Prompt(question, "matcher").Hash, Prompt(question, "pointwise").Hash, question.Id, QuestionText.Prose(question), Truth(question), Text(sample)]);

    private string InputsOf(Question question, PreferenceSample chosen, PreferenceSample rejected, bool chosenFirst) => Hash(
        ["verdict", _options.JudgeSpec, Prompt(question, "pairwise").Hash, question.Id, QuestionText.Prose(question), Truth(question), Text(chosen.Sample), chosen.Text, Text(rejected.Sample), rejected.Text, chosenFirst ? "1" : "2"]);

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    private static string Hash(ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(part.Length).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
