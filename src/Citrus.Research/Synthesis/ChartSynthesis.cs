using Citrus.Research.Clinic;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>The whole way from questions to examples with the embedded clinician in every role, in memory.</summary>
public static class ChartSynthesis
{
    /// <summary>Name of the reason under which repeated examples are counted.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>Name of the reason under which questions whose right option the posterior does not prefer, and right answers from conclusions that it contradicts, are counted.</summary>
    public const string AgainstEvidence = "against the evidence";

    /// <summary>Synthesises examples, question after question, until enough are kept or the questions end.</summary>
    /// <param name="questions">In either register (their stem says which); may be endless.</param>
    /// <param name="pathway">One of <see cref="PathwayNames.All"/>.</param>
    /// <param name="options">The defaults where null.</param>
    /// <param name="count">Most examples to keep.</param>
    /// <returns>Same inputs, same result.</returns>
    public static SynthesisResult Examples(
        Knowledge knowledge, IEnumerable<Question> questions, string pathway, ChartSynthesisOptions? options = null, int count = int.MaxValue, CancellationToken cancellationToken = default)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Attempts, 1);
        var way = PathwayNames.Create(pathway, options: options.Pathway);
        var check = new StepCheck(knowledge);
        var experts = new List<(PathwayDriver Driver, Clinician Clinician)>();
        var items = new List<SynthesisItem>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var rejected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (asked, atOnce, words, learned, calls) = (0, 0, 0L, 0L, 0L);
        var (faithfulness, corrections) = (Faithfulness.None, new Corrections(0, 0, 0, 0));

        foreach (var question in questions)
        {
            if (items.Count >= count) break;
            cancellationToken.ThrowIfCancellationRequested();
            // Endless questions of which none can be kept must end too.
            if (asked >= 1000 && items.Count * 20L < asked) break;
            asked++;
            void Reject(string reason) => rejected[reason] = rejected.GetValueOrDefault(reason) + 1;
            if (options.HeedEvidence && check.IsSupported(question) == false)
            {
                Reject(AgainstEvidence);
                continue;
            }

            var register = RegisterOf(question);
            for (var attempt = 0; attempt < options.Attempts; attempt++)
            {
                if (experts.Count == attempt) experts.Add(Expert(knowledge, options, experts, attempt));
                // The clinician never waits, so its task is done when it comes back.
                var trace = experts[attempt].Driver.RunAsync(way, question, register, cancellationToken).GetAwaiter().GetResult();
                calls += trace.Calls;
                var result = Verification.Of(question, trace);
                if (!result.Kept)
                {
                    Reject(result.Reason);
                    if (result.Reason == Verification.Abstained) break;
                    continue;
                }

                var narrative = Narrator.Tell(question, trace);
                var verdicts = check.Check(question, narrative.ThinkText);
                if (options.HeedEvidence && verdicts.Claims.Any(c => c is { Holds: false, Claim: { Kind: ClaimKind.Conclusion, Retracted: false } }))
                {
                    Reject(AgainstEvidence);
                    continue;
                }

                if (attempt == 0) atOnce++;
                var example = ExampleWriter.Write(question, narrative, "pathway:" + way.Name);
                if (!seen.Add(example.Turns[0].Text + "\n" + example.Turns[1].Text))
                {
                    Reject(Duplicate);
                    break;
                }

                items.Add(new SynthesisItem(question, trace, narrative, example));
                foreach (var segment in example.Turns[1].Segments)
                {
                    var n = WordsOf(segment.Text);
                    words += n;
                    if (segment.Weight > 0) learned += n;
                }

                (faithfulness, corrections) = (faithfulness + verdicts.Faithfulness, corrections + verdicts.Corrections);
                break;
            }
        }

        if (options.SwapReasoning) items = [.. items.Zip(ReasoningSwap.Of(items, options.Seed), (i, e) => i with { Example = e })];
        return new SynthesisResult(items, new SynthesisReport
        {
            Pathway = way.Name,
            Questions = asked,
            Kept = items.Count,
            Rejected = rejected,
            RightAtOnce = atOnce,
            WithCaughtError = items.Count(i => i.Trace.Rejections > 0),
            Words = words,
            LearnedWords = learned,
            Calls = calls,
            Faithfulness = faithfulness,
            Corrections = corrections,
        });
    }

    /// <summary>The register a question is worded in.</summary>
    public static Register RegisterOf(Question question) => question.Stem.StartsWith("dept ", StringComparison.Ordinal) ? Register.Chart : Register.Vignette;

    private static (PathwayDriver, Clinician) Expert(
        Knowledge knowledge, ChartSynthesisOptions options, List<(PathwayDriver Driver, Clinician Clinician)> earlier, int attempt)
    {
        var seed = unchecked((long)SeededRandom.For(options.Seed, "attempt", attempt).NextUInt64());
        var dial = options.Clinician with { Fallibility = options.Fallibility, Seed = seed };
        var clinician = earlier.Count > 0 ? earlier[0].Clinician.With(dial) : new Clinician(knowledge, dial);
        var spec = FormattableString.Invariant($"clinic?fallibility={options.Fallibility}&seed={seed}");
        return (new PathwayDriver(clinician, options: new PathwayDriverOptions { ReasoningSpec = spec, Concurrency = 1 }), clinician);
    }

    private static int WordsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
