using System.Diagnostics;
using System.Globalization;
using Citrus.Research.Models;

namespace Citrus.Research.Benchmarks;

internal static class DecodeBenchmark
{
    public static void Run(string[] args)
    {
        Torch.EnsureLoaded();
        TorchSharp.torch.set_num_threads(2);
        foreach (var (name, config) in new[] { ("25M", StudentSizes.Get("25M", 4096)), ("125M", Big) })
        {
            using var decoder = new Decoder(config, 1);
            using var reader = new CpuDecoding(decoder, args.Length > 0 ? 1 : 2);
            foreach (var batch in new[] { 1, 16, 64 })
            {
                var open = Enumerable.Range(0, batch).Select(_ => reader.Open()).ToList();
                var ids = new int[batch][];
                for (var r = 0; r < batch; r++) ids[r] = [.. Enumerable.Range(0, 32).Select(i => (i * 7 + r) % 4096)];
                reader.Read([.. open.Select((o, r) => new CpuInput(o, ids[r], 1))]);
                var next = new int[batch];
                var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
                var steps = batch == 64 ? 32 : 64;
                for (var t = 0; t < steps; t++)
                {
                    reader.Predict(0, batch);
                    reader.Share(batch, (r, _) => next[r] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(reader.Logits(r)));
                    reader.Read([.. open.Select((o, r) => new CpuInput(o, next.AsMemory(r, 1), 1))]);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {config.Parameters / 1e6:F1}M batch {batch} {batch * steps / (Environment.CpuUsage.TotalTime - before).TotalSeconds:F1} tokens/CPU-s {batch * steps / clock.Elapsed.TotalSeconds:F1} tokens/s {config.Parameters * 4.0 * steps / clock.Elapsed.TotalSeconds / 1e9:F2} GB/s {config.Parameters * 2.0 * steps * batch / clock.Elapsed.TotalSeconds / 1e9:F1} GFlops"));
                foreach (var o in open) o.Dispose();
            }
        }
    }

    private static DecoderConfig Big => new()
    {
        VocabularySize = 50_257, HiddenSize = 768, IntermediateSize = 2048, Layers = 12, Heads = 12, KeyValueHeads = 12, HeadSize = 64, TiedEmbeddings = true,
    };
}
