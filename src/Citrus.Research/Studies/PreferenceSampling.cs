using Citrus.Research.Clinic;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Studies;

/// <summary>Answers sampled from a student, judged by the truth.</summary>
internal static class PreferenceSampling
{
    /// <summary>Samples answers and keeps those that ended.</summary>
    public static IReadOnlyList<SampledAnswer> Of(
        Decoder student, StudentTokenizer tokenizer, IReadOnlyList<ClinicQuestion> questions, PreferenceSamplingOptions options, long seed, Action<double> progress, CancellationToken cancellation)
    {
        var asked = questions.SelectMany(q => Enumerable.Repeat(q, options.Samples)).ToList();
        var answers = Generator.Generate(student, [.. asked.Select(q => tokenizer.Encode(ChatTemplate.Prompt(QuestionText.Chart(q.Chart))))],
            new GenerationOptions { Temperature = options.Temperature, Seed = seed, StopId = tokenizer.EndId, MaxNewTokens = 200 },
            done => progress((double)done / asked.Count), cancellation);
        return [.. asked.Zip(answers).Where(x => x.Second.Stopped).Select(x =>
        {
            var text = tokenizer.Decode(x.Second.Ids);
            return new SampledAnswer(x.First.Chart, text, AnswerExtraction.Extract(text, x.First.Chart.Options).Letter == x.First.Chart.Answer);
        })];
    }
}
