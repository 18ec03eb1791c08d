using System.CommandLine;
using Citrus.Research.Evaluation;
using Citrus.Research.Figures;

namespace Citrus.Research.Cli;

/// <summary><c>citrus figures</c>.</summary>
internal static class FiguresVerb
{
    private static readonly string[] Formats = ["svg", "png", "pdf", "html"];

    public static Command Create()
    {
        var names = new Argument<string[]>("figure") { Description = "Which figures. Default: all.", Arity = ArgumentArity.ZeroOrMore };
        var check = new Option<bool>("--check") { Description = "Write nothing: draw the data again and fail where the kept tables, figure JSON, inputs or pictures are not what the saved results give; says which file and line." };
        var results = new Option<string>("--results") { Description = "Folder of the saved results.", DefaultValueFactory = _ => "results" };
        var output = new Option<string?>("--out") { Description = "One folder for all figures. Default: each beside its results, e.g. results/pathways/figure." };
        var formats = new Option<string>("--formats") { Description = "What to write beside CSV, figure JSON and manifest: any of svg, png, pdf, html, joined by commas; or none. All but html need a Chromium, Chrome or Edge that is there already.", DefaultValueFactory = _ => "svg,png" };
        var from = new Option<string[]>("--from") { Description = "Evaluations of students (folders of `citrus evaluate --out`) whose answers and option scores are added to results/evaluation/answers.csv and option-scores.csv first; thinking-budget and calibration are drawn from these.", AllowMultipleArgumentsPerToken = true };
        return Verb.Create("figures", $"""
            Draw every figure again from saved results, with no training. Tables and figure JSON are the same bytes each time; SVG and PNG may differ with the version of the browser and its fonts.

            Figures:
            {string.Join("\n", FigureCatalogue.All.Select(p => $"  {p.Name}: {p.Shows}"))}
            """,
            "citrus figures --check\n  citrus figures pathways scaling --formats pdf,html --out figures",
            (parse, cancellation) =>
            {
                if (parse.GetValue(from) is { Length: > 0 } runs)
                {
                    if (parse.GetValue(check)) throw new ArgumentException("--check writes nothing, and --from does; use one of them.");
                    KeptAnswers.Add(Existing(parse.GetValue(results)!), [.. runs.Select(EvaluationFolder.Open)]);
                }

                return Run(new FigureGallery(Existing(parse.GetValue(results)!), parse.GetValue(output)), parse.GetValue(names) ?? [], parse.GetValue(check),
                FormatsOf(parse.GetValue(formats)!), parse.GetValue(output) is not null, cancellation);
            },
            names, check, results, output, formats, from);
    }

    private static VerbResult Run(FigureGallery gallery, string[] names, bool check, FigureFormats formats, bool elsewhere, CancellationToken cancellation)
    {
        var plans = names.Length == 0 ? FigureCatalogue.All : [.. names.Distinct(StringComparer.Ordinal).Select(FigureCatalogue.Of)];
        return check ? Check(gallery, plans, cancellation) : Draw(gallery, plans, named: names.Length > 0, formats, elsewhere, cancellation);
    }

    private static VerbResult Check(FigureGallery gallery, IReadOnlyList<FigurePlan> plans, CancellationToken cancellation)
    {
        var problems = new List<string>();
        Each(plans, cancellation, plan =>
        {
            var found = gallery.Check(plan);
            Verb.Say($"  {(found.Count == 0 ? "same   " : "differs")}  {plan.Name}");
            problems.AddRange(found.Select(f => $"{plan.Name}: {f}"));
        });
        return problems.Count == 0
            ? new VerbResult([], ("figures", plans.Select(p => p.Name)), ("changed", 0))
            : throw new InvalidDataException($"{string.Join(Environment.NewLine, problems)}{Environment.NewLine}Where the new numbers are meant, run `citrus figures` and commit what it writes.");
    }

    private static VerbResult Draw(FigureGallery gallery, IReadOnlyList<FigurePlan> plans, bool named, FigureFormats formats, bool elsewhere, CancellationToken cancellation)
    {
        var (outputs, skipped, notes) = (new List<string>(), new List<string>(), new List<string>());
        Each(plans, cancellation, plan =>
        {
            if (gallery.Missing(plan) is [{ } missing, ..])
            {
                if (named) throw new FileNotFoundException($"{plan.Name} is drawn from {missing}, which is not there.");
                Verb.Say($"  left out {plan.Name}: {missing} is not there");
                skipped.Add(plan.Name);
                return;
            }

            var files = gallery.SaveAsync(plan, formats, cancellation).GetAwaiter().GetResult();
            outputs.AddRange(files.Paths);
            if (files.Note is { } note && !notes.Contains(note)) notes.Add(note);
            Verb.Say($"  {plan.Name}: {string.Join(", ", files.Paths.Select(p => Path.GetExtension(p)).Where(e => e is not ".json"))} in {gallery.FolderOf(plan)}");
        });
        foreach (var note in notes) Verb.Say(note);
        if (!elsewhere && formats.HasFlag(FigureFormats.Svg)) Verb.Say("Tables and figure JSON are the same bytes everywhere; pictures may differ with the browser's version and fonts, which the manifest names.");
        return new VerbResult(outputs, ("figures", plans.Select(p => p.Name).Except(skipped)), ("skipped", skipped), ("note", notes.Count == 0 ? null : string.Join(" ", notes)));
    }

    private static void Each(IReadOnlyList<FigurePlan> plans, CancellationToken cancellation, Action<FigurePlan> work)
    {
        var display = new ProgressDisplay();
        var start = DateTime.UtcNow;
        display.Run(() =>
        {
            for (var i = 0; i < plans.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                display.Show($"{i}/{plans.Count} figures", (double)i / plans.Count, Inputs.Left(start, i, plans.Count - i), [plans[i].Name]);
                work(plans[i]);
            }

            display.Show($"{plans.Count}/{plans.Count} figures", 1, null, []);
        });
    }

    private static string Existing(string folder) => Directory.Exists(folder) ? folder
        : throw new DirectoryNotFoundException($"There is no folder {folder}. Run it in the checkout, or name the folder of saved results with --results.");

    private static FigureFormats FormatsOf(string text)
    {
        var formats = FigureFormats.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Equals("none", StringComparison.OrdinalIgnoreCase)) continue;
            formats |= Formats.Contains(word, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<FigureFormats>(word, ignoreCase: true)
                : throw new ArgumentException($"--formats {text}: \"{word}\" is none of {string.Join(", ", Formats)}, none.");
        }

        return formats;
    }
}
