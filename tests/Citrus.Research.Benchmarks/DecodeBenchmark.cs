using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Benchmarks;

/// <summary>
/// Greedy decoding on the CPU beside llama.cpp (node-llama-cpp): the same random weights in float32 through our own GGUF file, the same threads, the same prompts; batches of 1, 16
/// and 64 sequences in one context. Prompts are read before the clock starts. Both take turns within one run; medians of the rounds are compared. Every number of threads is a
/// comparison of its own, because llama.cpp's threads wait for each other busily and two of them can be slower than one on a small machine; it has flash attention where a trial
/// finds that faster, and a context no longer than the texts.
/// </summary>
internal static class DecodeBenchmark
{
    private const int PromptTokens = 32;

    private static readonly (string Name, DecoderConfig Config)[] Shapes =
    [
        ("25M", StudentSizes.Get("25M", 4096)),
        ("125M", new DecoderConfig
        {
            VocabularySize = 50_304,
            HiddenSize = 768,
            IntermediateSize = 2048,
            Layers = 12,
            Heads = 12,
            KeyValueHeads = 12,
            HeadSize = 64,
            TiedEmbeddings = true,
        }),
    ];

    /// <param name="args"><c>--rounds N</c>, <c>--batches 1,16,64</c>, <c>--steps N</c> (tokens a sequence), <c>--threads N</c> (compared with 1 to N threads), <c>--package DIR</c> (of node-llama-cpp), <c>--out FILE</c>, <c>--alone</c> (without the peer).</param>
    public static void Run(string[] args)
    {
        string Option(string name, string byDefault) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : byDefault;
        var rounds = int.Parse(Option("--rounds", "3"), CultureInfo.InvariantCulture);
        var steps = int.Parse(Option("--steps", "64"), CultureInfo.InvariantCulture);
        var package = Option("--package", Environment.GetEnvironmentVariable("NODE_LLAMA_CPP") ?? "node_modules/node-llama-cpp");
        var threads = int.Parse(Option("--threads", "2"), CultureInfo.InvariantCulture);
        var batches = Option("--batches", "1,16,64").Split(',').Select(b => int.Parse(b, CultureInfo.InvariantCulture)).ToArray();
        var (output, alone) = (Option("--out", ""), args.Contains("--alone"));
        if (!alone && !Directory.Exists(package)) throw new DirectoryNotFoundException($"There is no {package}; install node-llama-cpp 3.22.1 with npm and name its folder with --package, or run with --alone.");
        Torch.EnsureLoaded();
        TorchSharp.torch.set_num_threads(threads);
        var results = new JsonArray();
        foreach (var (name, config) in Shapes)
        {
            using var decoder = new Decoder(config, 1);
            using var peer = alone ? null : Peer.Begin(decoder, package, threads, PromptTokens + steps + 8);
            foreach (var batch in batches)
            {
                var random = SeededRandom.For(1, name, batch);
                var prompts = Enumerable.Range(0, batch).Select(_ => (int[])[.. Enumerable.Range(0, PromptTokens).Select(_ => random.Between(300, config.VocabularySize - 1))]).ToArray();
                for (var count = 1; count <= threads; count++)
                {
                    var row = Compare(decoder, peer, prompts, steps, rounds, count);
                    row.Insert(0, "shape", name);
                    row.Insert(1, "parameters", config.Parameters);
                    results.Add(row);
                    Console.WriteLine(row.ToJsonString());
                }
            }
        }

        var whole = new JsonObject
        {
            ["benchmark"] = "decode",
            ["precision"] = "float32",
            ["promptTokens"] = PromptTokens,
            ["newTokens"] = steps,
            ["rounds"] = rounds,
            ["prefill"] = "excluded: prompts are read before the clock starts",
            ["sampling"] = "greedy",
            ["peer"] = alone ? null : "node-llama-cpp 3.22.1 (llama.cpp, prebuilt, CPU)",
            ["processors"] = Environment.ProcessorCount,
            ["results"] = results,
        };
        BenchmarkFile.Write(whole, output.Length > 0 ? output : null);
    }

