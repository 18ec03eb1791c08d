using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Citrus.Research.Models;

/// <summary>An NVIDIA GPU of this machine as its driver reports it, whether libtorch can use it or not.</summary>
/// <param name="Name">E.g. <c>NVIDIA H200</c>.</param>
/// <param name="MemoryMiB">All of its memory.</param>
/// <param name="UsedMiB">What all programs together hold of it, libtorch's own store of freed memory included.</param>
/// <param name="Driver">Version of the driver.</param>
public sealed record Gpu(string Name, long MemoryMiB, long UsedMiB, string Driver)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The GPUs that <c>nvidia-smi</c> lists; none where it is not there or does not answer.</summary>
    public static IReadOnlyList<Gpu> List()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=name,memory.total,memory.used,driver_version", "--format=csv,noheader,nounits"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(Patience)) return process.ExitCode == 0 && output.Wait(Patience) ? Parse(output.Result) : [];
            process.Kill();
            return [];
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return [];
        }
    }

    /// <summary>Reads nvidia-smi's lines; one that is not understood is left out.</summary>
    internal static IReadOnlyList<Gpu> Parse(string lines)
    {
        var found = new List<Gpu>();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            if (fields.Length == 4 && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var all)
                && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var used)) found.Add(new Gpu(fields[0], all, used, fields[3]));
        }

        return found;
    }
}
