using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Citrus.Research.Models;
using TorchSharp;

namespace Citrus.Research.Benchmarks;

/// <summary>Loading a checkpoint of about 1 GB beside a plain sequential read of the same file into memory, in turns, from the page cache and from the disk.</summary>
/// <remarks>
/// The plain read goes into a fresh buffer of the file's size, as a load does: reading into a small buffer again and again measures the copy out of the page cache
/// without the memory that a model needs. That figure is reported too.
/// </remarks>
internal static partial class LoadBenchmark
{
    private static readonly DecoderConfig Shape = new()
    {
        Architecture = DecoderArchitecture.Qwen2,
        VocabularySize = 32_000,
        HiddenSize = 1024,
        IntermediateSize = 4096,
        Layers = 12,
        Heads = 16,
        KeyValueHeads = 4,
        HeadSize = 64,
        MaxPositions = 4096,
    };

    public static void Run(string[] options)
    {
        Torch.EnsureLoaded();
        var output = options is ["--out", var path, ..] ? path : "results/benchmarks/load.json";
        var folder = Directory.CreateTempSubdirectory("citrus-load-").FullName;
        try
        {
            using (var decoder = Decoder.Create(Shape, (_, view) => view.fill_(0.01), torch.CPU)) Checkpoint.Save(decoder, folder, 1, 0);
            var file = Path.Combine(folder, Checkpoint.WeightsFile);
            var bytes = new FileInfo(file).Length;
            var result = new JsonObject { ["benchmark"] = "load", ["bytes"] = bytes, ["weights"] = "float32", ["processors"] = Environment.ProcessorCount };
            foreach (var cold in new[] { false, true })
            {
                var (plain, reused, load) = (new List<double>(), new List<double>(), new List<double>());
                for (var turn = 0; turn < 5; turn++)
                {
                    plain.Add(Timed(cold, file, () => ReadWhole(file)));
                    load.Add(Timed(cold, file, () => Checkpoint.Load(folder, torch.CPU).Dispose()));
                    reused.Add(Timed(cold, file, () => ReadInPieces(file)));
                }

                double Rate(List<double> seconds) => Math.Round(bytes / seconds.Min() / 1e9, 3);
                result[cold ? "cold" : "warm"] = new JsonObject
                {
                    ["state"] = cold ? "pages dropped from the page cache before every read (posix_fadvise)" : "file in the page cache",
                    ["plainReadGBPerSecond"] = Rate(plain),
                    ["loadGBPerSecond"] = Rate(load),
                    ["loadOfPlainRead"] = Math.Round(plain.Min() / load.Min(), 3),
                    ["readIntoSmallBufferGBPerSecond"] = Rate(reused),
                    ["of"] = "best of 5, in turns",
                };
            }

            // In a process of its own, whose memory has not been grown by what came before.
            result["peakMemoryBeyondTheModelMB"] = Peak(folder, "float32", bytes);
            result["peakMemoryBeyondTheModelConvertingToBFloat16MB"] = Peak(folder, "bfloat16", bytes / 2.0);
            BenchmarkFile.Write(result, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Loads in this process and prints by how many bytes resident memory grew at its highest.</summary>
    public static void Grow(string folder, string type)
    {
        Torch.EnsureLoaded();
        using (torch.ones(1000, torch.ScalarType.Float32).sum()) GC.Collect();
        var before = Resident("VmRSS");
        using (Checkpoint.Load(folder, torch.CPU, type == "bfloat16" ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32)) Console.WriteLine(Resident("VmHWM") - before);
    }

    private static double? Peak(string folder, string type, double model)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(LoadBenchmark).Assembly.Location, "load-peak", folder, type]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.TryParse(line, System.Globalization.CultureInfo.InvariantCulture, out var grown) ? Math.Round((grown - model) / 1e6, 1) : null;
    }

    private static double Timed(bool cold, string file, Action run)
    {
        if (cold) Drop(file);
        GC.Collect();
        var clock = Stopwatch.StartNew();
        run();
        return clock.Elapsed.TotalSeconds;
    }

    private static unsafe void ReadWhole(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var all = (byte*)NativeMemory.Alloc((nuint)stream.Length);
        for (long at = 0; at < stream.Length;) at += stream.Read(new Span<byte>(all + at, (int)Math.Min(1 << 25, stream.Length - at)));
        NativeMemory.Free(all);
    }

    private static void ReadInPieces(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var piece = new byte[1 << 20];
        while (stream.Read(piece) > 0)
        {
        }
    }

    /// <summary>Bytes of a line of /proc/self/status; null elsewhere than on Linux.</summary>
    private static long? Resident(string field) =>
        !OperatingSystem.IsLinux() ? null : 1024 * long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);

    private static void Drop(string file)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var stream = File.OpenRead(file);
        _ = Advise(stream.SafeFileHandle.DangerousGetHandle().ToInt32(), 0, 0, 4);
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
