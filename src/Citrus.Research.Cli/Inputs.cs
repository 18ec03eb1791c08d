using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary>What several verbs read from their command line, refused where it cannot be meant.</summary>
internal static class Inputs
{
    public static Option<string> World() => new("--world") { Description = "clinic, clinic:DIR (your own knowledge files) or ddxplus:DIR.", DefaultValueFactory = _ => "clinic" };

    public static Option<long> Seed() => new("--seed") { Description = "Same seed, same result.", DefaultValueFactory = _ => 0 };

    public static Option<string> Split()
    {
        var split = new Option<string>("--split") { Description = "Which part of the exam.", DefaultValueFactory = _ => ExamSplit.Train };
        return split.AcceptOnlyFromAmong([.. ExamSplit.All]);
    }

    public static Option<string> Questions() => new("--questions") { Description = "Questions: a benchmark's file as published, our unified JSON Lines, your own CSV or JSON Lines (which of them is seen from the file), or the name of a benchmark got with `citrus data get`.", Required = true };

    public static Option<int?> Limit() => new("--limit") { Description = "Only the first N questions. Default: all." };

    /// <summary>A number of things, at least <paramref name="least"/>.</summary>
    public static int AtLeast(int value, int least, string option) =>
        value >= least ? value : throw new ArgumentException($"{option} is {value}; it must be {least} or more.");

    /// <summary>A path that will be written: not a folder, and in a place that can be made.</summary>
    public static string OutputFile(string path)
    {
        if (Directory.Exists(path)) throw new IOException($"--out {path} is a folder; name a file, e.g. {Path.Combine(path, "questions.jsonl")}.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        return path;
    }

    /// <summary>The questions of a file, whichever of the known forms it has, with ids that differ.</summary>
    /// <exception cref="QuestionFormatException">A line is of no known form, or broken.</exception>
    public static IReadOnlyList<Question> Read(string path, int? limit)
    {
        if (limit is { } n) AtLeast(n, 1, "--limit");
        var leftOut = new List<QuestionFormatException>();
        var questions = QuestionFiles.Read(path, leftOut: leftOut).Take(limit ?? int.MaxValue).ToList();
        if (leftOut.Count > 0) Verb.Say($"{N(leftOut.Count)} records cannot be asked and are left out, the first: {leftOut[0].Message} All of them: citrus questions stats --questions {path}");
        if (questions.Count == 0) throw new QuestionFormatException(path, 0, "", "the file holds no question; one JSON object a line is needed.");
        if (questions.GroupBy(q => q.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new QuestionFormatException(path, 0, "id", $"{twice.Key} is there {twice.Count()} times (in different benchmarks or splits); put them into files of their own.");
        return questions;
    }

    /// <summary>The question as text, in the register it is worded in.</summary>
    public static string Text(Question question) => ExampleWriter.Ask(question, ChartSynthesis.RegisterOf(question));

    /// <summary>The experts this build offers. A student's replies are kept as long as its weights are the same; the clinician answers faster than a cache.</summary>
    public static ExpertRegistry Experts(Knowledge knowledge) => new ExpertRegistry()
        .AddEndpoints()
        .Register("clinic", "clinic[?fallibility=0..1&seed=N&position=0..1&asks=information|random&certain=0..1&worth=NATS]", Clinician.Factory(knowledge))
        .Register("student", "student:DIR[?temperature=0..2&top_p=0..1&top_k=N&min_p=0..1&max_tokens=N&max_thinking_tokens=N&seed=N]", spec =>
        {
            var defaults = new GenerationOptions
            {
                Temperature = spec.Number("temperature", 0, 0, 100),
                TopP = spec.Number("top_p", 1, double.Epsilon, 1),
                TopK = (int)(spec.Integer("top_k", 0, int.MaxValue) ?? 0),
                MinP = spec.Number("min_p", 0, 0, 1),
                MaxNewTokens = (int)(spec.Integer("max_tokens", 1, int.MaxValue) ?? new GenerationOptions().MaxNewTokens),
                MaxThinkingTokens = (int?)spec.Integer("max_thinking_tokens", 0, int.MaxValue),
                Seed = spec.Integer("seed", 0),
            };
            spec.RefuseOthers();
            var folder = new DirectoryInfo(StudentFolder(spec.Target));
            var weights = string.Join(' ', WeightFiles(folder.FullName).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Length} {f.LastWriteTimeUtc.Ticks}")));
            var options = spec.Parameters.Count == 0 ? "" : " " + string.Join('&', spec.Parameters.Select(p => $"{p.Key}={p.Value}"));
            var identity = $"student:{folder.FullName} {weights}{options}";
            return new IdentifiedChatClient(StudentChatClient.Load(spec.Target, defaults), new ExpertIdentity(identity));
        });

    /// <summary>A folder that holds a checkpoint.</summary>
    public static string StudentFolder(string folder) =>
        folder.Length == 0 ? throw new ArgumentException("Which student? Write student:DIR, where DIR is a folder made by `citrus train`.")
        : !Directory.Exists(folder) ? throw new DirectoryNotFoundException($"There is no folder {folder}; a student is a folder made by `citrus train`, with config.json, model.safetensors and tokenizer.json.")
        : folder;

    /// <summary>Time left at the pace so far; null in the first second, when it says nothing yet.</summary>
    public static TimeSpan? Left(DateTime start, int fresh, int left) =>
        DateTime.UtcNow - start is var time && fresh > 0 && time > TimeSpan.FromSeconds(1) ? time * ((double)left / fresh) : null;

    /// <summary>A checkpoint's files of weights, one or several.</summary>
    private static IEnumerable<FileInfo> WeightFiles(string folder) => new DirectoryInfo(folder).EnumerateFiles("*.safetensors").OrderBy(f => f.Name, StringComparer.Ordinal);

    /// <summary>The hash of a checkpoint's weights: of the file, or where they are in shards of the list of the shards' names and hashes.</summary>
    public static string WeightsSha256(string folder)
    {
        var single = Path.Combine(folder, Checkpoint.WeightsFile);
        return File.Exists(single) ? Sha256(single)
            : Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(WeightFiles(folder).Select(f => $"{f.Name} {Sha256(f.FullName)}\n")))));
    }

    public static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public static string F(double value, int digits = 3) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public static string N(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
