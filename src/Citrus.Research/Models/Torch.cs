using Citrus.Research.Models.Native;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>The door to libtorch. Every type of this library that calculates calls <see cref="EnsureLoaded"/> by itself.</summary>
/// <remarks>Code that uses TorchSharp directly (a notebook cell) calls it before its first use of <c>torch</c>.</remarks>
public static class Torch
{
    private static readonly Lazy<IReadOnlyList<string>> Libraries = new(NativeTorch.Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Loads libtorch on first call; later calls cost nothing. Safe from any thread.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message says what to do.</exception>
    public static void EnsureLoaded() => _ = Libraries.Value;

    /// <summary>The device that students run on unless told otherwise: the first GPU where there is one, else the CPU.</summary>
    public static torch.Device DefaultDevice
    {
        get
        {
            EnsureLoaded();
            return torch.cuda.is_available() ? torch.CUDA : torch.CPU;
        }
    }

    /// <summary>What is there; never throws.</summary>
    public static TorchDescription Describe()
    {
        try
        {
            EnsureLoaded();
            var gpus = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
            return new TorchDescription(true, torch.__version__, gpus > 0 ? "cuda" : "cpu", gpus, torch.get_num_threads(), Libraries.Value, "");
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or NotSupportedException or InvalidDataException)
        {
            return new TorchDescription(false, "", "", 0, 0, [], (e.InnerException ?? e).Message);
        }
    }
}
