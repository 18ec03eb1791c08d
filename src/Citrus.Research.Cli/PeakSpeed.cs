using System.Diagnostics;
using TorchSharp;

namespace Citrus.Research.Cli;

/// <summary>What a machine can do at best, for the share of it that a training reaches.</summary>
internal static class PeakSpeed
{
    /// <summary>Floating-point operations a second of a square matrix product in the type and with the threads of the training; the best of some tries.</summary>
    public static double Measure(torch.Device device, torch.ScalarType type, int threads)
    {
        var gpu = device.type != DeviceType.CPU;
        var side = gpu ? 8192 : 768;
        torch.set_num_threads(threads);
        using var scope = torch.NewDisposeScope();
        using var grad = torch.no_grad();
        var (a, b) = (torch.ones([side, side], type, device), torch.ones([side, side], type, device));
        var best = double.MaxValue;
        var whole = Stopwatch.StartNew();
        for (var i = 0; i < 50 && (i < 3 || whole.ElapsedMilliseconds < 250); i++)
        {
            var clock = Stopwatch.StartNew();
            using (var product = torch.mm(a, b)) if (gpu) torch.cuda.synchronize();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return 2.0 * side * side * side / best;
    }
}
