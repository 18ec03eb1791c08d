using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Models;

namespace Citrus.Research.Benchmarks;

/// <summary>
/// Training of random-weight Qwen2.5 shapes in bfloat16 on one GPU, each case beside Transformers' eager model in the same run (peers/gpu_peer.py), and continuous-batching decode. Every case is a
/// process of its own. <c>--dry-run</c> goes the whole way with a tiny shape on whatever device there is.
/// </summary>
internal static class GpuBenchmark
{
    private static readonly (string Name, double Flops)[] Peaks =
        [("H200", 989e12), ("H100 PCIe", 756e12), ("H100", 989e12), ("A100", 312e12), ("B200", 2250e12), ("L40S", 362e12), ("4090", 165e12), ("A10", 125e12)];

    public static int Run(string[] args)
    {
        string? Of(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        int Whole(string name, int usual) => Of(name) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : usual;
        var dry = args.Contains("--dry-run");
        var torch = Torch.Describe();
        if (!dry && torch.CudaDevices == 0)
        {
            Console.Error.WriteLine("There is no GPU that libtorch can use" + (torch.Problem.Length > 0 ? $" ({torch.Problem})" : "") + "; see `citrus doctor`. To try the benchmark itself with a tiny shape on the CPU: gpu --dry-run.");
            return 1;
        }

        var python = Of("--python") ?? "python3";
        var (tokens, warmup, steps) = (Whole("--tokens", dry ? 64 : 4096), dry ? 1 : 5, Whole("--steps", dry ? 2 : 20));
        var gpu = Gpu.List() is [var first, ..] ? first : null;
        double? peak = Of("--peak-tflops") is { } tflops ? 1e12 * double.Parse(tflops, CultureInfo.InvariantCulture)
            : Peaks.FirstOrDefault(p => gpu?.Name.Contains(p.Name, StringComparison.Ordinal) == true) is { Flops: > 0 } known ? known.Flops : null;
        var cases = new JsonArray();
        foreach (var name in (Of("--cases") ?? (dry ? "tiny-full,tiny-lora" : "0.5B-full,0.5B-lora,1.5B-full,1.5B-lora,7B-lora")).Split(','))
        {
            var (shape, lora) = name.Split('-') is [var s, "full" or "lora"] ? (s, name.EndsWith("lora", StringComparison.Ordinal)) : throw new ArgumentException($"'{name}' is no case; write e.g. 1.5B-full or 7B-lora.");
            var config = GpuShapes.Get(shape);
            var ours = Child("dotnet", [typeof(GpuBenchmark).Assembly.Location, "gpu-case", "train", shape, lora ? "lora" : "full", Text(tokens), Text(warmup), Text(steps)]);
            var theirs = Child(python, [Path.Combine(AppContext.BaseDirectory, "peers", "gpu_peer.py"), PeerCase(config, lora, tokens, warmup, steps, torch.CudaDevices > 0)]);
            foreach (var side in new[] { ours, theirs }) Account(side, config, tokens, peak);
            var row = new JsonObject { ["case"] = name, ["parameters"] = config.Parameters, ["ours"] = ours, ["transformers"] = theirs };
            if (Speed(ours) is { } a && Speed(theirs) is { } b) row["speedup"] = Math.Round(a / b, 3);
            Console.Error.WriteLine(row.ToJsonString());
            cases.Add(row);
        }

        var decode = Child("dotnet", [typeof(GpuBenchmark).Assembly.Location, "gpu-case", "decode", dry ? "tiny" : Of("--decode") ?? "1.5B", dry ? "8" : "256", dry ? "5" : "100", dry ? "20" : "1024"]);
        var result = new JsonObject
        {
            ["benchmark"] = "gpu",
            ["dryRun"] = dry,
            ["accounting"] = $"One step: one sequence of {tokens} random tokens, all learned; forward, backward, clipping at 1 and AdamW. Ours: bfloat16 weights, float32 copies and moments; Transformers: bfloat16 weights "
                + "and moments, fused AdamW, sdpa attention. LoRA: rank 16 on all linear layers of the blocks. No activation checkpointing. Tokens/s from the median step. MFU = 6 N tokens/s / peak, N all parameters with "
                + "a tied embedding once, for LoRA too (which needs about 4 N). Memory: most that nvidia-smi showed in use while the case ran, less what it showed before. Decode: requests with prompt and output lengths "
                + "uniform in the given range, seed 0, all in flight at once, greedy; new tokens over the whole time, prompts included.",
            ["tokens"] = tokens,
            ["gpu"] = gpu is null ? null : new JsonObject { ["name"] = gpu.Name, ["memoryMiB"] = gpu.MemoryMiB, ["driver"] = gpu.Driver, ["peakTflops"] = peak / 1e12 },
            ["versions"] = new JsonObject { ["runtime"] = Environment.Version.ToString(), ["libtorch"] = torch.Version, ["libtorchFrom"] = torch.Source },
            ["training"] = cases,
            ["decode"] = decode,
        };
        BenchmarkFile.Write(result, dry ? Of("--out") : Of("--out") ?? "results/benchmarks/gpu.json");
        return cases.Append(decode).Any(c => (c!["ours"] ?? c)["problem"] is not null) ? 1 : 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double? Speed(JsonObject side) => side["tokensPerSecond"]?.GetValue<double>();

    private static string PeerCase(DecoderConfig c, bool lora, int tokens, int warmup, int steps, bool gpu) => JsonSerializer.Serialize(new
    {
        config = new
        {
            vocab_size = c.VocabularySize,
            hidden_size = c.HiddenSize,
            intermediate_size = c.IntermediateSize,
            num_hidden_layers = c.Layers,
            num_attention_heads = c.Heads,
            num_key_value_heads = c.KeyValueHeads,
            max_position_embeddings = c.MaxPositions,
            rope_theta = c.RopeTheta,
            rms_norm_eps = c.NormEpsilon,
            tie_word_embeddings = c.TiedEmbeddings,
        },
        lora = lora ? new { r = new LoraOptions().Rank, alpha = new LoraOptions().Alpha, targets = LoraOptions.AllTargets } : null,
        tokens,
        warmup,
        steps,
        device = gpu ? "cuda" : "cpu",
    });

    private static void Account(JsonObject side, DecoderConfig config, int tokens, double? peak)
    {
        if (side["secondsPerStep"]?.GetValue<double>() is not { } seconds) return;
        side["tokensPerSecond"] = Math.Round(tokens / seconds, 1);
        side["mfu"] = peak is { } most ? Math.Round(6.0 * config.Parameters * tokens / seconds / most, 4) : null;
    }

    /// <summary>Runs one case: the JSON line that it ended with and the memory that it took, or the problem.</summary>
    private static JsonObject Child(string program, IEnumerable<string> arguments)
    {
        try
        {
            var before = Gpu.List() is [var idle, ..] ? idle.UsedMiB : (long?)null;
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error, most) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), before);
            while (!process.WaitForExit(TimeSpan.FromMilliseconds(200)))
                if (before is not null && Gpu.List() is [var busy, ..]) most = Math.Max(most ?? 0, busy.UsedMiB);
            if (process.ExitCode != 0) return new JsonObject { ["problem"] = error.Result.TrimEnd().Split('\n')[^1] };
            var line = JsonNode.Parse(output.Result.TrimEnd().Split('\n')[^1])!.AsObject();
            line["peakMemoryMiB"] = most - before;
            return line;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new JsonObject { ["problem"] = e.Message };
        }
    }
}
