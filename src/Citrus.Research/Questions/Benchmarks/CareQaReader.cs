using System.Globalization;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>CareQA (Arias-Duart et al. 2025; Spain's specialist exams, English or Spanish) as published: JSON Lines of <c>question</c>, <c>op1</c> to <c>op4</c>, <c>cop</c> (1 to 4), <c>year</c>, <c>category</c>, <c>unique_id</c>.</summary>
public static class CareQaReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "careqa";

    private static readonly string[] Options = ["op1", "op2", "op3", "op4"];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="leftOut">Gets a note for each row of which every field is empty (<c>NaN</c>); the published English file has two.</param>
    /// <returns>Ids are <c>careqa-unique_id</c>; the tags are <c>category</c> and <c>year</c>.</returns>
    /// <exception cref="QuestionFormatException">A record cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", ICollection<QuestionFormatException>? leftOut = null)
    {
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            if (line.Fields.All(f => !line.Try(f, out _)))
            {
                leftOut?.Add(line.Error("", "every field of the row is empty (NaN); left out."));
                continue;
            }

            var options = QuestionOptions.Fields(line, Options);
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (line.TryWord("category") is { } category) tags["category"] = category;
            if (line.Try("year", out _)) tags["year"] = line.Integer("year").ToString(CultureInfo.InvariantCulture);
            yield return new Question
            {
                Id = seen.Add(line, "unique_id", $"{Benchmark}-{line.Text("unique_id")}"),
                Stem = line.Text("question"),
                Options = options,
                Answers = [QuestionOptions.Place(line, "cop", options, first: 1)],
                Benchmark = Benchmark,
                Split = split,
                Tags = tags,
            };
        }
    }
}
