using Citrus.Research.Clinic;

namespace Citrus.Research.Tests.Clinic;

public sealed class OptionPosteriorTests
{
    private static readonly ExamOptions Anything = new() { MinimumPosterior = 0, MinimumMargin = 0, CountingAgrees = false, MinimumPresent = 0 };

    [Fact]
    public void The_posterior_over_diseases_is_what_one_computes_by_hand()
    {
        // An old man with a cough, a shadow and no fever: prevalence 1, 1, 6, 2 times
        // flu .8*.1*.1, measles .1*.1*.1, cancer .7*.95*.9 (fever's background .1), scabies .1*.05*.95.
        double[] w = [1 * .8 * .1 * .1, 1 * .1 * .1 * .1, 6 * .7 * .95 * .9, 2 * .1 * .05 * .95];
        var p = Posterior.Of(World.Tiny, World.Tiny.Departments[0], Sex.Male, AgeBand.Old, [new("cough", true), new("shadow", true), new("fever", false)]);
        Assert.Equal(w[2] / w.Sum(), p["bronchial_cancer"], 12);
        Assert.Equal(w[0] / w.Sum(), p["flu"], 12);
        Assert.Equal(1, p.Values.Sum(), 12);
    }

    // In the tiny world only flu's first line is avoided in two contexts, so one of them may be held out; which ones a split may hold is asked, the rest is done by hand.
    [Theory]
    [InlineData(ExamSplit.Train)]
    [InlineData(ExamSplit.Test)]
    public void The_posterior_over_options_is_what_brute_force_computes(string split)
    {
        var k = World.Tiny;
        var held = new HeldOutPairs(k);
        var options = Anything with { MinimumFindings = 2, MaximumFindings = 4 };
        foreach (var q in ClinicExam.Generate(k, options, split, 3).Take(900))
        {
            var weights = new Dictionary<string, double>();
            foreach (var d in k.Departments[0].Diseases)
            {
                var right = q.Kind switch
                {
                    QuestionKind.Diagnosis => d.Id,
                    QuestionKind.Test => d.Confirm!,
                    _ => q.Case.Context is { } c && k.Drugs[d.FirstLine!].Avoid.Contains(c) ? d.SecondLine! : d.FirstLine!,
                };
                var option = q.Chart.Options.SingleOrDefault(o => o.Text == right);
                if (option is null) continue;
                // How likely this disease is, then to show this, then to come with this context; which rivals are offered is the same for all.
                var w = d.Prevalence[(q.Case.Sex, q.Case.Age)];
                foreach (var o in q.Case.Observations) w *= o.Present ? k.Likelihood(d, o.Finding) : 1 - k.Likelihood(d, o.Finding);
                if (q.Kind == QuestionKind.Treatment) w *= ContextChance(k, held, split, d, q.Case);
                weights[option.Label] = weights.GetValueOrDefault(option.Label) + w;
            }

            Assert.All(q.Chart.Options, o => Assert.Equal(weights.GetValueOrDefault(o.Label) / weights.Values.Sum(), q.OptionPosterior[o.Label], 10));
            Assert.Equal(q.OptionPosterior.Values.Max(), q.Ceiling);
        }
    }

    private static double ContextChance(Knowledge k, HeldOutPairs held, string split, Disease d, Case patient)
    {
        string[] possible = patient is { Sex: Sex.Female, Age: AgeBand.Young } ? ["allergy", "pregnancy", "weak_heart"] : ["allergy", "weak_heart"];
        var allowed = possible.Where(c => held.Allowed(split, d.Id, c)).ToList();
        var bad = allowed.Where(c => k.Drugs[d.FirstLine!].Avoid.Contains(c)).ToList();
        var good = allowed.Except(bad).ToList();
        var half = bad.Count > 0 ? 0.5 : 0;
        if (patient.Context is null) return (1 - half) * (good.Count > 0 ? 0.3 : 1);
        return bad.Contains(patient.Context) ? half / bad.Count : (1 - half) * 0.7 / good.Count;
    }

    // Over many cases an option with posterior p must be right in a share p of them: of all questions, unclear ones included, so that every p occurs.
    [Theory]
    [InlineData(QuestionKind.Diagnosis, ExamSplit.Train)]
    [InlineData(QuestionKind.Test, ExamSplit.Dev)]
    [InlineData(QuestionKind.Treatment, ExamSplit.Train)]
    [InlineData(QuestionKind.Treatment, ExamSplit.Test)]
    public void Options_are_right_as_often_as_their_posterior_says(string kind, string split)
    {
        const int n = 6000;
        var sums = new double[10];
        var rights = new double[10];
        var variances = new double[10];
        double ceiling = 0, accuracy = 0, spread = 0;
        foreach (var q in ClinicExam.Generate(World.Clinic, Anything with { Kinds = [kind], MinimumFindings = 2, MaximumFindings = 6 }, split, 11).Take(n))
        {
            foreach (var (label, p) in q.OptionPosterior)
            {
                var bin = Math.Min(9, (int)(p * 10));
                sums[bin] += p;
                rights[bin] += label == q.Chart.Answer ? 1 : 0;
                variances[bin] += p * (1 - p);
            }

            ceiling += q.Ceiling;
            spread += q.Ceiling * (1 - q.Ceiling);
            accuracy += q.Best == q.Chart.Answer ? 1 : 0;
        }

        for (var b = 0; b < 10; b++) Assert.InRange(rights[b] - sums[b], -4 * Math.Sqrt(variances[b]) - 1, 4 * Math.Sqrt(variances[b]) + 1);
        Assert.InRange(accuracy - ceiling, -4 * Math.Sqrt(spread), 4 * Math.Sqrt(spread));
        Assert.True(ceiling / n < 0.97, "the test needs unclear questions to say anything");
    }

    [Fact]
    public void Dropping_unclear_questions_leaves_the_posterior_exact()
    {
        double difference = 0, variance = 0;
        foreach (var q in ClinicExam.Generate(World.Clinic, new ExamOptions(), ExamSplit.Test, 21).Take(9000))
        {
            difference += q.OptionPosterior[q.Best] - (q.Best == q.Chart.Answer ? 1 : 0);
            variance += q.Ceiling * (1 - q.Ceiling);
        }

        Assert.InRange(difference, -4 * Math.Sqrt(variance), 4 * Math.Sqrt(variance));
    }

    [Fact]
    public void The_ceiling_is_the_mean_of_the_largest_posteriors_and_survives_saving()
    {
        var questions = ClinicExam.Generate(World.Clinic, new ExamOptions(), ExamSplit.Dev, 2).Take(300).ToList();
        var ceiling = BayesCeiling.Of(questions);
        Assert.Equal(questions.Average(q => q.OptionPosterior.Values.Max()), ceiling.All, 12);
        Assert.Equal(questions.Where(q => q.Kind == "test").Average(q => q.Ceiling), ceiling.ByKind["test"], 12);
        Assert.Equal(ceiling.All, BayesCeiling.Of(questions.Select(q => q.Chart)).All, 6);
        Assert.Throws<ArgumentException>(() => BayesCeiling.Of(Array.Empty<ClinicQuestion>()));
    }
}
