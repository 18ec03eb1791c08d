using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Benchmarks;

/// <summary>
/// A whole training step (batch, forward, backward, AdamW) of small students, one thread, beside the same step in Python PyTorch eager (peers/training_peer.py). Both run in turns within one
/// process tree, a round each, and the median of the rounds counts; processor time is given beside the clock, as it says more where other programs run.
/// </summary>
internal static class TrainingBenchmark
{
    private const int Vocabulary = 600, Batch = 16, Length = 95, Masked = 30;

    public static int Run(string[] args)
    {
        string Of(string name, string usual) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : usual;
        var rounds = int.Parse(Of("--rounds", "7"), CultureInfo.InvariantCulture);
        var seconds = double.Parse(Of("--seconds", "2"), CultureInfo.InvariantCulture);
        Torch.EnsureLoaded();
        torch.set_num_threads(1);
        var (sizes, versions) = (new JsonArray(), new JsonObject());
        foreach (var size in Of("--sizes", "0.4M,1M,4M,10M").Split(',')) sizes.Add(Size(size, Of("--python", "/usr/bin/python3"), rounds, seconds, versions));
        var result = new JsonObject
        {
            ["benchmark"] = "training",
            ["accounting"] = $"One step: {Batch} sequences of {Length} random tokens, {Length - 1} read and {Length - Masked} learned each; forward, backward and AdamW of all weights (decay on matrices); one thread. "
                + "Tokens are those read. Milliseconds are the median of the rounds; ratio is ours / PyTorch's by the clock, cpuRatio by processor time. bf16 rounds factors of inner products, weights stay float32.",
            ["rounds"] = rounds,
            ["versions"] = versions,
            ["cores"] = Environment.ProcessorCount,
            ["cpu"] = Processor(),
            ["sizes"] = sizes,
        };
        versions["runtime"] = Environment.Version.ToString();
        versions["libtorch"] = Torch.Describe().Version;
        BenchmarkFile.Write(result, Of("--out", "results/benchmarks/training.json"));
        return 0;
    }

    private static JsonObject Size(string size, string python, int rounds, double seconds, JsonObject versions)
    {
        var config = StudentSizes.Get(size, Vocabulary);
        using var peer = Peer(config, python);
        var hello = JsonNode.Parse(Line(peer))!;
        (versions["pytorch"], versions["python"]) = (hello["torch"]!.DeepClone(), hello["python"]!.DeepClone());
        versions["pytorchBlas"] = hello["blas"]!.DeepClone();
        var blas = hello["blas"]!.AsArray().Select(b => b!.GetValue<string>()).ToArray(); // none: built in
        if (blas.Length > 0 && !blas.Any(b => b.Contains("openblas", StringComparison.Ordinal) || b.Contains("mkl", StringComparison.Ordinal) || b.Contains("blis", StringComparison.Ordinal)))
            throw new InvalidOperationException("The peer's PyTorch multiplies with the reference BLAS, which no one trains with: install libopenblas0-pthread (Debian).");
        if (hello["parameters"]!.GetValue<long>() != config.Parameters) throw new InvalidOperationException($"{size}: the peer trains {hello["parameters"]} parameters, not {config.Parameters}.");
        using var exact = new Ours(config, ComputePrecision.Float32);
        using var rounded = new Ours(config, ComputePrecision.BFloat16);
        (double Wall, double Cpu) Theirs(int steps)
        {
            peer.StandardInput.WriteLine(steps);
            var said = JsonNode.Parse(Line(peer))!;
            return (said["seconds"]!.GetValue<double>() / steps, said["cpuSeconds"]!.GetValue<double>() / steps);
        }

        Theirs(5);
        rounded.Steps(5);
        exact.Steps(5);
        var steps = Math.Max(3, (int)(seconds / Theirs(3).Wall));
        var (theirs, ours, bf16) = (new List<(double Wall, double Cpu)>(), new List<(double Wall, double Cpu)>(), new List<(double Wall, double Cpu)>());
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(Theirs(steps));
            ours.Add(exact.Steps(steps));
            bf16.Add(rounded.Steps(steps));
        }

