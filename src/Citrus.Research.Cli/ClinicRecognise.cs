using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Evaluation;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary><c>citrus clinic recognise</c>.</summary>
internal static class ClinicRecognise
{
    public static Command Create()
    {
        var questions = Inputs.Questions();
        var limit = Inputs.Limit();
        var world = Inputs.World();
        var expert = new Option<string>("--expert") { Description = "The clinician: clinic[?fallibility=0..1&seed=N].", DefaultValueFactory = _ => "clinic?fallibility=0" };
        return Verb.Create("recognise", "How often, and how well, the embedded clinician answers questions it was not made for. Where it recognises too little it abstains.",
            "citrus clinic recognise --questions medqa_test.jsonl",
            (parse, cancellation) => Run(StudyWorld.Open(parse.GetValue(world)!), Inputs.Read(parse.GetValue(questions)!, parse.GetValue(limit)), parse.GetValue(expert)!, cancellation),
            questions, limit, world, expert);
    }

    private static VerbResult Run(StudyWorld world, IReadOnlyList<Question> questions, string expert, CancellationToken cancellation)
    {
        if (ExpertSpec.Parse(expert).Kind != "clinic") throw new ArgumentException($"--expert {expert}: only the clinician recognises; write clinic or clinic?fallibility=0.3&seed=1.");
        using var clinician = Inputs.Experts(world.Knowledge).Create(expert);
        var recogniser = new FindingRecogniser(world.Knowledge);
        var direct = PathwayNames.Create(PathwayNames.Direct);
        var display = new ProgressDisplay();
        IReadOnlyList<Trace> traces = [];
        var start = DateTime.UtcNow;
        display.Run(() => traces = Ask(p => display.Show("asking the clinician", (double)p.Done / p.Total, Inputs.Left(start, p.Done, p.Total - p.Done), [])));

        var seen = questions.Select(q => recogniser.Read(q.Stem)).ToList();
        var rows = questions.Select((q, i) => (Question: q, Trace: traces[i], Seen: seen[i], Known: q.Options.Count(o => recogniser.Resolve(o.Text) is not null))).ToList();
        var answered = rows.Where(r => r.Trace.AnswerLabel is not null).ToList();
        Rate Right(Func<int, bool> which)
        {
            var some = answered.Where(r => which(r.Seen.Observations.Count)).ToList();
            return new Rate(some.Count(r => Verification.Of(r.Question, r.Trace).Kept), some.Count);
        }

        var coverage = new Rate(answered.Count, rows.Count);
        var right = Right(_ => true);
        var chance = answered.Count == 0 ? double.NaN : answered.Average(r => (double)r.Question.Answers.Count / r.Question.Options.Count);
        var optionKnown = new Rate(rows.Sum(r => r.Known), rows.Sum(r => r.Question.Options.Count));
        Verb.Say($"{Inputs.N(rows.Count)} questions, {world.Spec}, expert {expert}");
        Verb.Say($"  answered        {Say(coverage)}");
        Verb.Say($"  abstained       {Say(new Rate(rows.Count - answered.Count, rows.Count))}");
        Verb.Say($"  right, of those answered  {Say(right)}; guessing would give {Inputs.F(chance)}");
        foreach (var (name, low, high) in new[] { ("2 or 3 findings", 2, 3), ("4 or more", 4, int.MaxValue) })
            if (Right(n => n >= low && n <= high) is { N: > 0 } part) Verb.Say($"    with {name,-16}     {Say(part)}");
        var findings = rows.Average(r => r.Seen.Observations.Count);
        Verb.Say($"  findings recognised       {Inputs.F(findings, 2)} a question (of those answered {(answered.Count == 0 ? "-" : Inputs.F(answered.Average(r => r.Seen.Observations.Count), 2))}); none in {Inputs.N(rows.Count(r => r.Seen.Observations.Count == 0))}");
        Verb.Say($"  options whose text it knows as a disease, test or drug  {Say(optionKnown)}");
        Verb.Say("Why it abstained:");
        foreach (var why in rows.Where(r => r.Trace.AnswerLabel is null).GroupBy(r => Reason(r.Trace, r.Seen.Observations.Count, r.Known)).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
            Verb.Say($"  {Inputs.N(why.Count()),6}  {why.Key}");
        if (rows.FirstOrDefault(r => r.Trace.AnswerLabel is null && r.Seen.Observations.Count > 0) is { Trace: { } example }) Verb.Say($"In its words: {example.Unusable}");
        return new VerbResult([], ("questions", rows.Count), ("answered", answered.Count), ("coverage", Round(coverage.Fraction)), ("correct", right.Count), ("accuracy", Round(right.Fraction)),
            ("interval", new[] { Round(right.Interval.Low), Round(right.Interval.High) }), ("chance", Round(chance)), ("meanFindings", Round(findings)), ("optionsKnown", Round(optionKnown.Fraction)));

        IReadOnlyList<Trace> Ask(Action<PathwayProgress> tell)
        {
            var all = new Trace[questions.Count];
            foreach (var group in questions.Select((q, i) => (q, i)).GroupBy(x => ChartSynthesis.RegisterOf(x.q)))
            {
                var members = group.ToList();
                var driver = new PathwayDriver(clinician, options: new PathwayDriverOptions { ReasoningSpec = expert, Progress = new Told<PathwayProgress>(tell) });
                var done = driver.RunAsync(direct, [.. members.Select(m => m.q)], group.Key, cancellation).GetAwaiter().GetResult();
                for (var k = 0; k < members.Count; k++) all[members[k].i] = done[k];
            }

            return all;
        }
    }

    private static string Reason(Trace trace, int findings, int known) =>
        trace.Unusable is { } why && why.Contains("no option fits", StringComparison.Ordinal) ? "none of the options fits the illness it thinks of"
        : findings < 2 && known < 2 ? "fewer than two findings and fewer than two options recognised"
        : findings < 2 ? "fewer than two findings recognised"
        : known < 2 ? "fewer than two options recognised"
        : trace.Unusable ?? "no answer";

    private static string Say(Rate rate) => rate.N == 0 ? "none" : $"{Inputs.N(rate.Count)} of {Inputs.N(rate.N)} = {Inputs.F(rate.Fraction)} (95% {Inputs.F(rate.Interval.Low)} - {Inputs.F(rate.Interval.High)})";

    private static double Round(double value) => double.IsNaN(value) ? value : Math.Round(value, 4);
}
