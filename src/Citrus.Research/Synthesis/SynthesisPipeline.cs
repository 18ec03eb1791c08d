using System.Runtime.ExceptionServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Synthesis;

/// <summary>
/// From questions to a data set: label, reason, verify, narrate, emit. Every stage has a journal in the folder, keyed by the hash of what went in; a run that was stopped at any moment, or one
/// stage alone, goes on from there and asks nobody again. A pipeline holds its folder for itself.
/// </summary>
/// <example><code>
/// using var pipeline = new SynthesisPipeline(session.Open, new() { Folder = "data/dual", Expert = "clinic", Pathway = "DualExpert" });
/// var made = await pipeline.RunAsync(questions);
/// </code></example>
public sealed class SynthesisPipeline : IDisposable
{
    public const string LabelsFile = "labels.jsonl";
    public const string TracesFile = "traces.jsonl";
    public const string VerifiedFile = "verified.jsonl";
    public const string NarrativesFile = "narratives.jsonl";
    public const string ProblemsFile = "problems.jsonl";
    public const string RejectedFile = "rejected.jsonl";
    public const string QuestionsFile = "questions.jsonl";
    public const string RunFile = "run.json";

    /// <summary>How journals, settings and the card are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NewLine = "\n",
    };

    private readonly Func<string, IChatClient> _experts;
    private readonly SynthesisPipelineOptions _options;
    private readonly FolderLock _hold;
    private readonly ProblemLog _problems;

    /// <param name="experts">The expert of a spec, e.g. <see cref="ExpertSession.Open"/>; asked for only where a stage needs one.</param>
    /// <exception cref="IOException">Another process holds the folder.</exception>
    public SynthesisPipeline(Func<string, IChatClient> experts, SynthesisPipelineOptions options)
    {
        if (options.Folder.Length == 0) throw new ArgumentException("Which folder? Set Folder; the run's journals and files are kept there.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LabelSamples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Retries);
        options.Filters.Validated();
        if (options.Formats.FirstOrDefault(f => !DatasetWriter.Formats.Contains(f)) is { } unknown) throw new ArgumentException($"No format '{unknown}'; there are {string.Join(", ", DatasetWriter.Formats)}.");
        (_experts, _options) = (experts, options);
        _hold = FolderLock.Take(options.Folder);
        try
        {
            _problems = new ProblemLog(At(ProblemsFile));
        }
        catch
        {
            _hold.Dispose();
            throw;
        }
    }

    /// <summary>The settings of the folder's last run, for a stage that goes on alone; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no settings of ours.</exception>
    public static SynthesisPipelineOptions? Settings(string folder)
    {
        var path = Path.Combine(folder, RunFile);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<SynthesisPipelineOptions>(File.ReadAllText(path), Json) is { } read ? read with { Folder = folder } : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} holds no settings of a synthesis ({e.Message}); delete it and run the whole command once.", e);
        }
    }

    /// <summary>Runs all stages, or one alone on what the earlier ones left.</summary>
    /// <param name="questions">Ids must differ.</param>
    /// <param name="only">The one stage to run; null runs all (labelling only where the options say so).</param>
    /// <exception cref="ArgumentException">Two questions share an id.</exception>
    /// <exception cref="ExpertException">A fault that every further call would share; what was finished is kept.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was finished is kept.</exception>
    public async Task<SynthesisOutcome> RunAsync(IReadOnlyList<Question> questions, SynthesisStage? only = null, CancellationToken cancellationToken = default)
    {
        if (questions.GroupBy(q => q.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two questions share the id '{twice.Key}'; ids must differ, for journals and examples go by them.", nameof(questions));
        UnifiedQuestions.Write(At(QuestionsFile), questions);
        Files.Write(At(RunFile), JsonSerializer.Serialize(_options, new JsonSerializerOptions(Json) { WriteIndented = true }) + "\n");
        bool Runs(SynthesisStage stage) => only is null || only == stage;
        bool Ends(SynthesisStage stage) => only == stage;

        var (labels, labelled) = await LabelAsync(questions, only is null ? _options.Label : Runs(SynthesisStage.Label), cancellationToken).ConfigureAwait(false);
        questions = [.. questions.Select((q, i) => labels[i]?.Applied(q) ?? q)];
        var outcome = new SynthesisOutcome { Questions = questions, Labels = labels, Resumed = labelled, Files = [At(LabelsFile)] };
        if (Ends(SynthesisStage.Label)) return Closed(outcome);

        var (traces, reasoned) = await ReasonAsync(questions, Runs(SynthesisStage.Reason), cancellationToken).ConfigureAwait(false);
        outcome = outcome with { Traces = traces, Resumed = reasoned, ResumedTraces = reasoned, Files = [At(TracesFile)] };
        if (Ends(SynthesisStage.Reason)) return Closed(outcome);

        var (verified, checkedBefore) = await VerifyAsync(questions, traces, Runs(SynthesisStage.Verify), cancellationToken).ConfigureAwait(false);
        outcome = outcome with { Verified = verified, Resumed = checkedBefore, Files = [At(VerifiedFile)] };
        if (Ends(SynthesisStage.Verify)) return Closed(outcome);

        var (told, toldBefore) = await NarrateAsync(questions, traces, verified, Runs(SynthesisStage.Narrate), cancellationToken).ConfigureAwait(false);
        outcome = outcome with { Told = told, Resumed = toldBefore, Files = [At(NarrativesFile)] };
        return Ends(SynthesisStage.Narrate) ? Closed(outcome) : DatasetWriter.Write(_options, Closed(outcome));
    }

    public void Dispose() => _hold.Dispose();

    private async Task<(QuestionLabel?[] Labels, int Resumed)> LabelAsync(IReadOnlyList<Question> questions, bool run, CancellationToken token)
    {
        if (!run)
        {
            // Whoever labelled: a later stage takes the last label of the very same question.
            if (!File.Exists(At(LabelsFile))) return (new QuestionLabel?[questions.Count], 0);
            using var journal = JsonLinesJournal<QuestionLabel>.Open(At(LabelsFile), Json);
            var known = new Dictionary<string, QuestionLabel>(StringComparer.Ordinal);
            foreach (var label in journal.Records) known[label.Inputs.Split('-')[0]] = label;
            return ([.. questions.Select(q => known.GetValueOrDefault(QuestionLabeller.KeyOfQuestion(q)))], known.Count);
        }

        var weak = _options.Weak is { } w ? Expert(w, "answerer") : null;
        var labeller = new QuestionLabeller(Expert(_options.Rewriter ?? _options.Expert, "rewriter"), weak, weak is null ? null : Expert(_options.Strong ?? _options.Expert, "answerer"), _options.LabelSamples);
        return await StageAsync(SynthesisStage.Label, LabelsFile, questions, i => labeller.KeyOf(questions[i]), (i, t) => labeller.LabelAsync(questions[i], t), true, token).ConfigureAwait(false);
    }

    private async Task<(Trace?[] Traces, int Resumed)> ReasonAsync(IReadOnlyList<Question> questions, bool run, CancellationToken token)
    {
        var pathway = PathwayNames.Create(_options.Pathway, options: _options.Walk);
        var (lost, ending, problems) = (new HashSet<string>(StringComparer.Ordinal), (ExpertException?)null, 0);
        if (run) _problems.Begin(SynthesisStage.Reason);
        void Saw(string question, string role, ExpertException fault)
        {
            lock (lost)
            {
                if (fault.EndsRun) ending ??= fault;
                if (!lost.Add(question) || !run) return;
                problems++;
            }

            if (!fault.EndsRun) _problems.Add(new(question, SynthesisStage.Reason, role, fault.Fault, fault.Message));
        }

        FaultWatch Watched(string? spec) => new(run ? _experts(spec!) : new NoExpert(), Saw);
        var reasoning = Watched(_options.Expert);
        var reflection = _options.Reflector is { } reflector ? Watched(reflector) : null;
        var traces = new Trace?[questions.Count];
        var (before, resumed) = (0, 0);
        foreach (var group in questions.Select((q, i) => (Question: q, Index: i)).GroupBy(x => ChartSynthesis.RegisterOf(x.Question)))
        {
            var members = group.ToList();
            var from = before;
            var driver = new PathwayDriver(reasoning, reflection, new PathwayDriverOptions
            {
                Concurrency = _options.Concurrency,
                Journal = At(TracesFile),
                ReasoningSpec = _options.Expert,
                ReflectionSpec = _options.Reflector,
                Progress = !run ? null : new Relay(p =>
                {
                    _options.Progress?.Report(new(SynthesisStage.Reason, from + p.Done, questions.Count, resumed + p.Resumed, problems));
                    if (p.Done == p.Total) Interlocked.Add(ref resumed, p.Resumed);
                }),
            });
            IReadOnlyList<Trace> done;
            try
            {
                done = await driver.RunAsync(pathway, [.. members.Select(m => m.Question)], group.Key, token).ConfigureAwait(false);
            }
            catch (ExpertException fault) when (fault.EndsRun)
            {
                throw Ended(fault);
            }

            if (ending is not null) throw Ended(ending);
            for (var k = 0; k < members.Count; k++) traces[members[k].Index] = lost.Contains(members[k].Question.Id) ? null : done[k];
            before += members.Count;
        }

        return (traces, resumed);
    }

    private Task<(VerifiedTrace?[] Records, int Resumed)> VerifyAsync(IReadOnlyList<Question> questions, Trace?[] traces, bool run, CancellationToken token)
    {
        var spec = _options.Checker ?? _options.Reflector ?? _options.Expert;
        // Opened only where there are free answers: most runs need no checker.
        var free = traces.Any(t => t is { AnswerLabel: null, AnswerText: not null });
        var verifier = new AnswerVerifier(free ? Expert(spec, "checker", run) : null);
        return StageAsync(SynthesisStage.Verify, VerifiedFile, questions, i => traces[i] is { } t ? verifier.KeyOf(questions[i], t) : null, (i, t) => verifier.VerifyAsync(questions[i], traces[i]!, t), run, token);
    }

    private Task<(ToldTrace?[] Records, int Resumed)> NarrateAsync(IReadOnlyList<Question> questions, Trace?[] traces, VerifiedTrace?[] verified, bool run, CancellationToken token)
    {
        var writer = new NarrativeWriter(_options.Narrator is { } spec ? Expert(spec, "narrator", run) : null);
        return StageAsync(SynthesisStage.Narrate, NarrativesFile, questions, i => verified[i] is { Kept: true } ? writer.KeyOf(questions[i], traces[i]!) : null, (i, t) => writer.TellAsync(questions[i], traces[i]!, t), run, token);
    }

    /// <summary>One stage over all questions: what its journal has is taken from there, the rest is worked on and appended.</summary>
    /// <param name="key">What went in; null for a question that is out already.</param>
    private async Task<(TRecord?[] Records, int Resumed)> StageAsync<TRecord>(
        SynthesisStage stage, string file, IReadOnlyList<Question> questions, Func<int, string?> key, Func<int, CancellationToken, Task<TRecord>> work, bool run, CancellationToken token)
        where TRecord : class, IStageRecord
    {
        using var journal = JsonLinesJournal<TRecord>.Open(At(file), Json);
        var known = new Dictionary<string, TRecord>(StringComparer.Ordinal);
        foreach (var record in journal.Records) known[record.Inputs] = record;
        var records = new TRecord?[questions.Count];
        var waiting = new List<int>();
        var resumed = 0;
        for (var i = 0; i < questions.Count; i++)
        {
            if (key(i) is not { } inputs) continue;
            if (known.TryGetValue(inputs, out records[i])) resumed++;
            else waiting.Add(i);
        }

        if (!run) return (records, resumed);
        _problems.Begin(stage);
        var (done, problems, total) = (resumed, 0, resumed + waiting.Count);
        _options.Progress?.Report(new(stage, done, total, resumed, 0));
        Exception? ending = null;
        await Parallel.ForEachAsync(waiting, new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = token }, async (i, _) =>
        {
            // What is in flight is awaited, for it is paid for; nothing further is asked.
            if (Volatile.Read(ref ending) is not null) return;
            try
            {
                if (await AskedAsync(i).ConfigureAwait(false) is { } record)
                {
                    journal.Append(record);
                    records[i] = record;
                }
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                // A fault that every call would share, or ours: a full disk, say.
                Interlocked.CompareExchange(ref ending, e, null);
                return;
            }

            _options.Progress?.Report(new(stage, Interlocked.Increment(ref done), total, resumed, Volatile.Read(ref problems)));
        }).ConfigureAwait(false);
        if (ending is ExpertException end) throw Ended(end);
        if (ending is not null) ExceptionDispatchInfo.Throw(ending);
        return (records, resumed);

        async Task<TRecord?> AskedAsync(int i)
        {
            try
            {
                return await work(i, token).ConfigureAwait(false);
            }
            catch (Exception e) when (!token.IsCancellationRequested && e is not ExpertException { EndsRun: true })
            {
                Interlocked.Increment(ref problems);
                var fault = e as ExpertException;
                _problems.Add(new(questions[i].Id, stage, "", fault?.Fault ?? ExpertFault.Other, fault?.Message ?? $"{e.GetType().Name}: {e.Message}"));
                return null;
            }
        }
    }

    private ExpertException Ended(ExpertException fault) =>
        new(fault.Fault, $"{fault.Message.TrimEnd('.', ' ')}. The run has ended here, for every further call would fail alike. What was finished is kept in {_options.Folder}; mend the cause and run the same command again, it goes on from there.", fault);

    private SynthesisOutcome Closed(SynthesisOutcome outcome) => outcome with { Problems = _problems.All };

    private StageExpert Expert(string spec, string prompt, bool run = true) => new(run ? _experts(spec) : new NoExpert(), spec, prompt, _options.Retries);

    private string At(string file) => Path.Combine(_options.Folder, file);

    /// <summary>Progress that is told at once, on the thread that reports it.</summary>
    private sealed class Relay(Action<PathwayProgress> tell) : IProgress<PathwayProgress>
    {
        public void Report(PathwayProgress value) => tell(value);
    }
}
