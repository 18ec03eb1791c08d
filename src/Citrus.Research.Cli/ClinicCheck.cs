using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus clinic check</c>.</summary>
internal static class ClinicCheck
{
    private const int Sample = 3000;

    public static Command Create()
    {
        var folder = new Argument<string?>("folder") { Description = "A folder of knowledge files (common.yaml and one file a department), or ddxplus:DIR. Default: the shipped knowledge.", Arity = ArgumentArity.ZeroOrOne };
        return Verb.Create("check", "Validate knowledge files: every error with file and line; where there is none, what they hold and how hard their exam is.",
            "citrus clinic check my-knowledge",
            (parse, _) =>
            {
                var world = StudyWorld.Open(parse.GetValue(folder) switch
                {
                    null => "clinic",
                    var spec when spec.StartsWith("ddxplus:", StringComparison.Ordinal) || spec.StartsWith("clinic:", StringComparison.Ordinal) => spec,
                    var path => "clinic:" + path,
                });
                var k = world.Knowledge;
                Verb.Say($"{world.Spec}: no errors.");
                Verb.Say($"  {k.Departments.Count} departments, {k.Diseases.Count} diseases, {k.Findings.Count} findings, {k.Drugs.Count} drugs, {k.Tests.Count} tests, {k.Contexts.Count} contexts");
                foreach (var d in k.Departments) Verb.Say($"  {d.Id,-20} {d.Diseases.Count} diseases, panel of {d.Panel.Count} findings");
                Verb.Say($"  {ChartWords.Of(k).Count()} words in the chart vocabulary");
                var ceiling = BayesCeiling.Of(ClinicExam.Generate(k, new ExamOptions(), ExamSplit.Dev, 0).Take(Sample));
                Verb.Say($"Bayes ceiling on {Inputs.N(Sample)} dev questions: {Inputs.F(ceiling.All)} ({string.Join(", ", ceiling.ByKind.Select(c => $"{c.Key} {Inputs.F(c.Value)}"))})");
                return new VerbResult([], ("departments", k.Departments.Count), ("diseases", k.Diseases.Count), ("findings", k.Findings.Count), ("drugs", k.Drugs.Count),
                    ("tests", k.Tests.Count), ("contexts", k.Contexts.Count), ("ceiling", Math.Round(ceiling.All, 4)), ("sha256", world.Hash));
            }, folder);
    }
}
