using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Citrus.Research.Questions;
using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Benchmarks;

/// <summary>Reads every question file of a folder, several times in one process: the first round compiles what it runs, as a command that reads them once does.</summary>
internal static class QuestionsBenchmark
{
    public static int Run(string[] args)
    {
        string? Value(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
        if (Value("--folder") is not { } folder)
        {
            Console.Error.WriteLine("Name --folder DIR (of published question files); --rounds 5, --out FILE.");
            return 1;
        }

        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var seconds = new List<(string Name, int Records, double Seconds)[]>();
        for (var round = 0; round < int.Parse(Value("--rounds") ?? "5", CultureInfo.InvariantCulture); round++)
            seconds.Add([.. files.Select(One)]);

        JsonNode Of((string Name, int Records, double Seconds)[] round) => Math.Round(round.Sum(f => f.Seconds), 3);
        var warm = seconds.Skip(1).OrderBy(r => r.Sum(f => f.Seconds)).ToList();
        BenchmarkFile.Write(
            new JsonObject
            {
                ["benchmark"] = "questions",
                ["files"] = files.Count,
                ["records"] = seconds[0].Sum(f => f.Records),
                ["MB"] = Math.Round(files.Sum(f => new FileInfo(f).Length) / 1e6, 1),
                ["firstSeconds"] = Of(seconds[0]),
                ["warmSeconds"] = new JsonObject { ["min"] = Of(warm[0]), ["median"] = Of(warm[warm.Count / 2]), ["max"] = Of(warm[^1]) },
                ["byFile"] = new JsonArray([.. seconds[0].Select((f, i) => (JsonNode)new JsonObject
                {
                    ["file"] = f.Name, ["records"] = f.Records, ["firstSeconds"] = Math.Round(f.Seconds, 3), ["warmSeconds"] = Math.Round(warm[warm.Count / 2][i].Seconds, 3),
                })]),
                ["cores"] = Environment.ProcessorCount,
                ["runtime"] = Environment.Version.ToString(),
            },
            Value("--out"));
        return 0;
    }

    private static (string Name, int Records, double Seconds) One(string path)
    {
        var watch = Stopwatch.StartNew();
        var records = Path.GetFileName(path) == PubMedQaReader.TestFile ? PubMedQaReader.TestIds(path).Count : QuestionFiles.Read(path).Count();
        return (Path.GetFileName(path), records, watch.Elapsed.TotalSeconds);
    }
}
