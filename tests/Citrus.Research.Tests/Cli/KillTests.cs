using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Cli;

/// <summary>
/// Runs that are killed at random moments. Small here; <c>tests/reliability/kill.sh</c> runs the same with a hundred kills (CITRUS_KILLS).
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int InFlight = 8;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("CITRUS_KILLS") ?? "4", CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-kill").FullName;

    [Fact]
    public void A_run_killed_again_and_again_ends_with_the_traces_of_an_undisturbed_one_and_pays_for_no_reply_twice()
    {
        var questions = Path.Combine(_folder, "questions.jsonl");
        UnifiedQuestions.Write(questions, Pathways.Some.Exam(Math.Max(30, 4 * Kills), Register.Vignette));
        var log = Path.Combine(_folder, "requests.jsonl");
        string[] Command(LoopbackProcess server, string name) =>
            ["synthesize", "--questions", questions, "--pathway", "DualExpert", "--expert", server.Spec, "--concurrency", $"{InFlight}", "--out", Path.Combine(_folder, name)];

        // The address of a server is part of a trace, so both runs talk to one server.
        using var server = new LoopbackProcess("--latency-ms", "30", "--log", log);
        Assert.Equal(0, CitrusProcess.Run(Command(server, "undisturbed")).Exit);
        var first = Hashes(log);
        Assert.Equal(first.Count, first.Distinct().Count());

        var random = new Random(7);
        for (var kill = 0; kill < Kills; kill++)
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "citrus.dll"), .. Command(server, "killed")]) start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit(random.Next(300, 1600));
            process.Kill();
            process.WaitForExit();
        }

        var finished = CitrusProcess.Run(Command(server, "killed"));
        Assert.True(finished.Exit == 0, finished.Error);
        var (whole, mended) = (Traces("undisturbed"), Traces("killed"));
        Assert.Equal(whole.Keys.Order(StringComparer.Ordinal), mended.Keys.Order(StringComparer.Ordinal));
        Assert.All(whole, t => Assert.Equal(t.Value, mended[t.Key]));

        // Both runs ask for the same: what the second asked beyond that was in flight when it was killed.
        var requests = Hashes(log).Skip(first.Count).ToList();
        Assert.Equal(first.Order(StringComparer.Ordinal), requests.Distinct().Order(StringComparer.Ordinal));
        Assert.True(requests.Count - first.Count <= Kills * InFlight, $"{requests.Count - first.Count} requests were repeated in {Kills} kills with {InFlight} in flight.");
        Assert.Equal(File.ReadAllText(Path.Combine(_folder, "undisturbed", "examples.jsonl")), File.ReadAllText(Path.Combine(_folder, "killed", "examples.jsonl")));
    }

    private static List<string> Hashes(string log) => [.. File.ReadLines(log).Select(l => JsonNode.Parse(l)!["hash"]!.GetValue<string>())];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Traces by question, without what a clock measured; a question that is there twice fails.</summary>
    private Dictionary<string, string> Traces(string name) => File.ReadLines(Path.Combine(_folder, name, "traces.jsonl")).Select(line => JsonNode.Parse(line)!).ToDictionary(
        trace => trace["question"]!.GetValue<string>(),
        trace =>
        {
            foreach (var step in trace["steps"]!.AsArray()) step!.AsObject().Remove("latency");
            return trace.ToJsonString();
        });
}