    /// <summary>One shape, batch and number of threads: both in turns, the peer with the attention that one trial of each found faster.</summary>
    private static JsonObject Compare(Decoder decoder, Peer? peer, int[][] prompts, int steps, int rounds, int threads)
    {
        TorchSharp.torch.set_num_threads(threads);
        var (batch, ours, theirs, same) = (prompts.Length, new List<double>(), new List<double>(), 0);
        Ours(decoder, threads, prompts, 4);
        var trial = Math.Min(steps, 16);
        var flash = peer is not null && new[] { false, true }.MinBy(f =>
        {
            peer.Decode(prompts, 4, threads, f);
            return peer.Decode(prompts, trial, threads, f).Seconds;
        });
        var busy = TimeSpan.Zero;
        for (var round = 0; round < rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var (mine, tokens) = Ours(decoder, threads, prompts, steps);
            busy += Environment.CpuUsage.TotalTime - before;
            ours.Add(batch * steps / mine);
            if (peer?.Decode(prompts, steps, threads, flash) is not { } other) continue;
            theirs.Add(batch * steps / other.Seconds);
            same = tokens.Zip(other.Tokens, (a, b) => a.SequenceEqual(b)).Count(x => x);
        }

        var row = new JsonObject
        {
            ["batch"] = batch,
            ["threads"] = threads,
            ["oursTokensPerSecond"] = Math.Round(Median(ours), 1),
            ["oursRounds"] = new JsonArray([.. ours.Select(x => (JsonNode)Math.Round(x, 1))]),
            ["oursTokensPerCpuSecondWithPrompts"] = Math.Round(rounds * batch * steps / busy.TotalSeconds, 1),
        };
        if (peer is null) return row;
        row["llamaCppTokensPerSecond"] = Math.Round(Median(theirs), 1);
        row["llamaCppRounds"] = new JsonArray([.. theirs.Select(x => (JsonNode)Math.Round(x, 1))]);
        row["llamaCppFlashAttention"] = flash;
        row["ratio"] = Math.Round(Median(ours) / Median(theirs), 3);
        row["equalTexts"] = same;
        return row;
    }

    /// <summary>Our own seconds for decoding, and what was written.</summary>
    private static (double Seconds, List<int>[] Tokens) Ours(Decoder decoder, int threads, int[][] prompts, int steps)
    {
        using var writer = new CpuWriter(decoder, threads);
        var texts = prompts.Select(_ => writer.Open()).ToArray();
        var next = new int[prompts.Length];
        void Choose(int row, int thread) => next[row] = TensorPrimitives.IndexOfMax(writer.Logits(row));
        writer.Read([.. prompts.Select((p, r) => new WriterInput(texts[r], p, 1))]);
        writer.Predict(0, prompts.Length);
        writer.Share(prompts.Length, Choose);
        var tokens = next.Select(t => new List<int> { t }).ToArray();
        var inputs = prompts.Select((_, r) => new WriterInput(texts[r], next.AsMemory(r, 1), 1)).ToArray();
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < steps; step++)
        {
            writer.Read(inputs);
            writer.Predict(0, prompts.Length);
            writer.Share(prompts.Length, Choose);
            for (var r = 0; r < next.Length; r++) tokens[r].Add(next[r]);
        }

        return (clock.Elapsed.TotalSeconds, tokens);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>llama.cpp in a process of its own, that waits while we run.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly Process _process;
        private readonly string _file;

        private Peer(Process process, string file) => (_process, _file) = (process, file);

        public static Peer Begin(Decoder decoder, string package, int threads, int longest)
        {
            var file = Path.Combine(Path.GetTempPath(), $"citrus-decode-{Guid.NewGuid():n}.gguf");
            Gguf.Write(file, decoder, BpeTrainer.Train(["the cat sat on the mat"]));
            var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "decode_peer.mjs"), file, threads.ToString(CultureInfo.InvariantCulture), longest.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            start.Environment["NODE_LLAMA_CPP"] = Path.GetFullPath(package);
            var peer = new Peer(Process.Start(start)!, file);
            peer.Answer();
            return peer;
        }

        public (double Seconds, List<int[]> Tokens) Decode(int[][] prompts, int steps, int threads, bool flash)
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(new { batch = prompts.Length, steps, threads, flash, prompts }));
            _process.StandardInput.Flush();
            var answer = Answer();
            return ((double)answer["seconds"]!, [.. answer["tokens"]!.AsArray().Select(t => t!.AsArray().Select(x => (int)x!).ToArray())]);
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(10_000)) _process.Kill();
            _process.Dispose();
            File.Delete(_file);
        }

        private JsonNode Answer()
        {
            while (_process.StandardOutput.ReadLine() is { } line)
                if (line.StartsWith('{')) return JsonNode.Parse(line)!;
            throw new InvalidOperationException($"llama.cpp ended with exit code {(_process.WaitForExit(5000) ? _process.ExitCode : -1)}; see its words above.");
        }
    }
}
