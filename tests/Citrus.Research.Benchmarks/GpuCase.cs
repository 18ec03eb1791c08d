using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Benchmarks;

/// <summary>One case of the gpu benchmark in a process of its own, so that its memory is its own.</summary>
internal static class GpuCase
{
    /// <summary><c>train SHAPE full|lora TOKENS WARMUP STEPS</c> or <c>decode SHAPE REQUESTS SHORTEST LONGEST</c>; prints one JSON line.</summary>
    public static int Run(string[] args)
    {
        Torch.EnsureLoaded();
        int Number(int at) => int.Parse(args[at], CultureInfo.InvariantCulture);
        try
        {
            Console.WriteLine((args[0] == "train" ? Train(args[1], args[2] == "lora", Number(3), Number(4), Number(5)) : Decode(args[1], Number(2), Number(3), Number(4))).ToJsonString());
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or ExternalException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message.ReplaceLineEndings(" "));
            return 1;
        }
    }

    private static JsonObject Train(string shape, bool lora, int tokens, int warmup, int steps)
    {
        using var decoder = Fresh(shape, torch.bfloat16);
        if (lora) decoder.Attach(new LoraOptions(), seed: 1);
        using var engine = decoder.CreateEngine(new EngineOptions());
        using var optimizer = new Optimizer(decoder.Trainable, new OptimizerOptions { Muon = false, AdamRate = 1e-5, AdamBeta2 = 0.95, AdamEpsilon = 1e-8, AdamDecay = 0.1, ClipNorm = 1 });
        var (random, times, loss) = (new SeededRandom(0), new List<double>(), 0.0);
        for (var step = 0; step < warmup + steps; step++)
        {
            int[] ids = [.. Enumerable.Range(0, tokens + 1).Select(_ => random.Next(decoder.Config.VocabularySize))];
            var batch = TokenBatch.Pack([(ids, [.. ids.Select(_ => 1f)])], decoder.Config.VocabularySize, tokens);
            float[] slopes = [.. Enumerable.Repeat(-1f / tokens, tokens)];
            Wait(decoder);
            var clock = Stopwatch.StartNew();
            using (torch.NewDisposeScope())
            {
                var (found, gradients) = engine.Gradients(batch, slopes);
                optimizer.Step(gradients, 1);
                loss = -found.Average(f => (double)f);
            }

            Wait(decoder);
            if (step >= warmup) times.Add(clock.Elapsed.TotalSeconds);
        }

        return new JsonObject
        {
            ["secondsPerStep"] = times.Order().ElementAt(times.Count / 2),
            ["loss"] = loss,
            ["parameters"] = decoder.Config.Parameters,
            ["trained"] = decoder.Trainable.Sum(p => p.Value.numel()),
            ["device"] = decoder.Device.ToString(),
        };
    }

    private static JsonObject Decode(string shape, int requests, int shortest, int longest)
    {
        using var decoder = Fresh(shape, Torch.DefaultDevice.type == DeviceType.CPU ? torch.float32 : torch.bfloat16);
        var random = new SeededRandom(0);
        var lengths = Enumerable.Range(0, requests).Select(_ => (Prompt: random.Between(shortest, longest), Output: random.Between(shortest, longest))).ToArray();
        var prompts = lengths.Select(l => (IReadOnlyList<int>)[.. Enumerable.Range(0, l.Prompt).Select(_ => random.Next(decoder.Config.VocabularySize))]).ToArray();
        var options = new GenerationOptions { MaxNewTokens = longest, BatchSize = requests };
        Generator.Generate(decoder, prompts[..Math.Min(4, requests)], options with { MaxNewTokens = 8 });
        var clock = Stopwatch.StartNew();
        var answers = Generator.Generate(decoder, prompts, options, [.. lengths.Select(l => new Until(l.Output))], null, default, null);
        var seconds = clock.Elapsed.TotalSeconds;
        return new JsonObject
        {
            ["seconds"] = seconds,
            ["promptTokens"] = lengths.Sum(l => l.Prompt),
            ["newTokens"] = answers.Sum(a => a.Ids.Length),
            ["newTokensPerSecond"] = Math.Round(answers.Sum(a => a.Ids.Length) / seconds, 1),
            ["tokensPerSecond"] = Math.Round((answers.Sum(a => a.Ids.Length) + lengths.Sum(l => l.Prompt)) / seconds, 1),
            ["requestsPerSecond"] = Math.Round(requests / seconds, 3),
            ["device"] = decoder.Device.ToString(),
        };
    }

    private static Decoder Fresh(string shape, torch.ScalarType type)
    {
        torch.manual_seed(0);
        return Decoder.Create(GpuShapes.Get(shape), (name, view) =>
        {
            if (name.EndsWith("norm.weight", StringComparison.Ordinal)) view.fill_(1);
            else view.normal_(0, 0.02);
        }, type: type);
    }

    private static void Wait(Decoder decoder)
    {
        if (decoder.Device.type == DeviceType.CUDA) torch.cuda.synchronize();
    }

    /// <summary>Ends an answer at its own length.</summary>
    private sealed class Until(int tokens) : IAnswerWatcher
    {
        private int _seen;

        public bool See(int id, float logProbability, bool forced) => ++_seen < tokens;

        public IReadOnlyList<int> Forced() => [];
    }
}
