using Citrus.Research.Experts;

namespace Citrus.Research.Pathways;

/// <summary>A batch folder seen from outside.</summary>
public static class BatchLook
{
    /// <summary>How a folder stands, without holding it: another process may be at work on it.</summary>
    /// <param name="api">Opens servers that are asked too; none are where null.</param>
    public static async Task<(BatchPlan Plan, BatchReport Report)> AtAsync(string folder, Func<BatchTarget, BatchApi>? api = null, CancellationToken cancellationToken = default)
    {
        var files = new BatchFolder(folder);
        var plan = files.ReadPlan() ?? throw NotBegun(folder);
        var round = files.ReadLastRound();
        if (round is { Closed: false } && api is not null && !plan.Offline)
        {
            var jobs = new List<BatchJob>();
            foreach (var job in round.Jobs)
            {
                if (job is not { Step: BatchJobStep.Created, BatchId: { } id } || BatchTarget.Of(job.Spec) is not { Address: not null } target) jobs.Add(job);
                else
                {
                    using var server = api(target);
                    jobs.Add(With(job, await server.GetAsync(id, cancellationToken).ConfigureAwait(false)));
                }
            }

            round = round with { Jobs = jobs };
        }

        var (finished, unusable) = BatchFolder.Count(files.Traces, t => t.TryGetProperty("unusable", out _));
        return (plan, new BatchReport
        {
            Round = round,
            Questions = plan.Questions,
            Finished = finished,
            Unusable = unusable,
            GivenUp = BatchFolder.Count(files.Problems).Lines,
            Replies = BatchFolder.Count(files.Replies).Lines,
        });
    }

    /// <summary>Where a job's files lie, for people.</summary>
    public static (string Input, string Output) FilesOf(string folder, BatchJob job) => (new BatchFolder(folder).Input(job), new BatchFolder(folder).Output(job));

    internal static BatchJob With(BatchJob job, BatchRemote remote) => job with
    {
        Status = remote.Status,
        Completed = remote.Counts?.Completed ?? job.Completed,
        Failed = remote.Counts?.Failed ?? job.Failed,
        Refused = remote.Status == "failed" ? string.Join("; ", (remote.Errors?.Data ?? []).Take(3).Select(e => $"{(e.Line is { } line ? $"line {line}: " : "")}{e.Code} {BatchResponseLine.Short(e.Message ?? "")}").DefaultIfEmpty("the server gives no reason")) : null,
    };

    internal static FileNotFoundException NotBegun(string folder) =>
        new($"There is no batch in {folder}; begin one with `citrus batch submit --questions FILE --pathway NAME --expert SPEC --out {folder}`.");
}