        peer.StandardInput.Close();
        peer.WaitForExit();
        static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
        double Wall(List<(double Wall, double Cpu)> of) => Median(of.Select(x => x.Wall));
        double Cpu(List<(double Wall, double Cpu)> of) => Median(of.Select(x => x.Cpu));
        JsonObject Side(List<(double Wall, double Cpu)> of) => new()
        {
            ["msPerStep"] = Math.Round(1000 * Wall(of), 3),
            ["cpuMsPerStep"] = Math.Round(1000 * Cpu(of), 3),
            ["tokensPerSecond"] = Math.Round(Batch * (Length - 1) / Wall(of)),
        };
        var row = new JsonObject
        {
            ["size"] = size,
            ["nonEmbeddingParameters"] = config.NonEmbeddingParameters,
            ["parameters"] = config.Parameters,
            ["stepsPerRound"] = steps,
            ["pytorch"] = Side(theirs),
            ["ours"] = Side(ours),
            ["oursBf16"] = Side(bf16),
            ["ratio"] = Math.Round(Wall(ours) / Wall(theirs), 3),
            ["cpuRatio"] = Math.Round(Cpu(ours) / Cpu(theirs), 3),
            ["bf16Ratio"] = Math.Round(Wall(bf16) / Wall(theirs), 3),
        };
        Console.Error.WriteLine(row.ToJsonString());
        return row;
    }

    private static Process Peer(DecoderConfig c, string python)
    {
        var shape = JsonSerializer.Serialize(new
        {
            vocabulary = c.VocabularySize,
            hidden = c.HiddenSize,
            layers = c.Layers,
            heads = c.Heads,
            keyHeads = c.KeyValueHeads,
            headSize = c.HeadSize,
            inner = c.IntermediateSize,
            batch = Batch,
            length = Length,
            masked = Masked,
        });
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "peers", "training_peer.py"), shape]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var held in new[] { "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE" }) start.Environment.Remove(held); // OpenBLAS may choose its fastest kernels
        foreach (var threads in new[] { "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS" }) start.Environment[threads] = "1"; // PyTorch's own limit does not reach OpenBLAS
        return Process.Start(start)!;
    }

    private static string Line(Process peer) =>
        peer.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peer ended early; it needs Python with PyTorch (Debian: python3-torch; --python names another Python).");

    private static string? Processor() =>
        File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;

    /// <summary>A student in training, as <see cref="Trainer"/> does it, step by step.</summary>
    private sealed class Ours : IDisposable
    {
        private readonly Decoder _decoder;
        private readonly IDecoderEngine _engine;
        private readonly Optimizer _optimizer;
        private readonly SeededRandom _random = new(1);

        public Ours(DecoderConfig config, ComputePrecision precision)
        {
            _decoder = new Decoder(config, 1, device: torch.CPU);
            _engine = _decoder.CreateEngine(precision);
            _optimizer = new Optimizer(_decoder.Trainable, new OptimizerOptions { Muon = false, AdamRate = 1e-3, AdamDecay = 0.1 }, precision);
        }

        public (double Wall, double Cpu) Steps(int count)
        {
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            for (var step = 0; step < count; step++)
            {
                using var scope = torch.NewDisposeScope();
                var batch = TokenBatch.Pack(
                    [.. Enumerable.Range(0, Batch).Select(_ => (Enumerable.Range(0, Length).Select(_ => _random.Next(Vocabulary)).ToArray(), Enumerable.Range(0, Length).Select(i => i < Masked ? 0f : 1f).ToArray()))],
                    Vocabulary, Length);
                var gradients = _engine.Gradients(batch, found =>
                {
                    var slopes = new float[found.Length];
                    Losses.CrossEntropy(found, batch.Weights, slopes);
                    return slopes;
                });
                _optimizer.Step(gradients, 1);
            }

            return (clock.Elapsed.TotalSeconds / count, (Environment.CpuUsage.TotalTime - before).TotalSeconds / count);
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _engine.Dispose();
            _decoder.Dispose();
        }
    }
}
