using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Studies;

/// <summary>Answers sampled from a student, judged by the truth: what preference pairs are made of (<see cref="PreferencePairs"/>).</summary>
public static class PreferenceSampling
{
    /// <summary>Samples answers and keeps those that ended.</summary>
    /// <param name="questions">In either register; their count decides, not <see cref="PreferenceSamplingOptions.Questions"/>.</param>
    /// <param name="progress">Part done, 0..1.</param>
    public static IReadOnlyList<SampledAnswer> Of(
        Decoder student, StudentTokenizer tokenizer, IReadOnlyList<Question> questions, PreferenceSamplingOptions options, long seed,
        Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Samples, 1);
        var asked = questions.SelectMany(q => Enumerable.Repeat(q, options.Samples)).ToList();
        var answers = Generator.Generate(student, [.. asked.Select(q => tokenizer.Encode(ChatTemplate.Prompt(ExampleWriter.Ask(q, ChartSynthesis.RegisterOf(q)))))],
            new GenerationOptions { Temperature = options.Temperature, Seed = seed, StopId = tokenizer.EndId, MaxNewTokens = options.MaxNewTokens },
            done => progress?.Invoke((double)done / asked.Count), cancellation);
        return [.. asked.Zip(answers).Where(x => x.Second.Stopped).Select(x =>
        {
            var text = tokenizer.Decode(x.Second.Ids);
            return new SampledAnswer(x.First, text, AnswerExtraction.Extract(text, x.First.Options).Letter == x.First.Answer);
        })];
    }
}
