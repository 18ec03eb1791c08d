using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Studies;

/// <summary>Preference pairs by rejection sampling from a student itself.</summary>
internal static class PreferenceSampling
{
    /// <summary>Samples answers, keeps those that ended, and pairs right with wrong ones.</summary>
    /// <returns>The pairs, and the share of samples that were right.</returns>
    public static (IReadOnlyList<Pair> Pairs, double SampleAccuracy) Pairs(
        Decoder student, StudentTokenizer tokenizer, IReadOnlyList<ClinicQuestion> questions, PreferenceRecipe recipe, long seed, Action<double> progress, CancellationToken cancellation)
    {
        var asked = questions.SelectMany(q => Enumerable.Repeat(q, recipe.Samples)).ToList();
        var answers = Generator.Generate(student, [.. asked.Select(q => tokenizer.Encode(ChatTemplate.Prompt(QuestionText.Chart(q.Chart))))],
            new GenerationOptions { Temperature = recipe.Temperature, Seed = seed, StopId = tokenizer.EndId, MaxNewTokens = 200 },
            done => progress((double)done / asked.Count), cancellation);
        var samples = asked.Zip(answers).Where(x => x.Second.Stopped).Select(x =>
        {
            var text = tokenizer.Decode(x.Second.Ids);
            return new SampledAnswer(x.First.Chart, text, AnswerExtraction.Extract(text, x.First.Chart.Options).Letter == x.First.Chart.Answer);
        }).ToList();
        return (PreferencePairs.From(samples, seed), samples.Count == 0 ? 0 : samples.Average(s => s.Correct ? 1.0 : 0));
    }
}
