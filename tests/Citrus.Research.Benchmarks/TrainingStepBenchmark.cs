using System.Diagnostics;
using System.Globalization;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Training;

namespace Citrus.Research.Benchmarks;

/// <summary>Tokens per second of a fine-tuning step, one thread, 16 sequences of about 95 tokens of which two thirds are learned.</summary>
internal static class TrainingStepBenchmark
{
    private const int Vocabulary = 600;

    public static void Run(string[] sizes)
    {
        foreach (var (size, precision) in sizes.SelectMany(s => Enum.GetValues<ComputePrecision>().Select(p => (s, p))))
        {
            var config = StudentSizes.Get(size, Vocabulary);
            using var student = new Decoder(config, 1);
            var random = new SeededRandom(1);
            var sequences = Enumerable.Range(0, 400).Select(_ =>
            {
                var length = random.Between(85, 105);
                return new TrainingSequence([.. Enumerable.Range(0, length).Select(_ => random.Next(Vocabulary))], [.. Enumerable.Range(0, length).Select(i => i < 30 ? 0f : 1f)]);
            }).ToList();
            var batches = TrainingBatches.Shuffled(sequences, 16, 1);
            Trainer.Train(student, batches, new TrainingOptions { Steps = 60, Precision = precision });
            var steps = Math.Max(10, (int)(60_000_000 / (config.NonEmbeddingParameters + 100_000)));
            var clock = Stopwatch.StartNew();
            var before = Environment.CpuUsage.TotalTime;
            var summary = Trainer.Train(student, batches, new TrainingOptions { Steps = steps, Precision = precision });
            // Processor time says more than the clock where other programs run.
            var busy = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"train {size,6} {precision} non-embedding {config.NonEmbeddingParameters,9}  {clock.Elapsed.TotalMilliseconds / steps,8:F2} ms/step  {summary.Tokens / summary.Seconds,8:F0} tokens/s  {1000 * busy / steps,8:F2} CPU ms/step  {summary.Tokens / busy,8:F0} tokens/CPU-s"));
        }
    }
}
