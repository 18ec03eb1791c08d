using System.CommandLine;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus batch submit|status|collect|run|answer</c>.</summary>
internal static class BatchVerbs
{
    private const string Keys = "Keys: OPENAI_API_KEY for openai:MODEL, CITRUS_API_KEY (if the server wants one) for http://HOST/v1#MODEL.";

    public static Command Create() => Verb.Group("batch", "The pathways by batch files, in rounds: for OpenAI's Batch API (half the price, within 24 hours), compatible servers, and vllm run-batch.",
        Submit(), Status(), Collect(), Run(), Answer());

    private static Command Submit()
    {
        var begin = new BatchBeginning();
        var output = Folder();
        return Verb.Create("submit", $"Begin a batch folder, or send its next round. Where a server takes batches the round goes there; else its file is written and you are told what to run. {Keys}",
            "citrus batch submit --questions questions.jsonl --pathway DualExpert --expert openai:gpt-4o --out data/dual",
            (parse, cancellation) => InOrder(cancellation, () =>
            {
                using var batch = begin.Open(parse, parse.GetValue(output)!);
                return BatchCard.Show(parse.GetValue(output)!, batch.Plan, batch.SubmitAsync(cancellation).GetAwaiter().GetResult());
            }), [.. begin.Options, output]);
    }

    private static Command Status()
    {
        var output = Folder();
        return Verb.Create("status", "Say where a batch folder stands and what comes next. Asks the server too; changes nothing.", "citrus batch status --out data/dual",
            (parse, cancellation) => InOrder(cancellation, () =>
            {
                var (plan, report) = BatchLook.AtAsync(parse.GetValue(output)!, target => new BatchApi(target), cancellation).GetAwaiter().GetResult();
                return BatchCard.Show(parse.GetValue(output)!, plan, report);
            }), output);
    }

    private static Command Collect()
    {
        var output = Folder();
        var partial = new Option<bool>("--partial") { Description = "Close the round although its output files lack lines; those questions are asked again in the next round." };
        return Verb.Create("collect", "Take in what has come: from the server, or from the output file beside the input file. Then every question is moved on.", "citrus batch collect --out data/dual",
            (parse, cancellation) => InOrder(cancellation, () =>
            {
                using var batch = BatchRun.Open(parse.GetValue(output)!, ChartSynthesis.RegisterOf);
                return BatchCard.Show(parse.GetValue(output)!, batch.Plan, batch.CollectAsync(parse.GetValue(partial), cancellation).GetAwaiter().GetResult());
            }), output, partial);
    }

    private static Command Run()
    {
        var begin = new BatchBeginning();
        var output = Folder();
        var poll = new Option<int>("--poll") { Description = "Seconds between two looks at the server.", DefaultValueFactory = _ => 60 };
        var (world, concurrency, desk) = (Inputs.World(), Concurrency(), new ExpertDesk());
        return Verb.Create("run", $"submit and collect in turns until every question is finished. Stopped at any moment, the same command goes on. {Keys}",
            "citrus batch run --questions questions.jsonl --pathway DualExpert --expert openai:gpt-4o --out data/dual --poll 60",
            (parse, cancellation) => InOrder(cancellation, () =>
            {
                var (folder, pause) = (parse.GetValue(output)!, TimeSpan.FromSeconds(Inputs.AtLeast(parse.GetValue(poll), 1, "--poll")));
                using var batch = begin.Open(parse, folder);
                var display = new ProgressDisplay();
                BatchReport report = null!;
                display.Run(() =>
                {
                    while (!(report = batch.SubmitAsync(cancellation).GetAwaiter().GetResult()).IsFinished)
                    {
                        while (report.IsUnderWay)
                        {
                            var files = report.Round!.Jobs.Where(j => !batch.IsHosted(j)).ToList();
                            if (files.FirstOrDefault(j => BatchTarget.Of(j.Spec).Address is not null && !File.Exists(BatchLook.FilesOf(folder, j).Output)) is not null) return;
                            AnswerFiles(parse, parse.GetValue(world)!, folder, [.. files.Where(j => BatchTarget.Of(j.Spec).Address is null)], desk, parse.GetValue(concurrency), display, cancellation);
                            report = batch.CollectAsync(cancellationToken: cancellation).GetAwaiter().GetResult();
                            BatchCard.Progress(display, batch.Plan, report);
                            if (!report.IsUnderWay) break;
                            if (files.Count == report.Round!.Jobs.Count) return;
                            if (cancellation.WaitHandle.WaitOne(pause)) throw new OperationCanceledException(cancellation);
                        }

                        foreach (var note in report.Notes) Console.Error.WriteLine("note: " + note);
                        if (report.Blocked is { } blocked) throw new InvalidOperationException($"{blocked} Mend it and run the same command again; what was finished is kept.");
                    }
                });
                return BatchCard.Show(folder, batch.Plan, report);
            }), [.. begin.Options, output, poll, world, concurrency, .. desk.Options]);
    }

