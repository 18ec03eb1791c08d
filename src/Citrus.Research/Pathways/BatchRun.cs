using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Pathways;

/// <summary>
/// Walks many questions along a pathway in rounds of batch files: a round asks one call of every question that is not finished. The traces
/// are those of <see cref="PathwayDriver"/>, in the same journal form, so that what follows does not care which of the two made them.
/// </summary>
/// <remarks>
/// The folder: <c>batch.json</c> (<see cref="BatchPlan"/>), <c>questions.jsonl</c>, <c>replies.jsonl</c> (the only memory: all else can be worked out from it),
/// <c>failures.jsonl</c>, <c>problems.jsonl</c> (questions given up), <c>traces.jsonl</c> and <c>rounds/</c>. A process may be killed at any moment; the next one
/// goes on from what is there and never makes a batch twice. All replies and open questions are held in memory.
/// </remarks>
public sealed class BatchRun : IDisposable
{
    private const int Downloads = 3;

    private readonly BatchFolder _folder;
    private readonly BatchRunOptions _options;
    private readonly IPathway _pathway;
    private readonly FolderLock _lock;
    private readonly List<BatchWalk> _walks = [];
    private readonly Dictionary<string, BatchWalk> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BatchApi> _apis = new(StringComparer.Ordinal);
    private readonly HashSet<string> _traced = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private readonly List<BatchFailure> _lately = [];
    private readonly JsonLinesJournal<BatchReply> _replies;
    private readonly JsonLinesJournal<BatchFailure> _failures;
    private readonly JsonLinesJournal<Trace> _traces;
    private BatchRound? _round;
    private string? _blocked;
    private int _replied;

    private BatchRun(BatchFolder folder, BatchPlan plan, IReadOnlyList<Question> questions, Func<Question, Register> registerOf, BatchRunOptions options, FolderLock held)
    {
        (_folder, Plan, _options, _lock) = (folder, plan, options, held);
        _pathway = options.Pathway ?? PathwayNames.Create(plan.Pathway);
        if (_pathway.Fingerprint != plan.Fingerprint)
            throw new InvalidDataException($"{folder.Root} was begun with other prompts or options of {plan.Pathway}. Go on with the version that began, or begin in another folder with --out.");
        _round = folder.ReadLastRound();
        _traces = JsonLinesJournal<Trace>.Open(folder.Traces, Trace.Json);
        _replies = JsonLinesJournal<BatchReply>.Open(folder.Replies, Trace.Json);
        _failures = JsonLinesJournal<BatchFailure>.Open(folder.Failures, Trace.Json);
        var known = new Dictionary<string, Trace>(StringComparer.Ordinal);
        foreach (var trace in _traces.Records) known[trace.Inputs] = trace;
        foreach (var question in questions)
        {
            var register = registerOf(question);
            var inputs = PathwayDriver.InputsOf(_pathway, question, register, Plan.Expert, Plan.Reflector);
            var walk = BatchWalk.Begin(_pathway, question, register, inputs, known.GetValueOrDefault(inputs));
            _walks.Add(walk);
            _byId.Add(BatchWalk.CustomId(question.Id, 0)[..^2], walk);
            if (known.ContainsKey(inputs)) _traced.Add(inputs);
        }

        // Replies of one question are in the order of its calls, and a failure of a call that was answered later no longer counts.
        foreach (var reply in _replies.Records)
            if (Find(reply.Question) is { IsPending: true } walk && walk.Call == reply.Call) Take(walk, reply);
        foreach (var failure in _failures.Records)
            if (Find(failure.Question) is { IsPending: true } walk && walk.Call == failure.Call) walk.Fail(failure, plan.Attempts);
        _replied = _replies.Records.Count;

        BatchWalk? Find(string question) => _byId.GetValueOrDefault(BatchWalk.CustomId(question, 0)[..^2]);
    }

    public BatchPlan Plan { get; }

