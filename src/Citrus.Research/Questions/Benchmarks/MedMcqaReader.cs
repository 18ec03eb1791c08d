using System.Globalization;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>
/// MedMCQA (Pal et al. 2022): JSON Lines of <c>question</c>, <c>opa</c> to <c>opd</c>, <c>cop</c>, <c>subject_name</c>, <c>topic_name</c>, <c>choice_type</c>, <c>id</c>.
/// The authors number the right option 1 to 4; exports from Hugging Face 0 to 3.
/// </summary>
public static class MedMcqaReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "medmcqa";

    private static readonly string[] Options = ["opa", "opb", "opc", "opd"];
    private static readonly (string Field, string Tag)[] Tagged = [("subject_name", "subject"), ("topic_name", "topic"), ("choice_type", "choice_type")];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="first">
    /// The number of the first option, 1 (the authors' files) or 0 (Hugging Face). Where null the file is looked through first: a 4 says 1, a 0 says 0.
    /// </param>
    /// <param name="leftOut">Gets a note for each question without an answer; the test split was published without answers.</param>
    /// <returns>Ids are <c>medmcqa-id</c>; the tags are <c>subject</c>, <c>topic</c> and <c>choice_type</c>.</returns>
    /// <exception cref="QuestionFormatException">A record cannot be read, an id comes twice, or it cannot be told where the numbers begin.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", int? first = null, ICollection<QuestionFormatException>? leftOut = null)
    {
        var from = first ?? First(path);
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            if (!HasAnswer(line))
            {
                leftOut?.Add(line.Error("cop", "no right option was published for this question; left out."));
                continue;
            }

            var options = QuestionOptions.Fields(line, Options);
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (field, tag) in Tagged)
                if (line.TryWord(field) is { } value) tags[tag] = value;
            yield return new Question
            {
                Id = seen.Add(line, "id", $"{Benchmark}-{line.Text("id")}"),
                Stem = line.Text("question"),
                Options = options,
                Answers = [QuestionOptions.Place(line, "cop", options, from)],
                Benchmark = Benchmark,
                Split = split,
                Tags = tags,
            };
        }
    }

    private static bool HasAnswer(QuestionLine line) => line.TryWord("cop") is not (null or "-1");

    private static int First(string path)
    {
        var (zero, four, any) = (0, 0, 0);
        foreach (var line in QuestionRecords.Read(path))
        {
            if (!HasAnswer(line)) continue;
            any = line.Number;
            switch (line.Integer("cop"))
            {
                case 0:
                    zero = line.Number;
                    break;
                case 4:
                    four = line.Number;
                    break;
            }
        }

        return (zero, four) switch
        {
            (0, 0) when any == 0 => 1,
            (0, > 0) => 1,
            ( > 0, 0) => 0,
            (0, 0) => throw new QuestionFormatException(path, any, "cop", "all right options are numbered 1, 2 or 3, which is true of both numberings; say --benchmark medmcqa-1 (1 to 4, the authors' files) or medmcqa-0 (0 to 3, Hugging Face)."),
            _ => throw new QuestionFormatException(path, Math.Max(zero, four), "cop", string.Create(CultureInfo.InvariantCulture, $"0 is in line {zero} and 4 in line {four}; the right options are numbered 1 to 4 or 0 to 3.")),
        };
    }
}