    private static Command Answer()
    {
        var output = Folder();
        var (world, concurrency, desk) = (Inputs.World(), Concurrency(), new ExpertDesk());
        return Verb.Create("answer", "Answer the waiting files of a batch folder here and now, with the experts that it was begun with: the clinic, a student, or an endpoint asked live.",
            "citrus batch answer --out data/dual",
            (parse, cancellation) => InOrder(cancellation, () =>
            {
                var folder = parse.GetValue(output)!;
                var (plan, report) = BatchLook.AtAsync(folder, null, cancellation).GetAwaiter().GetResult();
                using var held = FolderLock.Take(folder);
                List<BatchJob> jobs = report.IsUnderWay ? [.. report.Round!.Jobs.Where(j => plan.Offline || BatchTarget.Of(j.Spec).Address is null)] : [];
                if (jobs.Count == 0) throw new ArgumentException($"No file of {folder} waits to be answered here. See `citrus batch status --out {folder}`.");
                var display = new ProgressDisplay();
                display.Run(() => AnswerFiles(parse, parse.GetValue(world)!, folder, jobs, desk, parse.GetValue(concurrency), display, cancellation));
                List<string> files = [.. jobs.Select(j => BatchLook.FilesOf(folder, j).Output)];
                foreach (var (job, file) in jobs.Zip(files)) Verb.Say($"{Inputs.N(job.Requests)} requests answered by {job.Spec}: {file}");
                Verb.Say($"next: citrus batch collect --out {folder}");
                return new VerbResult(files, ("answered", jobs.Sum(j => j.Requests)));
            }), [output, world, concurrency, .. desk.Options]);
    }

    private static void AnswerFiles(
        ParseResult parse, string world, string folder, IReadOnlyList<BatchJob> jobs, ExpertDesk desk, int concurrency, ProgressDisplay display, CancellationToken cancellation)
    {
        if (jobs.Count == 0) return;
        using var session = desk.Open(parse, StudyWorld.Open(world).Knowledge, folder);
        foreach (var job in jobs)
        {
            var (input, output) = BatchLook.FilesOf(folder, job);
            BatchAnswerer.AnswerAsync(input, output, session.Open(job.Spec), Inputs.AtLeast(concurrency, 1, "--concurrency"),
                done => display.Show($"{job.Name} {Inputs.N(done)}/{Inputs.N(job.Requests)}", Math.Min(0.999, (double)done / job.Requests), null, []), cancellation).GetAwaiter().GetResult();
        }
    }

    /// <summary>Whatever was stopped goes on with the same command.</summary>
    private static VerbResult InOrder(CancellationToken cancellation, Func<VerbResult> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new StoppedException("Stopped. What has come is kept, and no batch will be sent twice; the same command goes on.");
        }
    }

    private static Option<string> Folder() => new("--out") { Description = "The batch folder: rounds, replies, traces.jsonl. `citrus synthesize` with the same --out goes on from the traces.", Required = true };

    private static Option<int> Concurrency() => new("--concurrency") { Description = "Requests in flight at once, where files are answered here.", DefaultValueFactory = _ => 8 };
}
