using System.CommandLine;
using System.Globalization;
using System.Text;
using Citrus.Research.Questions;
using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Cli;

/// <summary><c>citrus questions convert</c>, <c>show</c> and <c>stats</c>.</summary>
internal static class QuestionVerbs
{
    private const int MostTold = 10;

    private static readonly Option<string> Source = new("--questions") { Description = "A question file as published (its form is seen from its first record), your own CSV or JSON Lines, or the name of a benchmark got with `citrus data get`.", Required = true };
    private static readonly Option<string?> Benchmark = new("--benchmark") { Description = $"What the file is, where that cannot be seen or is seen wrongly: a benchmark (`citrus data list`) or a form: {string.Join(", ", QuestionFiles.Forms.Keys)}." };
    private static readonly Option<string> Split = new("--split") { Description = "What the file is, where it does not say so itself: train, dev or test.", DefaultValueFactory = _ => "" };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Only the first N questions. Default: all." };
    private static readonly Option<string> Out = new("--out") { Description = "File to write: .jsonl, one question a line.", Required = true };
    private static readonly Option<string?> Id = new("--id") { Description = "The question with this id." };
    private static readonly Option<int?> Number = new("--number") { Description = "The Nth question, from 1 (default: the first)." };
    private static readonly Option<bool> Json = new("--json") { Description = "As the line of our unified form instead of a card." };
    private static readonly Option<int> Worst = new("--list") { Description = "How many duplicates, problems and left-out records are listed each.", DefaultValueFactory = _ => MostTold };

    public static Command Create() => Verb.Group("questions", $"Question files of any benchmark: converted to one form, shown, counted. Forms that are read:\n{string.Join('\n', QuestionFiles.Forms.Select(f => $"  {f.Key}: {f.Value}"))}",
        Verb.Create("convert", "Write a question file in our unified form: one JSON object a line with id, stem, options (label, text), answers, benchmark, split, kind, tags.",
            "citrus questions convert --questions phrases_no_exclude_test.jsonl --split test --out medqa.jsonl",
            Convert, Source, Benchmark, Split, Limit, Out),
        Verb.Create("show", "Show one question as an expert reads it, and its answer.",
            "citrus questions show --questions JMED.xlsx --number 3",
            Show, Source, Benchmark, Split, Id, Number, Json),
        Verb.Create("stats", "Count what is in a question file: options, right labels, lengths, languages, tags, duplicates, problems, and whether the file is byte for byte the published one.",
            "citrus questions stats --questions pubmedqa",
            Stats, Source, Benchmark, Split, Worst));

    private static VerbResult Convert(ParseResult parse, CancellationToken cancellation)
    {
        var output = Inputs.OutputFile(parse.GetValue(Out)!);
        var source = parse.GetValue(Source)!;
        if (File.Exists(source) && Path.GetFullPath(output) == Path.GetFullPath(source)) throw new ArgumentException($"--out {output} is the file that is read; name another.");
        var left = new List<QuestionFormatException>();
        var (count, limit) = (0, parse.GetValue(Limit) is { } n ? Inputs.AtLeast(n, 1, "--limit") : int.MaxValue);
        UnifiedQuestions.Write(output, NotEmpty(source, Read(parse, left).Take(limit).Select(q =>
        {
            cancellation.ThrowIfCancellationRequested();
            count++;
            return q;
        })));
        Verb.Say($"{Inputs.N(count)} questions in {output}");
        TellLeftOut(left, MostTold);
        Verb.Say($"look at one: citrus questions show --questions {output}");
        return new VerbResult([output], ("questions", count), ("leftOut", left.Count));
    }

    private static VerbResult Show(ParseResult parse, CancellationToken cancellation)
    {
        var (id, number) = (parse.GetValue(Id), parse.GetValue(Number));
        if (id is not null && number is not null) throw new ArgumentException("Give --id or --number, not both.");
        var place = number is { } n ? Inputs.AtLeast(n, 1, "--number") : 1;
        var (seen, found) = (0, (Question?)null);
        foreach (var question in Read(parse, null))
        {
            cancellation.ThrowIfCancellationRequested();
            seen++;
            if (id is null ? seen != place : question.Id != id) continue;
            found = question;
            break;
        }

        if (found is null) throw new ArgumentException(id is null ? $"There are {Inputs.N(seen)} questions; --number {place} is beyond the last." : $"None of the {Inputs.N(seen)} questions has the id {id}. Show the first, to see how they are called: leave out --id.");
        Verb.Say(parse.GetValue(Json) ? UnifiedQuestions.ToJson(found) : Card(found, seen));
        return new VerbResult([], ("id", found.Id), ("number", seen), ("answers", found.Answers));
    }

