using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus clinic show</c>.</summary>
internal static class ClinicShow
{
    public static Command Create()
    {
        var index = new Argument<int>("index") { Description = "Which question of the split, counted from 0.", DefaultValueFactory = _ => 0 };
        var split = Inputs.Split();
        var seed = Inputs.Seed();
        var world = Inputs.World();
        var pathways = new Option<string[]>("--pathway") { Description = $"Also print how the clinician thinks on this pathway: {string.Join(", ", PathwayNames.All)}, or all.", AllowMultipleArgumentsPerToken = true };
        var fallibility = new Option<double>("--fallibility") { Description = "How easily the clinician errs, 0..1.", DefaultValueFactory = _ => new ClinicianOptions().Fallibility };
        return Verb.Create("show", "Print one case: the question in both registers, the truth, the exact posterior, and on request the clinician's thoughts.",
            "citrus clinic show 7 --pathway DualExpert",
            (parse, cancellation) => Run(StudyWorld.Open(parse.GetValue(world)!), Inputs.AtLeast(parse.GetValue(index), 0, "The index"), parse.GetValue(split)!, parse.GetValue(seed),
                parse.GetValue(pathways) ?? [], parse.GetValue(fallibility), cancellation),
            index, split, seed, world, pathways, fallibility);
    }

    private static VerbResult Run(StudyWorld world, int index, string split, long seed, string[] pathways, double fallibility, CancellationToken cancellation)
    {
        var ways = (pathways.Contains("all", StringComparer.OrdinalIgnoreCase) ? PathwayNames.All : pathways).Select(p => PathwayNames.Create(p)).ToList();
        using var clinician = new Clinician(world.Knowledge, new ClinicianOptions { Fallibility = fallibility, Seed = seed });
        var q = ClinicExam.Generate(world.Knowledge, new ExamOptions(), split, seed).ElementAt(index);
        Verb.Say($"{q.Id}: {q.Kind}, department {q.Case.Department}{(q.Unseen ? ", a disease and history that no treatment question of training has" : "")}");
        Verb.Say($"The patient: {q.Case.Sex.ToString().ToLowerInvariant()}, {q.Case.AgeYears} years, {q.Case.Disease}{(q.Case.Context is { } context ? ", " + context : "")}");
        Verb.Say("");
        Verb.Say("Chart:");
        Verb.Say("  " + Inputs.Text(q.Chart));
        Verb.Say("");
        Verb.Say("Vignette:");
        Verb.Say("  " + q.Vignette.Stem.Replace("\n", "\n  "));
        Verb.Say("");
        Verb.Say("Options, and the probability that each is right given all the question tells:");
        foreach (var o in q.Vignette.Options) Verb.Say($"  {(o.Label == q.Vignette.Answer ? '*' : ' ')} {o.Label}. {o.Text}  {Inputs.F(q.OptionPosterior[o.Label])}");
        Verb.Say($"  (* is the answer; an ideal expert says {q.Best} and is right with probability {Inputs.F(q.Ceiling)})");
        Verb.Say("");
        Verb.Say("Posterior over the department's diseases:");
        var department = world.Knowledge.Departments.Single(d => d.Id == q.Case.Department);
        var posterior = Posterior.Of(world.Knowledge, department, q.Case.Sex, q.Case.Age, q.Case.Observations);
        foreach (var (disease, p) in posterior.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal))
            Verb.Say($"  {(disease == q.Case.Disease ? '*' : ' ')} {disease,-32} {Inputs.F(p)}  {Fit.Against(world.Knowledge, world.Knowledge.Diseases[disease], q.Case.Observations)} findings against it");

        var check = new StepCheck(world.Knowledge);
        var traces = new List<object>();
        foreach (var way in ways)
        {
            var trace = new PathwayDriver(clinician).RunAsync(way, q.Chart, Register.Chart, cancellation).GetAwaiter().GetResult();
            var verdict = Verification.Of(q.Chart, trace);
            var claims = TraceFaithfulness.Of(check, q.Chart, trace).Faithfulness;
            Verb.Say("");
            Verb.Say($"{way.Name} (fallibility {Inputs.F(fallibility, 2)}, seed {seed}): {trace.Calls} calls, answer {trace.AnswerLabel ?? "none"}, {(verdict.Kept ? "right" : verdict.Reason)}"
                + (claims.Claims > 0 ? $"; {claims.True} of {claims.Claims} claims hold" : ""));
            foreach (var step in trace.Steps.Where(s => s.Role == ExpertRoles.Reasoning && s.Text.Length > 0))
            {
                Verb.Say($"  {(step.Accepted ? "  " : "x ")}{step.Kind.ToString().ToLowerInvariant()}: {step.Text}{(step.Answer is { } a ? $"  [answer {a}]" : "")}");
                if (step.Feedback is { Length: > 0 } feedback) Verb.Say($"      reflection: {feedback}");
            }

            if (verdict.Kept) Verb.Say($"  a student would learn: {ExampleWriter.Write(q.Chart, Narrator.Tell(q.Chart, trace), way.Name).Turns[1].Text}");
            traces.Add(new { pathway = way.Name, answer = trace.AnswerLabel, right = verdict.Kept, trace.Calls, rejections = trace.Rejections });
        }

        return new VerbResult([], ("id", q.Id), ("kind", q.Kind), ("answer", q.Chart.Answer), ("ceiling", Math.Round(q.Ceiling, 4)), ("traces", traces));
    }
}
