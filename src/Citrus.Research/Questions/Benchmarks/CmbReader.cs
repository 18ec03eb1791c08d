using System.Globalization;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>CMB-Exam (Wang et al. 2023) as published: a JSON list of <c>exam_type</c>, <c>exam_class</c>, <c>exam_subject</c>, <c>question</c>, <c>answer</c> (several labels where several are right), <c>question_type</c>, <c>option</c>.</summary>
public static class CmbReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "cmb";

    /// <summary>Name of the file of the answers to the test questions, which were published apart.</summary>
    public const string AnswerFile = "CMB-test-choice-answer.json";

    private static readonly string[] Tagged = ["exam_type", "exam_class", "exam_subject", "question_type"];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="leftOut">Gets a note for each question without an answer, neither its own nor one in <see cref="AnswerFile"/> beside the file.</param>
    /// <returns>Ids are <c>cmb-id</c>, or the place where there is none. Options without a text are none, since every question is written with as many fields.</returns>
    /// <exception cref="QuestionFormatException">A record cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", ICollection<QuestionFormatException>? leftOut = null)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "", AnswerFile);
        var apart = File.Exists(beside) && Path.GetFullPath(path) != beside ? QuestionRecords.Read(beside).Where(l => l.TryId() is not null).ToDictionary(l => l.TryId()!, l => l, StringComparer.Ordinal) : null;
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            var id = line.TryId();
            var answer = line.TryWord("answer") is not null ? line : id is not null ? apart?.GetValueOrDefault(id) : null;
            if (answer is null)
            {
                leftOut?.Add(line.Error("answer", $"no answer was published with this question; put {AnswerFile} beside the file. Left out."));
                continue;
            }

            var options = QuestionOptions.Of(line, "option", padded: true);
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in Tagged)
                if (line.TryWord(field) is { } value) tags[field] = value;
            yield return new Question
            {
                Id = seen.Add(line, "id", $"{Benchmark}{(split.Length > 0 ? "-" + split : "")}-{id ?? line.Ordinal.ToString("D6", CultureInfo.InvariantCulture)}"),
                Stem = line.Text("question"),
                Options = options,
                Answers = QuestionOptions.Answers(answer, "answer", options),
                Benchmark = Benchmark,
                Split = split,
                Tags = tags,
            };
        }
    }
}