    /// <summary>Begins a folder, or opens it where it was begun with the same plan.</summary>
    /// <param name="plan">Its id and question hash are set here.</param>
    /// <exception cref="ArgumentException">Two questions share an id, or the folder is for something else; the message says what differs.</exception>
    /// <exception cref="IOException">Another process works on the folder.</exception>
    public static BatchRun Begin(string folder, BatchPlan plan, IReadOnlyList<Question> questions, Func<Question, Register> registerOf, BatchRunOptions? options = null)
    {
        if (questions.GroupBy(q => q.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two questions share the id '{twice.Key}'.", nameof(questions));
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.MaxRequests, 1);
        foreach (var spec in (string[])[plan.Expert, plan.Reflector ?? plan.Expert]) BatchTarget.Of(spec);
        var (files, held) = (new BatchFolder(folder), FolderLock.Take(folder));
        try
        {
            plan = plan with { Questions = questions.Count, QuestionsSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(questions.Select(q => UnifiedQuestions.ToJson(q) + "\n"))))) };
            if (files.ReadPlan() is { } there)
            {
                (string What, object? Old, object? New)[] facts =
                [
                    ("questions", there.QuestionsSha256, plan.QuestionsSha256), ("pathway", there.Pathway, plan.Pathway), ("prompts or options", there.Fingerprint, plan.Fingerprint),
                    ("expert", there.Expert, plan.Expert), ("reflector", there.Reflector, plan.Reflector), ("offline", there.Offline, plan.Offline),
                ];
                if (facts.FirstOrDefault(f => !Equals(f.Old, f.New)) is { What: { } what } other)
                    throw new ArgumentException($"{folder} was begun with other {what} ({other.Old ?? "none"}, now {other.New ?? "none"}). Give another folder with --out.");
                // What bounds files and repetitions may change on the way.
                if ((plan = there with { MaxRequests = plan.MaxRequests, Attempts = plan.Attempts }) != there) files.Write(plan);
            }
            else
            {
                UnifiedQuestions.Write(files.Questions, questions);
                options?.Persisted?.Invoke("questions");
                files.Write(plan);
                options?.Persisted?.Invoke("plan");
            }

