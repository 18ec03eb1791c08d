using Citrus.Research.Experts;
using Citrus.Research.Pathways;

namespace Citrus.Research.Cli;

/// <summary>Where a batch folder stands, for people and for machines.</summary>
internal static class BatchCard
{
    public static VerbResult Show(string folder, BatchPlan plan, BatchReport report)
    {
        Verb.Say($"{plan.Pathway}, expert {plan.Expert}{(plan.Reflector is null ? "" : ", reflector " + plan.Reflector)}: {Inputs.N(report.Finished)} of {Inputs.N(report.Questions)} questions finished"
            + $"{(report.Unusable > 0 ? $" ({Inputs.N(report.Unusable)} unusable)" : "")}, {Inputs.N(report.GivenUp)} given up, {Inputs.N(report.Replies)} replies");
        foreach (var job in report.IsUnderWay ? report.Round!.Jobs : [])
            Verb.Say($"  {job.Name}: {Inputs.N(job.Requests)} requests, {State(folder, plan, job)}");
        foreach (var note in report.Notes) Verb.Say($"  note: {note}");
        if (report.GivenUp > 0) Verb.Say($"  why questions were given up: {Path.Combine(folder, "problems.jsonl")}");
        if (report.Blocked is { } blocked) Verb.Say($"  {blocked} Mend it before the next round is sent.");
        foreach (var line in Next(folder, plan, report)) Verb.Say(line);
        return new VerbResult(
            report.Finished > 0 ? [Path.Combine(folder, "traces.jsonl")] : [],
            ("round", report.Round?.Number), ("underWay", report.IsUnderWay), ("questions", report.Questions), ("finished", report.Finished), ("unusable", report.Unusable), ("givenUp", report.GivenUp), ("replies", report.Replies),
            ("jobs", report.Round?.Jobs), ("notes", report.Notes), ("blocked", report.Blocked));
    }

    public static void Progress(ProgressDisplay display, BatchPlan plan, BatchReport report)
    {
        var over = report.Finished + report.GivenUp;
        display.Show($"{plan.Pathway} round {report.Round?.Number}: {Inputs.N(over)}/{Inputs.N(report.Questions)} questions", (double)over / report.Questions, null,
            [.. (report.Round?.Jobs ?? []).Select(j => $"{j.Name} {j.Status ?? "files"} {Inputs.N(j.Completed)}/{Inputs.N(j.Requests)}")]);
    }

    private static string State(string folder, BatchPlan plan, BatchJob job) =>
        !IsHosted(plan, job) ? File.Exists(BatchLook.FilesOf(folder, job).Output) ? $"{Inputs.N(job.Completed)} answered and {Inputs.N(job.Failed)} failed in what was read of its output file" : "its output file is not there yet"
        : job.Step < BatchJobStep.Created ? "not sent yet"
        : $"{job.Status ?? "sent"}, {Inputs.N(job.Completed)} done, {Inputs.N(job.Failed)} failed ({job.BatchId})";

    private static IEnumerable<string> Next(string folder, BatchPlan plan, BatchReport report)
    {
        var at = Quoted(folder);
        if (report.IsFinished)
        {
            yield return $"finished. next: citrus synthesize --questions {Quoted(Path.Combine(folder, "questions.jsonl"))} --pathway {plan.Pathway} --expert \"{plan.Expert}\"{(plan.Reflector is null ? "" : $" --reflector \"{plan.Reflector}\"")} --out {at}";
            if (report.GivenUp > 0) yield return "  (it asks the questions without a trace live)";
            yield break;
        }

        if (!report.IsUnderWay)
        {
            yield return $"next: citrus batch submit --out {at}";
            yield break;
        }

        var here = false;
        foreach (var job in report.Round!.Jobs.Where(j => !IsHosted(plan, j)))
        {
            var (input, output) = BatchLook.FilesOf(folder, job);
            if (BatchTarget.Of(job.Spec) is not { Address: not null } target) here = true;
            else if (!File.Exists(output)) yield return $"next: vllm run-batch -i {Quoted(input)} -o {Quoted(output)} --model {Quoted(target.Model)}";
            else if (job.Completed + job.Failed > 0) yield return $"  {job.Name} lacks {Inputs.N(Math.Max(0, job.Requests - job.Completed - job.Failed))} lines: let its run end and collect again, or go on without them with collect --partial";
        }

        if (here) yield return $"next: citrus batch answer --out {at}";
        yield return report.Round.Jobs.Any(j => IsHosted(plan, j) && j.Step < BatchJobStep.Created) ? $"next: citrus batch submit --out {at}" : $"{(here || plan.Offline ? "then" : "next")}: citrus batch collect --out {at}";
    }

    private static bool IsHosted(BatchPlan plan, BatchJob job) => !plan.Offline && BatchTarget.Of(job.Spec).Address is not null;

    private static string Quoted(string text) => text.Any(char.IsWhiteSpace) ? $"\"{text}\"" : text;
}
