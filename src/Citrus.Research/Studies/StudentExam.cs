using Citrus.Research.Clinic;
using Citrus.Research.Evaluation;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Studies;

/// <summary>A student sits an exam in the chart register: greedy generation, the answer read from its tag.</summary>
public static class StudentExam
{
    /// <summary>Name and version of how it is asked and scored.</summary>
    public const string Protocol = "chart-generation/1";

    /// <summary>Name and version of the second protocol: the option whose tagged answer is likeliest straight after the question, summed log-probability.</summary>
    public const string LikelihoodProtocol = "chart-likelihood/1";

    /// <summary>Treatment questions whose history forbids the first-line drug: the pair of disease and context is in treatment questions of training, or in none.</summary>
    public const string Seen = "seen", Unseen = "unseen";

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

        var groups = Groups(exam).ToList();
        return new ScoreResult
        {
            Parameters = student.Config.Parameters,
            NonEmbeddingParameters = student.Config.NonEmbeddingParameters,
            TrainingExamples = 0,
            TrainingTokens = 0,
            Protocol = Protocol,
            Groups =
            [
                .. groups.Select(g => new ScoreGroup(g.Group, g.At.Count, g.At.Count(i => letter[i]), g.At.Count(i => named[i]), g.At.Count(i => extracted[i].Letter is not null),
                    Math.Round(g.At.Average(i => exam[i].Ceiling), 6))),
            ],
            Letter = Bits(letter),
            Named = Bits(named),
            Members = groups.Where(g => g.Group != "overall").ToDictionary(g => g.Group, g => Bits([.. Enumerable.Range(0, exam.Count).Select(i => g.At.Contains(i))])),
            OutputTokens = answers.Average(a => a.Ids.Length),
            Faithfulness = faithfulness,
            Corrections = corrections,
        };
    }

    /// <summary>Any student, in its own chat format, sits an exam of charts: greedy generation, nothing kept.</summary>
    /// <returns>The score; <see cref="Score.ByName"/> counts the option that was named, <see cref="Score.ByLetter"/> the letter beside it, which small students learn later.</returns>
    public static Score Sit(Student student, IReadOnlyList<Question> questions, int maxNewTokens = MaxNewTokens)
    {
        var answers = student.Answer([.. questions.Select(QuestionText.Chart)], new GenerationOptions { MaxNewTokens = maxNewTokens });
        return Score.Of(questions, [.. questions.Zip(answers, (q, a) => Prediction.Of(q, a.Text, a.Tokens))], Evaluation.Protocol.Generation);
    }

    /// <summary>Scores each option as the answer that follows the question at once: what the student knows without thinking aloud.</summary>
    public static LikelihoodResult Likeliest(Decoder student, StudyWorld world, IReadOnlyList<ClinicQuestion> exam, Action<double>? progress, CancellationToken cancellation)
    {
        var right = new bool[exam.Count];
        var done = 0;
        foreach (var batch in Enumerable.Range(0, exam.Count).Chunk(64))
        {
            var asked = batch.SelectMany(i => exam[i].Chart.Options.Select(o => (world.Tokenizer.Encode(ChatTemplate.Prompt(QuestionText.Chart(exam[i].Chart))),
                world.Tokenizer.Encode($"{SpecialTokens.Answer} {o.Text} {o.Label} {SpecialTokens.EndAnswer}")))).ToList();
            var scores = new Queue<double>(Likelihood.PerToken(student, asked, cancellation: cancellation).Select(l => l.Sum(x => (double)x)));
            foreach (var i in batch)
            {
                var options = exam[i].Chart.Options;
                var values = options.Select(_ => scores.Dequeue()).ToArray();
                right[i] = options[Array.IndexOf(values, values.Max())].Label == exam[i].Chart.Answer;
            }

            progress?.Invoke((double)(done += batch.Length) / exam.Count);
        }

        return new LikelihoodResult(LikelihoodProtocol, Bits(right));
    }

    /// <summary>Whether the history forbids the first-line drug, so that the second is right.</summary>
    private static bool IsForbidden(ClinicQuestion question) => question.Kind == QuestionKind.Treatment && question.Chart.Tags["contraindicated"] == "true";

    /// <summary>Groups of questions that scores are told apart by, with the places of their questions; those without a question are left out.</summary>
    private static IEnumerable<(string Group, IReadOnlyCollection<int> At)> Groups(IReadOnlyList<ClinicQuestion> exam)
    {
        IEnumerable<(string Group, Func<ClinicQuestion, bool> In)> groups =
        [
            ("overall", _ => true),
            .. exam.Select(q => q.Kind).Distinct().Order(StringComparer.Ordinal).Select(k => (k, (Func<ClinicQuestion, bool>)(q => q.Kind == k))),
            (Seen, q => IsForbidden(q) && !q.Unseen),
            (Unseen, q => IsForbidden(q) && q.Unseen),
        ];
        foreach (var (group, isIn) in groups)
        {
            var at = Enumerable.Range(0, exam.Count).Where(i => isIn(exam[i])).ToList();
            if (at.Count > 0) yield return (group, at.ToHashSet());
        }
    }

    private static string Bits(bool[] values) => string.Concat(values.Select(v => v ? '1' : '0'));
}