            return new BatchRun(files, plan, questions, registerOf, options ?? new(), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Goes through all rounds with experts at hand in the place of a server: writes a round's files, answers them, collects, until every question has its trace or is given up.</summary>
    /// <param name="open">The expert of a spec.</param>
    /// <exception cref="InvalidOperationException">Nothing can be sent before something is mended; the message says what.</exception>
    public async Task<BatchReport> AnswerAsync(Func<string, IChatClient> open, CancellationToken cancellationToken = default)
    {
        for (var report = await SubmitAsync(cancellationToken).ConfigureAwait(false); ; report = await SubmitAsync(cancellationToken).ConfigureAwait(false))
        {
            if (report.IsFinished) return report;
            if (report.Blocked is { } why) throw new InvalidOperationException(why);
            foreach (var job in report.Round?.Jobs ?? []) await BatchAnswerer.AnswerAsync(_folder.Input(job), _folder.Output(job), open(job.Spec), cancellationToken: cancellationToken).ConfigureAwait(false);
            await CollectAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens a folder that was begun.</summary>
    /// <exception cref="FileNotFoundException">It was not.</exception>
    public static BatchRun Open(string folder, Func<Question, Register> registerOf, BatchRunOptions? options = null)
    {
        if (!File.Exists(Path.Combine(folder, "batch.json"))) throw BatchLook.NotBegun(folder);
        var (files, held) = (new BatchFolder(folder), FolderLock.Take(folder));
        try
        {
            var plan = files.ReadPlan()!;
            using (var stream = File.OpenRead(files.Questions))
                if (Convert.ToHexStringLower(SHA256.HashData(stream)) != plan.QuestionsSha256)
                    throw new InvalidDataException($"{files.Questions} was changed since the batch began. Put the old file back, or begin in another folder with --out.");
            return new BatchRun(files, plan, [.. UnifiedQuestions.Read(files.Questions)], registerOf, options ?? new(), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a server answers the job.</summary>
    public bool IsHosted(BatchJob job) => !Plan.Offline && BatchTarget.Of(job.Spec).Address is not null;

    /// <summary>Writes and sends the next round; where the last one still awaits answers, only what of it was not sent yet.</summary>
    /// <exception cref="ExpertException">The server refused, or could not be reached. What was sent is known; the same call goes on.</exception>
    public async Task<BatchReport> SubmitAsync(CancellationToken cancellationToken = default)
    {
        FlushTraces();
        if (_round is not { Closed: false })
        {
            var pending = _walks.Where(w => w.IsPending).ToList();
            if (pending.Count == 0) return Report();
            Keep(WriteRound((_round?.Number ?? 0) + 1, pending), "round");
        }

        for (var i = 0; i < _round!.Jobs.Count; i++) await SendAsync(i, cancellationToken).ConfigureAwait(false);
        return Report();
    }

    /// <summary>Takes in what is there: asks the servers, reads the files, moves the questions on.</summary>
    /// <param name="partial">Closes a round whose output files lack lines; those are asked again in the next.</param>
    /// <exception cref="ExpertException">The server refused, or could not be reached; the same call goes on.</exception>
    public async Task<BatchReport> CollectAsync(bool partial = false, CancellationToken cancellationToken = default)
    {
        _notes.Clear();
        _blocked = null;
        FlushTraces();
        if (_round is not { Closed: false }) return Report();
        var read = 0;
        for (var i = 0; i < _round.Jobs.Count; i++)
        {
            if (IsHosted(_round.Jobs[i]))
            {
                await SendAsync(i, cancellationToken).ConfigureAwait(false);
                await FetchAsync(i, cancellationToken).ConfigureAwait(false);
                if (_round.Jobs[i].Step == BatchJobStep.Fetched)
                {
                    Absorb(_round.Jobs[i]);
                    Keep(i, _round.Jobs[i] with { Step = BatchJobStep.Absorbed }, "absorbed");
                }

                if (_round.Jobs[i].Step == BatchJobStep.Absorbed) read++;
            }
            else if (File.Exists(_folder.Output(_round.Jobs[i])))
            {
                var (answered, failed) = Absorb(_round.Jobs[i]);
                Keep(i, _round.Jobs[i] with { Completed = answered, Failed = failed }, "read");
                if (partial || !_walks.Any(w => w.IsAwaitedIn(_round.Number))) read++;
            }
        }

        if (read == _round.Jobs.Count || (partial && read > 0)) Close();
        FlushTraces();
        return Report();
    }

    public void Dispose()
    {
        foreach (var api in _apis.Values) api.Dispose();
        _traces.Dispose();
        _replies.Dispose();
        _failures.Dispose();
        _lock.Dispose();
    }

    private BatchRound WriteRound(int number, List<BatchWalk> pending)
    {
        var jobs = new List<BatchJob>();
        foreach (var lane in pending.GroupBy(w => Plan.SpecOf(w.Request.Role)).OrderBy(g => g.Key != Plan.Expert))
        {
            var (target, lines, bytes, part) = (BatchTarget.Of(lane.Key), new List<byte[]>(), 0L, 0);
            foreach (var walk in lane)
            {
                var line = BatchRequestLine.Of(BatchWalk.CustomId(walk.Question.Id, walk.Call), target, walk.Request.System, walk.Request.User, walk.Request.Schema);
                if (lines.Count > 0 && (lines.Count == Plan.MaxRequests || bytes + line.Length > Plan.MaxBytes)) Cut();
                lines.Add(line);
                bytes += line.Length;
            }

            Cut();

            void Cut()
            {
                var name = BatchFolder.NameOf(number) + (Plan.IsOneModel ? "" : lane.Key == Plan.Expert ? "-reasoning" : "-reflection")
                    + (++part == 1 ? "" : "-" + part.ToString(CultureInfo.InvariantCulture));
                var job = new BatchJob { Name = name, Spec = lane.Key, Requests = lines.Count };
                _folder.WriteInput(job, lines);
                _options.Persisted?.Invoke("input");
                jobs.Add(job);
                lines.Clear();
                bytes = 0;
            }
        }

        return new BatchRound { Number = number, Jobs = jobs };
    }

    /// <summary>Upload and batch, each noted before and after, so that a resume asks the server instead of doing it again.</summary>
    private async Task SendAsync(int index, CancellationToken token)
    {
        var job = _round!.Jobs[index];
        if (!IsHosted(job) || job.Step >= BatchJobStep.Created) return;
        var api = Api(job);
        var key = $"{Plan.Id}-{job.Name}";
        if (job.Step < BatchJobStep.Uploaded)
        {
            var (name, path) = ($"citrus-{key}.jsonl", _folder.Input(job));
            var begun = job.Step == BatchJobStep.Uploading;
            Keep(index, job = job with { Step = BatchJobStep.Uploading }, "uploading");
            var file = begun ? await api.FindFileAsync(name, new FileInfo(path).Length, token).ConfigureAwait(false) : null;
            file ??= await api.UploadAsync(path, name, token).ConfigureAwait(false);
            _options.Persisted?.Invoke("uploaded, not noted");
            Keep(index, job = job with { Step = BatchJobStep.Uploaded, FileId = file }, "uploaded");
        }

        var mayExist = job.Step == BatchJobStep.Creating;
        Keep(index, job = job with { Step = BatchJobStep.Creating }, "creating");
        var batch = await api.EnsureAsync(job.FileId!, key, mayExist, token).ConfigureAwait(false);
        _options.Persisted?.Invoke("created, not noted");
        Keep(index, job with { Step = BatchJobStep.Created, BatchId = batch.Id, Status = batch.Status }, "created");
    }

    private async Task FetchAsync(int index, CancellationToken token)
    {
        var job = _round!.Jobs[index];
        if (job.Step != BatchJobStep.Created) return;
        var api = Api(job);
        var remote = await api.GetAsync(job.BatchId!, token).ConfigureAwait(false);
        job = BatchLook.With(job, remote);
        if (remote.IsOver)
        {
            if (remote.OutputFileId is { } output) await DownloadAsync(api, output, _folder.Output(job), job.Completed, token).ConfigureAwait(false);
            if (remote.ErrorFileId is { } errors) await DownloadAsync(api, errors, _folder.Errors(job), 0, token).ConfigureAwait(false);
            job = job with { Step = BatchJobStep.Fetched };
        }

        if (job != _round.Jobs[index]) Keep(index, job, "fetched");
    }

    /// <summary>A file that lacks lines which the server says it has is downloaded again: asking those questions again would cost more.</summary>
    private async Task DownloadAsync(BatchApi api, string file, string path, int lines, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            await api.DownloadAsync(file, path, token).ConfigureAwait(false);
            _options.Persisted?.Invoke("downloaded");
            if (BatchFolder.Count(path).Lines >= lines) return;
            if (attempt < Downloads) continue;
            _notes.Add($"{Path.GetFileName(path)}: the server counts {lines} answers, but fewer came in {Downloads} downloads.");
            return;
        }
    }

    /// <summary>Reads a job's files; doing so again changes nothing.</summary>
    private (int Answered, int Failed) Absorb(BatchJob job)
    {
        var (answered, failed, unknown, twice, unreadable) = (0, 0, 0, 0, 0);
        var (round, seen) = (_round!.Number, new HashSet<string>(StringComparer.Ordinal));
        foreach (var path in (string[])[_folder.Output(job), _folder.Errors(job)])
        {
            if (!File.Exists(path)) continue;
            foreach (var (_, bytes) in BatchLines.Read(path))
            {
                var line = bytes is null ? null : BatchResponseLine.Read(bytes);
                if (line?.CustomId is not { } id) unreadable++;
                else if (!IsAsked(id, round, out var walk)) unknown++;
                else
                {
                    var first = seen.Add(id);
                    if (!first) twice++;
                    if (walk.AnsweredIn == round || walk.Trace is not null) answered += first ? 1 : 0;
                    else if (line.Response is { } response)
                    {
                        var reply = walk.Reply(ExpertCall.Reply(response, ""), round);
                        _replies.Append(reply);
                        _replied++;
                        Take(walk, reply);
                        answered++;
                        _options.Persisted?.Invoke("reply");
                    }
                    else if (!line.IsCancelled)
                    {
                        failed++;
                        if (walk.FailedIn < round) Fail(walk, line.Fault!.Fault, line.Fault.Message);
                    }
                }
            }
        }

        if (unknown > 0) _notes.Add($"{job.Name}: {unknown} lines answer nothing that this round asked; they were left out.");
        if (twice > 0) _notes.Add($"{job.Name}: {twice} lines answer what an earlier line had answered; the first counts.");
        if (unreadable > 0) _notes.Add($"{job.Name}: {unreadable} lines are broken or say not what they answer; what they were for is asked again.");
        return (answered, failed);
    }

    /// <summary>Whether the round asked this; a question that is finished no longer knows its calls.</summary>
    private bool IsAsked(string customId, int round, [NotNullWhen(true)] out BatchWalk? walk)
    {
        walk = null;
        return customId.LastIndexOf('#') is >= 0 and var at && _byId.TryGetValue(customId[..at], out walk)
            && int.TryParse(customId.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var call)
            && (walk.Trace is not null || call == (walk.AnsweredIn == round ? walk.Call - 1 : walk.Call));
    }

    /// <summary>What did not come back failed, except where nothing of the file was tried.</summary>
    private void Close()
    {
        var round = _round!;
        var untried = round.Jobs.Where(j => j.Refused is not null || j.Status == "cancelled" || (!IsHosted(j) && !File.Exists(_folder.Output(j)))).ToList();
        var expired = round.Jobs.Any(j => j.Status == "expired");
        foreach (var walk in _walks.Where(w => w.IsAwaitedIn(round.Number)))
        {
            if (untried.Any(j => j.Spec == Plan.SpecOf(walk.Request.Role))) continue;
            Fail(walk, expired ? ExpertFault.Timeout : ExpertFault.Connection, expired ? "the batch expired before its turn" : "no line came back for it");
        }

        if (untried.FirstOrDefault(j => j.Refused is not null) is { } refused) _blocked = $"The server refused {refused.Name}: {refused.Refused}.";
        else if (untried.FirstOrDefault(j => j.Status == "cancelled") is { } cancelled) _blocked = $"{cancelled.Name} was cancelled on the server.";
        else if (_failures.Records.Concat(_lately).LastOrDefault(f => f.Round == round.Number && f.EndsRun) is { } ends) _blocked = $"Requests were refused in a way that all others would be: {ends.Message}";
        WriteProblems();
        Keep(round with { Closed = true }, "closed");
    }

    private void Fail(BatchWalk walk, ExpertFault fault, string message)
    {
        var failure = new BatchFailure(walk.Question.Id, walk.Call, _round!.Number, fault, message);
        _failures.Append(failure);
        _lately.Add(failure);
        walk.Fail(failure, Plan.Attempts);
        _options.Persisted?.Invoke("failure");
    }

    private void Take(BatchWalk walk, BatchReply reply) => walk.Take(_pathway, reply, Plan.SpecOf(walk.Request.Role));

    private void FlushTraces()
    {
        foreach (var walk in _walks)
        {
            if (walk.Trace is not { } trace || !_traced.Add(walk.Inputs)) continue;
            _traces.Append(trace);
            _options.Persisted?.Invoke("trace");
        }
    }

    private void WriteProblems()
    {
        var given = _walks.Where(w => w.Problem is not null).ToList();
        if (given.Count == 0 && !File.Exists(_folder.Problems)) return;
        _folder.WriteProblems(given.Select(w => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(
            new { question = w.Question.Id, call = w.Call, role = w.Request.Role, fault = w.Problem!.Fault, message = w.Problem.Message, round = w.Problem.Round }, Trace.Json), (byte)'\n']));
        _options.Persisted?.Invoke("problems");
    }

    private void Keep(int index, BatchJob job, string what) => Keep(_round! with { Jobs = [.. _round.Jobs.Select((j, i) => i == index ? job : j)] }, what);

    private void Keep(BatchRound round, string what)
    {
        _folder.Write(round);
        _round = round;
        _options.Persisted?.Invoke(what);
    }

    private BatchApi Api(BatchJob job)
    {
        if (!_apis.TryGetValue(job.Spec, out var api)) _apis.Add(job.Spec, api = (_options.Api ?? (t => new BatchApi(t)))(BatchTarget.Of(job.Spec)));
        return api;
    }

    private BatchReport Report() => new()
    {
        Round = _round,
        Questions = _walks.Count,
        Finished = _walks.Count(w => w.Trace is not null),
        Unusable = _walks.Count(w => w.Trace is { Unusable: not null }),
        GivenUp = _walks.Count(w => w.Problem is not null),
        Replies = _replied,
        Notes = [.. _notes],
        Blocked = _blocked,
    };
}
