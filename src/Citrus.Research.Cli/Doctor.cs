using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Citrus.Research.Clinic;
using Citrus.Research.Figures;
using Citrus.Research.Models;
using Citrus.Research.Pathways;
using TorchSharp;

namespace Citrus.Research.Cli;

/// <summary><c>citrus doctor</c>.</summary>
internal static class Doctor
{
    private const int Side = 512;

    public static Command Create() => Verb.Create("doctor", "Look at this machine: what is there, what is missing, and what to do about it. Fails only where students cannot be trained.",
        "citrus doctor",
        (_, _) =>
        {
            var problems = new List<string>();
            void Ok(string what, string value) => Verb.Say($"  ok    {what,-16} {value}");
            void Mind(string what, string value) => Verb.Say($"  note  {what,-16} {value}");
            void Bad(string what, string value)
            {
                problems.Add($"{what}: {value}");
                Verb.Say($"  BAD   {what,-16} {value}");
            }

            Ok("runtime", RuntimeInformation.FrameworkDescription);
            if (Sdk() is { } sdk) Ok("SDK", sdk);
            else Mind("SDK", "no dotnet on the path; enough to run what is built. To build, install the .NET 10 SDK.");
            Ok("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
            Ok("cores", $"{Environment.ProcessorCount}");
            var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            if (memory >= 2L << 30) Ok("memory", Gigabytes(memory));
            else Mind("memory", $"{Gigabytes(memory)}; students up to 4M want 2 GB. Train one at a time: --workers 1.");

            var torch = Torch.Describe();
            double? speed = null;
            if (!torch.Available)
            {
                Bad("libtorch", torch.Problem);
            }
            else
            {
                Ok("libtorch", $"{torch.Version} from {torch.Source}, device {torch.Device}{(torch.CudaDevices > 0 ? $", {torch.CudaDevices} GPU" : ", no GPU needed")}");
                if (torch.Warning.Length > 0) Mind("libtorch", torch.Warning);
                speed = Speed();
                if (speed >= 5) Ok("matrix product", $"{Inputs.F(speed.Value, 1)} GFLOP/s on one thread ({Side} x {Side}, float32)");
                else Mind("matrix product", $"{Inputs.F(speed.Value, 1)} GFLOP/s on one thread; slow, so expect `reproduce` to take longer than it says. Is something else running?");
            }

            var gpus = Gpu.List();
            foreach (var gpu in gpus)
            {
                var text = $"{gpu.Name}, {Inputs.F(gpu.MemoryMiB / 1024.0, 1)} GiB of memory, {Inputs.F(gpu.UsedMiB / 1024.0, 1)} GiB in use, driver {gpu.Driver}";
                if (torch.CudaDevices > 0 || !torch.Available) Ok("GPU", text);
                else Mind("GPU", $"{text}; this libtorch cannot use it: build with -p:TorchBackend={(OperatingSystem.IsWindows() ? "cuda-windows" : "cuda-linux")}"
                    + $"{(OperatingSystem.IsLinux() ? $", or set {Torch.FolderVariable} to the torch/lib folder of a PyTorch with CUDA" : "")}.");
            }

            Shipped("knowledge", () => $"{KnowledgeReader.Read(KnowledgeFolder.Default).Diseases.Count} diseases in {KnowledgeFolder.Default}");
            Shipped("prompts", () => $"hash {PromptCatalog.Default[PromptSet.English].Hash[..12]} (English)");
            if (StaticExport.FindChromium() is { } browser) Ok("Chromium", browser);
            else Mind("Chromium", $"none found: figures come as HTML and CSV, without PNG and SVG. Install chromium, Chrome or Edge, or set {StaticExport.Variable} to its path.");
            var free = new DriveInfo(Path.GetFullPath(".")).AvailableFreeSpace;
            if (free >= 1L << 30) Ok("free disk", $"{Gigabytes(free)} here");
            else Mind("free disk", $"{Gigabytes(free)} here; a full study wants about 1 GB. Free some, or use --out elsewhere.");
            if (Globalization() is { } odd) Mind("globalization", odd);
            else Ok("globalization", "ICU is there; numbers are written alike in every culture");

            if (problems.Count > 0) throw new PlatformNotSupportedException("Students cannot be trained here. " + string.Join(" ", problems));
            Verb.Say("Everything needed to train is here. Next: citrus reproduce --scale smoke");
            return new VerbResult([], ("runtime", RuntimeInformation.FrameworkDescription), ("system", RuntimeInformation.OSDescription), ("cores", Environment.ProcessorCount),
                ("memoryGB", Math.Round(memory / 1e9, 1)), ("torch", torch.Version), ("torchSource", torch.Source), ("gpus", gpus.Select(g => g.Name).ToArray()), ("device", torch.Device), ("gflops", speed is { } s ? Math.Round(s, 1) : null), ("chromium", StaticExport.FindChromium()),
                ("freeDiskGB", Math.Round(free / 1e9, 1)));

            void Shipped(string what, Func<string> read)
            {
                try
                {
                    Ok(what, read());
                }
                catch (Exception e) when (e is IOException or KnowledgeException or UnauthorizedAccessException)
                {
                    Bad(what, $"{e.Message} Build or install again.");
                }
            }
        });

    private static string Gigabytes(long bytes) => Inputs.F(bytes / 1e9, 1) + " GB";

    private static double Speed()
    {
        var before = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            using var scope = torch.NewDisposeScope();
            var (a, b) = (torch.rand(Side, Side), torch.rand(Side, Side));
            torch.mm(a, b).Dispose();
            var clock = Stopwatch.StartNew();
            var count = 0;
            for (; clock.ElapsedMilliseconds < 300; count++) torch.mm(a, b).Dispose();
            return count * 2.0 * Side * Side * Side / clock.Elapsed.TotalSeconds / 1e9;
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    private static string? Sdk()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 && version.Length > 0 ? version : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What is odd about cultures, or null.</summary>
    private static string? Globalization()
    {
        var own = CultureInfo.CurrentCulture;
        try
        {
            var german = CultureInfo.GetCultureInfo("de-DE");
            if (german.NumberFormat.NumberDecimalSeparator != ",") return "ICU is missing (invariant globalization); everything works, but texts in other languages sort plainly. Install libicu to mend it.";
            CultureInfo.CurrentCulture = german;
            return Inputs.F(1.5, 1) == "1.5" ? null : "numbers depend on the culture; please report this.";
        }
        catch (CultureNotFoundException)
        {
            return "ICU is missing (invariant globalization); everything works, but texts in other languages sort plainly. Install libicu to mend it.";
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }
}
