using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Clinic;
using Citrus.Research.Questions;

namespace Citrus.Research.Benchmarks;

/// <summary>
/// A whole synthesis run against a server with latency: the command as a user runs it in a process of its own, the server in another, real HTTP between them. Ideal is what waiting alone would
/// take: requests x latency / in flight. Beside it the same number of requests, question by question in the same numbers, from an asyncio client with aiohttp (synthesis_peer.py), which parses
/// nothing and keeps nothing.
/// </summary>
internal static class SynthesisBenchmark
{
    public static void Run(string[] args)
    {
        int Of(string name, int usual) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : usual;
        var (count, inFlight, latency) = (Of("--questions", 2000), Of("--in-flight", 256), Of("--latency-ms", 500));
        var work = Directory.CreateTempSubdirectory("citrus-bench").FullName;
        try
        {
            var questions = Path.Combine(work, "questions.jsonl");
            UnifiedQuestions.Write(questions, ClinicExam.Generate(KnowledgeReader.Read(KnowledgeFolder.Default), new ExamOptions(), ExamSplit.Train, 0).Take(count).Select(q => q.In(Register.Vignette)));

            using var http = new HttpClient();
            using var server = Server(latency, questions, out var address);
            try
            {
                // The pathway alone, then the same command without a stage: what is there is read, the rest (verify, narrate, emit) is done.
                string[] run = ["--out", Path.Combine(work, "out"), "--concurrency", $"{inFlight}"];
                var (reason, reasoned) = Citrus(["synthesize", "reason", "--questions", questions, "--pathway", "DualExpert", "--expert", $"{address}/v1#scripted", .. run]);
                var (rest, whole) = Citrus(["synthesize", "--questions", questions, "--pathway", "DualExpert", "--expert", $"{address}/v1#scripted", .. run]);
                var stats = http.GetFromJsonAsync<JsonElement>($"{address}/stats").Result;
                var requests = stats.GetProperty("requests").GetInt64();
                var ideal = requests * latency / 1000.0 / inFlight;
                var peer = Peer(address, work, inFlight);
                var json = JsonSerializer.Serialize(
                    new
                    {
                        benchmark = "synthesis",
                        pathway = "DualExpert",
                        questions = count,
                        inFlight,
                        latencyMs = latency,
                        requests,
                        idealSeconds = Math.Round(ideal, 2),
                        seconds = Math.Round(reason, 2),
                        efficiency = Math.Round(ideal / reason, 3),
                        requestsPerSecond = Math.Round(requests / reason, 1),
                        cpuMsPerRequest = Math.Round(1000 * reasoned["cpuSeconds"]!.GetValue<double>() / requests, 3),
                        peakMB = reasoned["peakMB"]!.GetValue<long>(),
                        secondsOfTheOtherStages = Math.Round(rest, 2),
                        examples = whole["kept"]!.GetValue<int>(),
                        peakInFlight = stats.TryGetProperty("peak", out var peak) ? peak.GetInt32() : (int?)null,
                        peer,
                        cores = Environment.ProcessorCount,
                        runtime = Environment.Version.ToString(),
                    },
                    new JsonSerializerOptions { WriteIndented = args.Contains("--indented") });
                Console.WriteLine(json);
            }
            finally
            {
                server.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>The command in a process of its own: how long it took from start to end, and the JSON line it ended with.</summary>
    private static (double Seconds, JsonNode Line) Citrus(IEnumerable<string> arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "citrus.dll"), .. arguments]);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? (clock.Elapsed.TotalSeconds, JsonNode.Parse(output.TrimEnd().Split('\n')[^1])!) : throw new InvalidOperationException(error.Result);
    }

    private static JsonNode? Peer(string address, string work, int inFlight)
    {
        // Calls of each question, in their order, and the body of a typical request.
        var calls = File.ReadLines(Path.Combine(work, "out", "traces.jsonl")).Select(l => JsonNode.Parse(l)!["calls"]!.GetValue<int>());
        File.WriteAllText(Path.Combine(work, "calls.json"), JsonSerializer.Serialize(calls));
        using var peer = Start("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "synthesis_peer.py"), address, Path.Combine(work, "calls.json"), $"{inFlight}"]);
        var error = peer.StandardError.ReadToEndAsync();
        var output = peer.StandardOutput.ReadToEnd();
        peer.WaitForExit();
        if (peer.ExitCode == 0) return JsonNode.Parse(output.TrimEnd().Split('\n')[^1]);
        Console.Error.WriteLine($"The Python peer did not run (needs python3-aiohttp): {error.Result.TrimEnd().Split('\n')[^1]}");
        return null;
    }

    private static Process Server(int latency, string questions, out string address)
    {
        var server = Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Citrus.Research.LoopbackServer.dll"), "--port", "0", "--latency-ms", $"{latency}", "--answers", questions]);
        address = server.StandardOutput.ReadLine()?.Trim() ?? throw new InvalidOperationException(server.StandardError.ReadToEnd());
        return server;
    }

    private static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