    private static VerbResult Stats(ParseResult parse, CancellationToken cancellation)
    {
        var left = new List<QuestionFormatException>();
        var most = Inputs.AtLeast(parse.GetValue(Worst), 0, "--list");
        var source = parse.GetValue(Source)!;
        var statistics = QuestionStatistics.Of([.. NotEmpty(source, Read(parse, left))]);
        cancellation.ThrowIfCancellationRequested();
        var check = BenchmarkManifest.Default.Check(QuestionFiles.PathOf(source), BenchmarkManifest.Default.Find(parse.GetValue(Benchmark) ?? source)?.Name);
        Verb.Say($"file      {check}");
        Verb.Say(Card(statistics));
        TellSome("duplicates", statistics.Duplicates.Count, statistics.Duplicates.Select(d => $"{d.Id} asks what {d.Earlier} asks"), most);
        TellSome("problems", statistics.Problems.Count, statistics.Problems.Select(p => $"{p.Id}: {p.Problem}"), most);
        TellLeftOut(left, most);
        return new VerbResult([],
            ("questions", statistics.Questions),
            ("options", statistics.Options),
            ("answers", statistics.Answers),
            ("severalAnswers", statistics.SeveralAnswers),
            ("chance", Math.Round(statistics.Chance, 4)),
            ("languages", statistics.Languages),
            ("benchmarks", statistics.Benchmarks),
            ("splits", statistics.Splits),
            ("duplicates", statistics.Duplicates.Count),
            ("problems", statistics.Problems.Count),
            ("leftOut", left.Count),
            ("file", new { state = check.State, name = check.Entry?.Name, sha256 = check.Sha256 }));
    }

    private static IEnumerable<Question> Read(ParseResult parse, ICollection<QuestionFormatException>? left) =>
        QuestionFiles.Read(parse.GetValue(Source)!, parse.GetValue(Split)!, parse.GetValue(Benchmark), left);

    private static IEnumerable<Question> NotEmpty(string source, IEnumerable<Question> questions)
    {
        var any = false;
        foreach (var question in questions)
        {
            any = true;
            yield return question;
        }

        if (!any) throw new QuestionFormatException(source, 0, "", "there is no question in it that can be asked.");
    }

    private static string Card(Question question, int number)
    {
        var card = new StringBuilder();
        card.AppendLine(CultureInfo.InvariantCulture, $"{question.Id}  (number {number}{(question.Benchmark.Length > 0 ? ", " + question.Benchmark : "")}{(question.Split.Length > 0 ? ", " + question.Split : "")})").AppendLine();
        card.AppendLine(question.Stem.Trim()).AppendLine();
        foreach (var option in question.Options) card.AppendLine(CultureInfo.InvariantCulture, $"{(question.Answers.Contains(option.Label) ? "*" : " ")} {option.Label}. {option.Text}");
        card.AppendLine().Append(CultureInfo.InvariantCulture, $"answer    {string.Join(", ", question.Answers)}");
        if (question.OpenStem is { } open) card.AppendLine().Append(CultureInfo.InvariantCulture, $"open      {open}");
        foreach (var (name, value) in question.Tags) card.AppendLine().Append(CultureInfo.InvariantCulture, $"{name,-9} {value}");
        return card.ToString();
    }

    private static string Card(QuestionStatistics s)
    {
        static string Counts<T>(IReadOnlyDictionary<T, int> counts) => string.Join(", ", counts.Select(c => $"{(c.Key is "" ? "(none)" : c.Key)} {Inputs.N(c.Value)}"));
        static string Lengths((int Least, double Median, double Mean, int Most) l) => $"{Inputs.N(l.Least)} to {Inputs.N(l.Most)} characters, median {Inputs.F(l.Median, 0)}, mean {Inputs.F(l.Mean, 0)}";
        var card = new StringBuilder();
        card.AppendLine(CultureInfo.InvariantCulture, $"questions {Inputs.N(s.Questions)}: {Counts(s.Benchmarks)}");
        card.AppendLine(CultureInfo.InvariantCulture, $"splits    {Counts(s.Splits)}");
        card.AppendLine(CultureInfo.InvariantCulture, $"languages {Counts(s.Languages)}");
        card.AppendLine(CultureInfo.InvariantCulture, $"options   {string.Join(", ", s.Options.Select(o => $"{o.Key} in {Inputs.N(o.Value)}"))}");
        card.AppendLine(CultureInfo.InvariantCulture, $"right     {Counts(s.Answers)}; several in {Inputs.N(s.SeveralAnswers)}");
        card.AppendLine(CultureInfo.InvariantCulture, $"chance    {(100 * s.Chance).ToString("F1", CultureInfo.InvariantCulture)}% of guesses are right");
        card.AppendLine(CultureInfo.InvariantCulture, $"stems     {Lengths(s.StemLength)}");
        card.Append(CultureInfo.InvariantCulture, $"texts     {Lengths(s.OptionLength)} (of an option)");
        foreach (var (tag, (values, most)) in s.Tags) card.AppendLine().Append(CultureInfo.InvariantCulture, $"tag {tag}: {Inputs.N(values)} values{(values > s.Questions / 2 ? "" : $": {string.Join(", ", most.Select(m => $"{m.Value} {Inputs.N(m.Count)}"))}{(values > most.Count ? ", ..." : "")}")}");
        return card.ToString();
    }

    private static void TellLeftOut(IReadOnlyCollection<QuestionFormatException> left, int most) => TellSome("left out", left.Count, left.Select(l => l.Message), most);

    private static void TellSome(string what, int count, IEnumerable<string> lines, int most)
    {
        Verb.Say($"{what,-9} {Inputs.N(count)}");
        foreach (var line in lines.Take(most)) Verb.Say($"  {line}");
        if (count > most && most > 0) Verb.Say($"  ... and {Inputs.N(count - most)} more");
    }
}
