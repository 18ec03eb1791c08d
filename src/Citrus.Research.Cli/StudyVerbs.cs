using System.CommandLine;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus study run|list|show</c>.</summary>
internal static class StudyVerbs
{
    public static Command Create() => Verb.Group("study", "Run and read studies: arms x sizes x seeds, each step kept by its content.", Run(), List(), Show());

    private static readonly Option<string> Scale = new("--scale") { Description = "smoke, default, full or gpu.", DefaultValueFactory = _ => "default" };
    private static readonly Option<string?> World = new("--world") { Description = "clinic, clinic:DIR (your own knowledge files) or ddxplus:DIR. Default: the study's own." };
    private static readonly Option<string?> Out = new("--out") { Description = "Results folder. Default: results for full, whose results are committed, results/runs/SCALE otherwise, results/runs/SCALE-part for a part of a study." };

    private static Command Run()
    {
        var name = new Argument<string>("study") { Description = string.Join(", ", StudyScales.Studies) };
        var workers = new Option<int>("--workers") { Description = "Students trained at once, one thread each. 0: one a core, on a GPU one alone.", DefaultValueFactory = _ => 0 };
        var arms = new Option<string[]>("--arm") { Description = "Only these arms (repeat the option). Default: the plan's.", AllowMultipleArgumentsPerToken = true };
        var sizes = new Option<string[]>("--size") { Description = "Only these sizes, e.g. --size 0.1M 1M. Default: the plan's.", AllowMultipleArgumentsPerToken = true };
        var seeds = new Option<int[]>("--seed") { Description = "Only these seeds. Default: the plan's.", AllowMultipleArgumentsPerToken = true };
        var split = new Option<string>("--split") { Description = "Score on test, or on dev while you still make choices.", DefaultValueFactory = _ => "test" };
        return Verb.Create("run", "Run a study, or what is missing of it, and write its table, manifest and records. Stop it at any time; the same command goes on.",
            "citrus study run pathways --scale default",
            (parse, cancellation) =>
            {
                var plan = StudyScales.Plan(parse.GetValue(name)!, parse.GetValue(Scale)!, parse.GetValue(World)) with { Split = parse.GetValue(split)! };
                if (parse.GetValue(arms) is { Length: > 0 } a) plan = plan with { Arms = [.. a.Select(x => Arm.Of(x).Name)] };
                if (parse.GetValue(sizes) is { Length: > 0 } s) plan = plan with { Sizes = s };
                if (parse.GetValue(seeds) is { Length: > 0 } n) plan = plan with { Seeds = n };
                // A part of a committed study, or one in another world or on dev, does not take its place.
                var whole = StudyScales.Plan(plan.Name, plan.Scale, plan.Name == StudyScales.DdxPlus ? plan.World : null);
                var isWhole = StepHash.Canonical(plan) == StepHash.Canonical(whole);
                var run = StudyRun.Of(plan, Results(parse.GetValue(Out), isWhole ? plan.Scale : plan.Scale + "-part"), parse.GetValue(workers), cancellation);
                return new VerbResult(run.Outputs, ("study", plan.Name), ("scale", plan.Scale), ("figures", run.Figures));
            }, name, Scale, World, Out, workers, arms, sizes, seeds, split);
    }

    private static Command List() => Verb.Create("list", "The studies that ship, with the students each trains at a scale.", "citrus study list --scale full",
        (parse, _) =>
        {
            var scale = parse.GetValue(Scale)!;
            var plans = StudyScales.Studies.Select(s => StudyScales.Plan(s, scale, s == StudyScales.DdxPlus ? "ddxplus:DIR" : null)).ToList();
            foreach (var plan in plans)
            {
                Verb.Say($"{plan.Name}: {string.Join(", ", plan.Arms)}");
                Verb.Say($"  sizes {string.Join(", ", plan.Sizes)}; seeds {string.Join(", ", plan.Seeds)}; budgets {string.Join(", ", plan.Budgets)}; stages {string.Join(", ", plan.Stages)}; {plan.ScoredQuestions} questions");
            }

            return new VerbResult([], ("studies", plans.Select(p => new { p.Name, p.Arms, p.Sizes, p.Seeds })));
        }, Scale);

    private static Command Show()
    {
        var folder = new Argument<string>("folder") { Description = "A study's results folder, e.g. results/pathways." };
        return Verb.Create("show", "Print the table of a finished study.", "citrus study show results/pathways",
            (parse, _) =>
            {
                var rows = StudyFiles.Read(parse.GetValue(folder)!);
                StudyRun.Print(rows);
                return new VerbResult([], ("rows", rows.Count), ("figures", StudyRun.FiguresOf(rows)));
            }, folder);
    }

    /// <summary>Where a scale's results go: committed ones beside the sources, trials below results/runs.</summary>
    public static StudyFolder Results(string? given, string scale) => given is null ? StudyFolder.For(scale) : new StudyFolder(given);
}
