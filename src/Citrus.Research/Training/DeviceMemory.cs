using System.Runtime.InteropServices;
using TorchSharp;

namespace Citrus.Research.Training;

/// <summary>Memory in use on a GPU, asked of the CUDA runtime that libtorch has loaded; TorchSharp does not bind it.</summary>
internal static unsafe class DeviceMemory
{
    private static readonly Lazy<nint> Function = new(() =>
    {
        foreach (var name in (string[])["libcudart.so.13", "libcudart.so.12", "libcudart.so", "cudart64_13", "cudart64_12"])
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "cudaMemGetInfo", out var found)) return found;
        return 0;
    });

    /// <summary>Bytes in use on the current GPU, by all processes; null on a CPU or where it cannot be asked.</summary>
    public static long? Used(torch.Device device)
    {
        if (device.type != DeviceType.CUDA || Function.Value == 0) return null;
        nuint free, total;
        return ((delegate* unmanaged<nuint*, nuint*, int>)Function.Value)(&free, &total) == 0 ? (long)(total - free) : null;
    }
}
