using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Benchmarks;

/// <summary>Tokens a second of encoding, one thread, beside Hugging Face's Rust implementation on the same texts; the best round of each.</summary>
internal static class TokenizerBenchmark
{
    public static int Run(string[] args)
    {
        string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
        if (Option("--tokenizer") is not { } folder || Option("--texts") is not { } file)
        {
            Console.Error.WriteLine("Name --tokenizer DIR (with tokenizer.json) and --texts FILE.jsonl; --field answer, --seconds 3, --npm NODE_MODULES (with `tokenizers`; without it there is no peer), --out FILE.");
            return 1;
        }

        var (field, seconds) = (Option("--field") ?? "answer", double.Parse(Option("--seconds") ?? "3", System.Globalization.CultureInfo.InvariantCulture));
        var texts = File.ReadLines(file).Select(l => JsonNode.Parse(l)?[field]?.GetValue<string>() ?? "").Where(t => t.Length > 0).ToList();
        var tokenizer = StudentTokenizer.Load(folder);
        var tokens = texts.Sum(t => (long)tokenizer.Encode(t).Count);
        var best = double.MaxValue;
        for (var (clock, rounds) = (Stopwatch.StartNew(), 0); clock.Elapsed.TotalSeconds < seconds || rounds < 3; rounds++)
        {
            var begin = Stopwatch.GetTimestamp();
            foreach (var text in texts) tokenizer.Encode(text);
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        var result = new JsonObject
        {
            ["benchmark"] = "tokenizer",
            ["tokenizer"] = tokenizer.Kind,
            ["vocabulary"] = tokenizer.VocabularySize,
            ["texts"] = texts.Count,
            ["bytes"] = texts.Sum(t => (long)Encoding.UTF8.GetByteCount(t)),
            ["tokens"] = tokens,
            ["tokensPerSecond"] = Math.Round(tokens / best),
        };
        if (Option("--npm") is { } modules) result["peer"] = Peer(folder, texts, seconds, modules, tokens, best);
        BenchmarkFile.Write(result, Option("--out"));
        return 0;
    }

    private static JsonObject Peer(string folder, List<string> texts, double seconds, string modules, long tokens, double ours)
    {
        var input = Path.GetTempFileName();
        try
        {
            File.WriteAllText(input, JsonSerializer.Serialize(texts));
            var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
            foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "peers", "tokenizer_peer.js"), Path.Combine(folder, "tokenizer.json"), input, seconds.ToString(System.Globalization.CultureInfo.InvariantCulture) }) start.ArgumentList.Add(argument);
            start.Environment["NODE_PATH"] = modules;
            using var node = Process.Start(start)!;
            var said = JsonNode.Parse(node.StandardOutput.ReadToEnd())!;
            node.WaitForExit();
            var theirs = (double)said["seconds"]!;
            return new JsonObject
            {
                ["what"] = $"npm tokenizers {said["version"]} (Rust), through node",
                ["sameTokens"] = (long)said["tokens"]! == tokens,
                ["tokensPerSecond"] = Math.Round((double)said["tokens"]! / theirs),
                ["ours / theirs"] = Math.Round(theirs / ours, 2),
            };
        }
        finally
        {
            File.Delete(input);
        }
    }
}
