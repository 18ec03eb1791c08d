using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Benchmarks;

/// <summary>
/// A search for test questions in training data, one thread: rows of real sentences in a new order, a prompt and an answer of many lines each, as a file; one row in a hundred holds a test question,
/// whole, misspelt, or in part. Reading the file is part of the time; whatever was planted must be found.
/// </summary>
internal static class ContaminationBenchmark
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static int Run(string[] args)
    {
        IEnumerable<string> All(string name) => args.SkipWhile(a => a != name).Skip(1).TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal));
        var (files, texts) = (All("--questions").ToList(), All("--texts").FirstOrDefault());
        if (files.Count == 0 || texts is null)
        {
            Console.Error.WriteLine("Name --questions FILE... (test questions) and --texts FILE.jsonl (whose sentences training rows are made of); --field answer, --rows 100000, --out FILE.");
            return 1;
        }

        var count = int.Parse(All("--rows").FirstOrDefault() ?? "100000", CultureInfo.InvariantCulture);
        var tests = files.SelectMany(f => QuestionFiles.Read(f).Select(q => (Source: Path.GetFileName(f), Question: q))).ToList();
        var work = Directory.CreateTempSubdirectory("citrus-bench").FullName;
        try
        {
            var file = Path.Combine(work, "train.jsonl");
            var planted = Write(file, count, Sentences(texts, All("--field").FirstOrDefault() ?? "answer"), tests.ConvertAll(t => t.Question));
            var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : null;
            var (clock, cpu) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var search = new ContaminationSearch(tests);
            var indexed = clock.Elapsed.TotalSeconds;
            var report = search.Search(TrainingRows.Read(file));
            var (seconds, used) = (clock.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds);

            var found = report.Matches.Select(m => (m.Line, m.Kind, m.Source, m.Question)).ToHashSet();
            int Found(Plant how, ContaminationKind kind) => planted.Count(p => p.How == how && found.Contains((p.Line, kind, tests[p.Test].Source, tests[p.Test].Question.Id)));
            BenchmarkFile.Write(
                new JsonObject
                {
                    ["benchmark"] = "contamination",
                    ["rows"] = report.Rows,
                    ["texts"] = report.Texts,
                    ["trainingMB"] = Math.Round(new FileInfo(file).Length / 1e6, 1),
                    ["questions"] = tests.Count,
                    ["questionFiles"] = new JsonArray([.. tests.GroupBy(t => t.Source).Select(g => (JsonNode)$"{g.Key} ({g.Count()})")]),
                    ["differentStems"] = search.Stems,
                    ["seconds"] = Math.Round(seconds, 1),
                    ["secondsOfIndexing"] = Math.Round(indexed, 1),
                    ["cpuSeconds"] = Math.Round(used, 1),
                    ["threads"] = 1,
                    ["pairsComparedInFull"] = search.Compared,
                    ["planted"] = planted.Count,
                    ["wholeFoundByRuns"] = $"{Found(Plant.Whole, ContaminationKind.Run)} of {planted.Count(p => p.How == Plant.Whole)}",
                    ["wholeFoundByRatio"] = $"{Found(Plant.Whole, ContaminationKind.Fuzzy)} of {planted.Count(p => p.How == Plant.Whole)}",
                    ["misspeltFoundByRatio"] = $"{Found(Plant.Misspelt, ContaminationKind.Fuzzy)} of {planted.Count(p => p.How == Plant.Misspelt)}",
                    ["partFoundByRuns"] = $"{Found(Plant.Part, ContaminationKind.Run)} of {planted.Count(p => p.How == Plant.Part)}",
                    ["rowsThatMatch"] = report.Matches.Select(m => m.Line).Distinct().Count(),
                    ["peakMB"] = Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000,
                    ["cores"] = Environment.ProcessorCount,
                    ["loadBefore"] = load,
                    ["runtime"] = Environment.Version.ToString(),
                },
                All("--out").FirstOrDefault());
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        return 0;
    }

    private static List<string> Sentences(string path, string field) =>
        [.. File.ReadLines(path).SelectMany(l => (JsonNode.Parse(l)?[field]?.GetValue<string>() ?? "").Split('.', StringSplitOptions.TrimEntries)).Where(s => s.Length is > 20 and < 400).Distinct()];

    private static List<(int Line, int Test, Plant How)> Write(string path, int count, List<string> sentences, List<Question> tests)
    {
        var random = SeededRandom.For(0, "contamination benchmark");
        var planted = new List<(int, int, Plant)>();
        // Long enough that each way of planting can be found: a part of it still has a run.
        var fit = Enumerable.Range(0, tests.Count).Where(i => tests[i].Stem.Length is > 300 and < 3000 && !tests[i].Stem.Contains('\n')).ToList();
        using var file = new StreamWriter(path, false, new UTF8Encoding(false)) { NewLine = "\n" };
        for (var line = 1; line <= count; line++)
        {
            var prompt = "Answer the question and explain your reasoning.\n" + string.Join(". ", Some(random.Between(4, 10))) + ". What is the best answer?";
            if (line % 100 == 0)
            {
                var (test, how) = (fit[random.Next(fit.Count)], (Plant)(line / 100 % 3));
                planted.Add((line, test, how));
                prompt = how switch
                {
                    Plant.Whole => $"Answer the question.\n{tests[test].Stem}\n{string.Join('\n', tests[test].Options.Select(o => $"({o.Label}) {o.Text}"))}",
                    Plant.Misspelt => $"Answer the question.\n{Misspelt(tests[test].Stem)}",
                    _ => $"A case: {tests[test].Stem[..(tests[test].Stem.Length / 2)]} And so on.",
                };
            }

            var answer = $"<think>\n{string.Join(".\n", Some(random.Between(10, 25)))}.\n</think>\n<answer>B. {sentences[random.Next(sentences.Count)]}</answer>";
            file.WriteLine(JsonSerializer.Serialize(new { id = $"row{line}", messages = new[] { new { role = "user", content = prompt }, new { role = "assistant", content = answer } } }, Relaxed));
        }

        return planted;

        IEnumerable<string> Some(int n) => Enumerable.Range(0, n).Select(_ => sentences[random.Next(sentences.Count)]);
    }

    /// <summary>One letter in 25 left out, so that no run of 13 words or 20 Chinese characters is as it was for long.</summary>
    private static string Misspelt(string text) => string.Concat(text.Where((c, i) => i % 25 != 24 || !char.IsLetterOrDigit(c) || char.IsSurrogate(c)));

    private enum Plant
    {
        Whole,
        Misspelt,
        Part,
    }
}
