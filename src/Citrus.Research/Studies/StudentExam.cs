using Citrus.Research.Clinic;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Studies;

/// <summary>A student sits an exam in the chart register: greedy generation, the answer read from its tag.</summary>
public static class StudentExam
{
    /// <summary>Name and version of how it is asked and scored.</summary>
    public const string Protocol = "chart-generation/1";

    /// <summary>Longest answer, in tokens; the longest narrative of any pathway is well below.</summary>
    private const int MaxNewTokens = 200;

    /// <summary>Asks every question and counts; training figures are the caller's to fill in.</summary>
    public static ScoreResult Take(Decoder student, StudyWorld world, IReadOnlyList<ClinicQuestion> exam, Action<double>? progress, CancellationToken cancellation)
    {
        var prompts = exam.Select(q => world.Tokenizer.Encode(ChatTemplate.Prompt(QuestionText.Chart(q.Chart)))).ToList();
        var answers = Generator.Generate(student, prompts,
            new GenerationOptions { MaxNewTokens = MaxNewTokens, StopId = world.Tokenizer.EndId },
            done => progress?.Invoke((double)done / exam.Count), cancellation);
        var texts = answers.Select(a => world.Tokenizer.Decode(a.Ids)).ToList();
        var extracted = exam.Zip(texts, (q, t) => AnswerExtraction.Extract(t, q.Chart.Options)).ToList();
        var letter = exam.Zip(extracted, (q, e) => e.Letter == q.Chart.Answer).ToArray();
        var named = exam.Zip(extracted, (q, e) => e.Named == q.Chart.Answer).ToArray();

        var check = new StepCheck(world.Knowledge);
        var (faithfulness, corrections) = (Faithfulness.None, new Corrections(0, 0, 0, 0));
        for (var i = 0; i < exam.Count; i++)
        {
            var verdicts = check.Check(exam[i].Chart, texts[i]);
            (faithfulness, corrections) = (faithfulness + verdicts.Faithfulness, corrections + verdicts.Corrections);
        }

        IEnumerable<(string Group, Func<ClinicQuestion, bool> In)> groups =
        [
            ("overall", _ => true),
            .. exam.Select(q => q.Kind).Distinct().Order(StringComparer.Ordinal).Select(k => (k, (Func<ClinicQuestion, bool>)(q => q.Kind == k))),
            ("seen", q => q.Kind == QuestionKind.Treatment && q.Case.Context is not null && !q.Unseen),
            ("unseen", q => q.Kind == QuestionKind.Treatment && q.Unseen),
        ];
        return new ScoreResult
        {
            Parameters = student.Config.Parameters,
            NonEmbeddingParameters = student.Config.NonEmbeddingParameters,
            TrainingExamples = 0,
            TrainingTokens = 0,
            Protocol = Protocol,
            Groups =
            [
                .. groups.Select(g =>
                {
                    var at = Enumerable.Range(0, exam.Count).Where(i => g.In(exam[i])).ToList();
                    return new ScoreGroup(g.Group, at.Count, at.Count(i => letter[i]), at.Count(i => named[i]), at.Count(i => extracted[i].Letter is not null),
                        at.Count == 0 ? 0 : Math.Round(at.Average(i => exam[i].Ceiling), 6));
                }).Where(g => g.Questions > 0),
            ],
            Letter = Bits(letter),
            Named = Bits(named),
            OutputTokens = answers.Average(a => a.Ids.Length),
            Faithfulness = faithfulness,
            Corrections = corrections,
        };
    }

    private static string Bits(bool[] values) => string.Concat(values.Select(v => v ? '1' : '0'));
}
