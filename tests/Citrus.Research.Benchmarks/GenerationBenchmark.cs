using System.Diagnostics;
using System.Globalization;
using Citrus.Research.Models;
using Citrus.Research.Questions;

namespace Citrus.Research.Benchmarks;

/// <summary>Tokens per second of greedy writing, one thread: 256 prompts of about 40 tokens, 60 new tokens each.</summary>
internal static class GenerationBenchmark
{
    public static void Run(string[] sizes)
    {
        Torch.EnsureLoaded();
        TorchSharp.torch.set_num_threads(1);
        foreach (var size in sizes)
        {
            using var student = new Decoder(StudentSizes.Get(size, 600), 1);
            var random = new SeededRandom(1);
            var prompts = Enumerable.Range(0, 256).Select(_ => (IReadOnlyList<int>)[.. Enumerable.Range(0, random.Between(30, 50)).Select(_ => random.Next(600))]).ToList();
            foreach (var batch in new[] { 64, 256 })
            {
                Generator.Generate(student, prompts[..64], new GenerationOptions { MaxNewTokens = 5 });
                var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
                var tokens = Generator.Generate(student, prompts, new GenerationOptions { MaxNewTokens = 60, BatchSize = batch }).Sum(g => g.Ids.Length);
                var busy = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"write {size,6} batch {batch,3}  {tokens / clock.Elapsed.TotalSeconds,8:F0} tokens/s  {tokens / busy,8:F0} tokens/CPU-s"));
            }
        }
    }
}
