using System.Globalization;
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

    /// <summary>Name of the environment variable that names the <c>torch/lib</c> folder of a PyTorch installation to take libtorch from (Linux).</summary>
    public const string FolderVariable = NativeTorch.FolderVariable;

    /// <summary>Name of the environment variable that chooses the device: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>; without it the first GPU where there is one, else the CPU.</summary>
    public const string DeviceVariable = "CITRUS_DEVICE";

    /// <summary>The device that decoders live on unless told otherwise; see <see cref="DeviceVariable"/>.</summary>
    /// <exception cref="ArgumentException">The variable names a device that is not there.</exception>
    public static torch.Device DefaultDevice
    {
        get
        {
            EnsureLoaded();
            return torch.device(Choose(Environment.GetEnvironmentVariable(DeviceVariable), torch.cuda.is_available() ? torch.cuda.device_count() : 0));
        }
    }

    /// <summary>The device's name in libtorch's terms.</summary>
    /// <param name="wanted">What the user asked for; null or empty leaves the choice to the machine.</param>
    /// <param name="gpus">GPUs there are.</param>
    internal static string Choose(string? wanted, int gpus)
    {
        if (string.IsNullOrEmpty(wanted)) return gpus > 0 ? "cuda:0" : "cpu";
        if (wanted is "cpu") return wanted;
        var number = wanted == "cuda" ? "0" : wanted.StartsWith("cuda:", StringComparison.Ordinal) ? wanted[5..] : "";
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) throw new ArgumentException($"{DeviceVariable} is '{wanted}'; it may be cpu, cuda or cuda:N.");
        return index < gpus ? "cuda:" + number : throw new ArgumentException($"{DeviceVariable} is '{wanted}', but libtorch sees {gpus} GPU{(gpus == 1 ? "" : "s")} here; unset it, or see `citrus doctor`.");
    }

    /// <summary>What is there; never throws.</summary>
    public static TorchDescription Describe()
    {
        try
        {
            EnsureLoaded();
            var gpus = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
            var chosen = NativeTorch.Chosen;
            return new TorchDescription(true, chosen is { Version.Length: > 0 } ? chosen.Version : torch.__version__, DefaultDevice.ToString(), gpus, torch.get_num_threads(), Libraries.Value, "")
            {
                Source = chosen is null ? "package" : $"{NativeTorch.FolderVariable} {chosen.Path}",
                Warning = chosen is null || chosen.Fits ? "" : $"PyTorch {chosen.Version} is another version than TorchSharp was built for ({TorchFolder.Wanted}); it loaded, but what changed between them may fail. "
                    + $"If something does: pip install \"torch=={TorchFolder.Wanted}.*\".",
            };
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or NotSupportedException or InvalidDataException or ArgumentException)
        {
            return new TorchDescription(false, "", "", 0, 0, [], (e is TypeInitializationException { InnerException: { } inner } ? inner : e).Message);
        }
    }
}
